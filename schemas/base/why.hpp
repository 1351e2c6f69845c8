// Why something was refused, where the code alone does not say it.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse {

// Stable words: `reason` of problem+json and of an import's rows. Pages and the command say them in their language:
// `fault_WORD` of schemas/words/why_words.cpp is why a value is not taken (invalid_body), `refused_WORD` what another
// code leaves open. Order is not on disk. In braces what a word names: `reason_values`.
enum class Why : std::uint8_t {
    none,  // the code says it all, or the detail is for technicians
    missing,
    too_long,
    twice,
    name,            // not of the letters that names have
    octets,          // {most}
    printable,       // {most}
    both_languages,  // {most}
    count,           // {least} {most}, of elements
    between,         // {least} {most}
    whole,           // not a whole number
    unknown,         // named, and not there
    order,           // before what it must follow
    date,            // not a date or time
    range,
    pin,
    form,    // of another type than the field has
    ticket,  // not a ticket's id
    no_sessions,
    needs_session,
    over,
    not_on_sale,
    no_range,
    large,    // to be confirmed, {least}
    no_code,  // no ticket's code can carry it
    no_administrator,
    granted,        // {session}
    granted_units,  // {units}
    currency,       // {currency} is the venue's
    open_shift,     // {operator} has it
    no_printer,
    card_number,
    other_way,
    too_much,
    order_has_it,
    rest_unread,
    fields,        // {count}
    column,        // {column}
    node_name,     // {name} is taken
    node_revoked,  // {name}
    seller_revoked,
    ticket_revoked,   // {ticket}
    ticket_replaced,  // {ticket}
    not_administrator,
    units_left,  // {units}
    large_catalogue,
    entry_open,  // {ticket}, whose entry that is open has room for {persons} more
    roles,       // {roles} may, "attendant, supervisor"; an administrator always
    // of a connection over TLS, each {where}
    untrusted,
    other_central,
    not_tls,
    tls_wanted,
    tls_refused,
};
constexpr unsigned enum_count(Why) { return 53; }
[[nodiscard]] std::string_view to_string(Why why);

}  // namespace gatehouse
