#include "schemas/base/result.hpp"

#include <utility>

namespace gatehouse {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_body: return "invalid_body";
        case ErrorCode::truncated: return "truncated";
        case ErrorCode::too_large: return "too_large";
        case ErrorCode::bad_signature: return "bad_signature";
        case ErrorCode::unauthenticated: return "unauthenticated";
        case ErrorCode::forbidden: return "forbidden";
        case ErrorCode::locked_out: return "locked_out";
        case ErrorCode::not_found: return "not_found";
        case ErrorCode::id_reused: return "id_reused";
        case ErrorCode::no_units_left: return "no_units_left";
        case ErrorCode::shift_closed: return "shift_closed";
        case ErrorCode::tender_short: return "tender_short";
        case ErrorCode::unverified_limit: return "unverified_limit";
        case ErrorCode::sale_unknown: return "sale_unknown";
        case ErrorCode::already_refunded: return "already_refunded";
        case ErrorCode::ticket_used: return "ticket_used";
        case ErrorCode::not_the_seller: return "not_the_seller";
        case ErrorCode::version_conflict: return "version_conflict";
        case ErrorCode::storage_unavailable: return "storage_unavailable";
        case ErrorCode::chain_broken: return "chain_broken";
        case ErrorCode::journal_fork: return "journal_fork";
        case ErrorCode::schema_newer: return "schema_newer";
        case ErrorCode::unavailable: return "unavailable";
        case ErrorCode::io: return "io";
        case ErrorCode::config: return "config";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

Error fail(ErrorCode code, std::string detail) { return Error{code, std::move(detail), 0, Why::none, {}}; }

Error fail(ErrorCode code, Why why, std::string_view text, std::initializer_list<NamedValue> with) {
    return Error{code, filled(text, {with.begin(), with.size()}), 0, why, with};
}

Error fail_at(std::string_view path, Why why, std::string_view text, std::initializer_list<NamedValue> with) {
    Error error = fail(ErrorCode::invalid_body, why, text, with);
    error.detail.insert(0, std::string{path} + ": ");
    return error;
}

}  // namespace gatehouse
