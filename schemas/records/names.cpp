#include "schemas/records/admission.hpp"
#include "schemas/records/header.hpp"

namespace gatehouse {

std::string_view to_string(Kind kind) {
    switch (kind) {
        case Kind::epoch_opened: return "epoch_opened";
        case Kind::node_started: return "node_started";
        case Kind::clock_corrected: return "clock_corrected";
        case Kind::config_applied: return "config_applied";
        case Kind::device_changed: return "device_changed";
        case Kind::storage_closed: return "storage_closed";
        case Kind::login_attempted: return "login_attempted";
        case Kind::login_succeeded: return "login_succeeded";
        case Kind::shift_opened: return "shift_opened";
        case Kind::cash_moved: return "cash_moved";
        case Kind::shift_closed: return "shift_closed";
        case Kind::sale: return "sale";
        case Kind::refund: return "refund";
        case Kind::reprint: return "reprint";
        case Kind::reissue: return "reissue";
        case Kind::print_resolved: return "print_resolved";
        case Kind::verdict: return "verdict";
        case Kind::passage: return "passage";
        case Kind::lane_mode_set: return "lane_mode_set";
        case Kind::emergency_set: return "emergency_set";
        case Kind::lane_counted: return "lane_counted";
        case Kind::scan_joined: return "scan_joined";
        case Kind::let_through_ordered: return "let_through_ordered";
        case Kind::lease_received: return "lease_received";
        case Kind::resync_ordered: return "resync_ordered";
        case Kind::device_ordered: return "device_ordered";
        case Kind::catalogue_published: return "catalogue_published";
        case Kind::node_enrolled: return "node_enrolled";
        case Kind::node_revoked: return "node_revoked";
        case Kind::ticket_revoked: return "ticket_revoked";
        case Kind::lease_granted: return "lease_granted";
        case Kind::order_imported: return "order_imported";
        case Kind::conflict_resolved: return "conflict_resolved";
        case Kind::enrolment_token_issued: return "enrolment_token_issued";
        case Kind::central_login: return "central_login";
        case Kind::resync_requested: return "resync_requested";
        case Kind::tender_settled: return "tender_settled";
        case Kind::lease_ordered: return "lease_ordered";
    }
    return "unknown";
}

std::string_view to_string(Reason reason) {
    switch (reason) {
        case Reason::none: return "none";
        case Reason::unknown: return "unknown";
        case Reason::bad_signature: return "bad_signature";
        case Reason::revoked_key: return "revoked_key";
        case Reason::revoked: return "revoked";
        case Reason::refunded: return "refunded";
        case Reason::blocked: return "blocked";
        case Reason::already_used: return "already_used";
        case Reason::not_yet_valid: return "not_yet_valid";
        case Reason::expired: return "expired";
        case Reason::wrong_session: return "wrong_session";
        case Reason::wrong_zone: return "wrong_zone";
        case Reason::wrong_direction: return "wrong_direction";
        case Reason::no_entries_left: return "no_entries_left";
        case Reason::lane_closed: return "lane_closed";
        case Reason::policy_isolated: return "policy_isolated";
        case Reason::storage_unavailable: return "storage_unavailable";
    }
    return "unknown";
}

std::string_view to_string(Note note) {
    switch (note) {
        case Note::check_id: return "check_id";
        case Note::concession: return "concession";
        case Note::group: return "group";
        case Note::unconfirmed: return "unconfirmed";
        case Note::clock_suspect: return "clock_suspect";
    }
    return "unknown";
}

}  // namespace gatehouse
