#include "schemas/config/start.hpp"

namespace gatehouse {

namespace {

FaultText why(ErrorCode code, FaultText nothing_there) {
    switch (code) {
        case ErrorCode::not_found: return nothing_there;
        case ErrorCode::forbidden: return FaultText::start_venue_exists;
        case ErrorCode::config: return FaultText::start_wrong_config;
        case ErrorCode::unavailable: return FaultText::start_busy;
        case ErrorCode::io:
        case ErrorCode::storage_unavailable: return FaultText::start_io;
        case ErrorCode::schema_newer: return FaultText::start_newer;
        case ErrorCode::truncated:
        case ErrorCode::bad_signature:
        case ErrorCode::chain_broken:
        case ErrorCode::journal_fork: return FaultText::start_damaged;
        case ErrorCode::invalid_body:
        case ErrorCode::too_large:
        case ErrorCode::unauthenticated:
        case ErrorCode::locked_out:
        case ErrorCode::id_reused:
        case ErrorCode::no_units_left:
        case ErrorCode::shift_closed:
        case ErrorCode::tender_short:
        case ErrorCode::unverified_limit:
        case ErrorCode::sale_unknown:
        case ErrorCode::already_refunded:
        case ErrorCode::ticket_used:
        case ErrorCode::not_the_seller:
        case ErrorCode::version_conflict:
        case ErrorCode::internal: return FaultText::start_failed;
    }
    return FaultText::start_failed;
}

}  // namespace

std::string told_at_start(std::string_view program, const Error& error, FaultText nothing_there, Language language) {
    const auto sentence = said({why(error.code, nothing_there), {}}, language);
    return std::string{program} + ": " + with_remark(sentence, error.detail, language);
}

}  // namespace gatehouse
