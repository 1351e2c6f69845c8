// A ticket and what took its place: whoever holds several of them has one right, that of the first. Internal to
// sync/ledger.
#pragma once

#include <optional>
#include <vector>

#include "sync/ledger/fold.hpp"

namespace gatehouse::ledger {

struct Relative {
    TicketId ticket;
    std::uint16_t persons = 0;
    // It took the place of what was left of an entry: that of this date, whenever it is used.
    std::optional<Date> entry;
};

struct TicketFamily {
    std::optional<TicketRight> right;  // of the first; nothing when what made it is not held
    std::vector<Relative> members;     // the first, and what took its place, however often
};

// The family of `ticket`, the same by whichever of its members it is asked for. It begins where what made a ticket is
// held; a ticket of a sale that is not held is alone. Records that replace each other in a circle, which no node
// writes, begin with the smallest id.
[[nodiscard]] TicketFamily family_of(Fold& fold, const TicketId& ticket);

// Whether the record `sold` gave a ticket out for another one.
[[nodiscard]] bool is_reissue(Fold& fold, RecordRef sold);

}  // namespace gatehouse::ledger
