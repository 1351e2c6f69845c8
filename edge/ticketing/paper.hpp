// What stands on a ticket's paper, in both languages.
#pragma once

#include <optional>
#include <string>

#include "drivers/printer/ticket_paper.hpp"
#include "schemas/calendar/calendar.hpp"
#include "schemas/catalogue/catalogue.hpp"
#include "schemas/records/selling.hpp"
#include "schemas/ticket/payload.hpp"

namespace gatehouse::edge {

struct PaperContext {
    const Catalogue& catalogue;
    const VenueCalendar& calendar;
    std::string venue_name;
    WallTime sold;
    WindowName window;
    std::optional<Minor> price;  // absent on a reissued ticket
    std::optional<Concession> concession;
    std::uint16_t copy = 0;  // of a reprint: printed large on top
    bool reissued = false;
};

// `code` becomes the QR. Names that the catalogue no longer has are printed by their id.
[[nodiscard]] drivers::TicketPaper paper_of(const TicketPayload& ticket, const std::string& code,
                                            const PaperContext& context);

// What is printed to see whether `printer` prints: no ticket, and its QR none either. `time` is as people read it,
// ASCII.
[[nodiscard]] drivers::TicketPaper test_paper(const std::string& venue_name, const DeviceName& printer,
                                              const std::string& time);

}  // namespace gatehouse::edge
