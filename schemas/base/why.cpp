#include "schemas/base/why.hpp"

namespace gatehouse {

std::string_view to_string(Why why) {
    switch (why) {
        case Why::none: return "none";
        case Why::missing: return "missing";
        case Why::too_long: return "too_long";
        case Why::twice: return "twice";
        case Why::name: return "name";
        case Why::octets: return "octets";
        case Why::printable: return "printable";
        case Why::both_languages: return "both_languages";
        case Why::count: return "count";
        case Why::between: return "between";
        case Why::whole: return "whole";
        case Why::unknown: return "unknown";
        case Why::order: return "order";
        case Why::date: return "date";
        case Why::range: return "range";
        case Why::pin: return "pin";
        case Why::form: return "form";
        case Why::ticket: return "ticket";
        case Why::no_sessions: return "no_sessions";
        case Why::needs_session: return "needs_session";
        case Why::over: return "over";
        case Why::not_on_sale: return "not_on_sale";
        case Why::no_range: return "no_range";
        case Why::large: return "large";
        case Why::no_code: return "no_code";
        case Why::no_administrator: return "no_administrator";
        case Why::granted: return "granted";
        case Why::granted_units: return "granted_units";
        case Why::currency: return "currency";
        case Why::open_shift: return "open_shift";
        case Why::no_printer: return "no_printer";
        case Why::card_number: return "card_number";
        case Why::other_way: return "other_way";
        case Why::too_much: return "too_much";
        case Why::order_has_it: return "order_has_it";
        case Why::rest_unread: return "rest_unread";
        case Why::fields: return "fields";
        case Why::column: return "column";
        case Why::node_name: return "node_name";
        case Why::node_revoked: return "node_revoked";
        case Why::seller_revoked: return "seller_revoked";
        case Why::ticket_revoked: return "ticket_revoked";
        case Why::ticket_replaced: return "ticket_replaced";
        case Why::not_administrator: return "not_administrator";
        case Why::units_left: return "units_left";
        case Why::large_catalogue: return "large_catalogue";
        case Why::entry_open: return "entry_open";
        case Why::roles: return "roles";
        case Why::untrusted: return "untrusted";
        case Why::other_central: return "other_central";
        case Why::not_tls: return "not_tls";
        case Why::tls_wanted: return "tls_wanted";
        case Why::tls_refused: return "tls_refused";
    }
    return "none";
}

}  // namespace gatehouse
