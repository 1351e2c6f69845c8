#include "schemas/config/start.hpp"

#include <sysexits.h>

namespace gatehouse {

namespace {

struct Ending {
    FaultText why;
    int exit;
};

Ending ending_of(ErrorCode code, FaultText nothing_there) {
    switch (code) {
        case ErrorCode::not_found: return {nothing_there, EX_CONFIG};
        case ErrorCode::forbidden: return {FaultText::start_venue_exists, EX_NOPERM};
        case ErrorCode::config: return {FaultText::start_wrong_config, EX_CONFIG};
        case ErrorCode::unavailable: return {FaultText::start_busy, EX_TEMPFAIL};
        case ErrorCode::io:
        case ErrorCode::storage_unavailable: return {FaultText::start_io, EX_IOERR};
        case ErrorCode::schema_newer: return {FaultText::start_newer, EX_CONFIG};
        case ErrorCode::truncated:
        case ErrorCode::bad_signature:
        case ErrorCode::chain_broken:
        case ErrorCode::journal_fork: return {FaultText::start_damaged, EX_IOERR};
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
        case ErrorCode::internal: break;
    }
    return {FaultText::start_failed, EX_SOFTWARE};
}

}  // namespace

std::string told_at_start(std::string_view program, const Error& error, FaultText nothing_there, Language language) {
    const auto sentence = said({ending_of(error.code, nothing_there).why, {}}, language);
    return std::string{program} + ": " + with_remark(sentence, error.detail, language);
}

int exit_at_start(ErrorCode code) { return ending_of(code, FaultText::start_failed).exit; }

}  // namespace gatehouse
