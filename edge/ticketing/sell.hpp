// From what a clerk typed to the sale's record: prices, persons, sessions, tenders, tickets.
#pragma once

#include <map>
#include <optional>

#include "edge/desk/commands.hpp"
#include "schemas/calendar/calendar.hpp"
#include "schemas/catalogue/catalogue.hpp"

namespace gatehouse::edge {

// What a sale is judged by. Referenced things outlive the call.
struct SaleContext {
    const Catalogue& catalogue;
    const VenueCalendar& calendar;
    Date today;
    WallTime now;
    bool clock_suspect = false;
    RecordRef next;   // what the sale's record will be: its tickets carry it
    RecordRef shift;  // open at the window, by the clerk
    std::optional<DeviceName> printer;
    const std::map<SessionId, std::uint32_t>& units_left;  // of the leased units; absent: none
    Minor unverified_open;
};

// The record to append. Errors: invalid_body (with the field's path), no_units_left (with what is left), tender_short,
// unverified_limit, too_large.
[[nodiscard]] Result<Sale> plan_sale(const Sell& command, const SaleContext& context);

// SHA-256 of the command's canonical form, without its id: tells a repeated command from another one.
[[nodiscard]] Hash request_of(const Sell& command);

}  // namespace gatehouse::edge
