// Entries x persons, counted from the uses that this node knows. The first person opens an entry; it stays open for
// its remaining persons until the business date ends. A person who was abandoned gives the place back; an unknown one
// counts as used.
#pragma once

#include <cstdint>
#include <optional>

#include "schemas/ticket/payload.hpp"
#include "sync/ledger/facts.hpp"

namespace gatehouse::edge {

struct Allowance {
    std::uint32_t entry_rest = 0;       // places left in the entry that is open today; 0 when none is
    std::uint32_t entries_left = 0;     // entries not opened yet
    std::uint32_t companions_used = 0;  // today
    std::uint32_t entries_today = 0;    // opened today
    // Persons who left today and have not come back, at most as many as today's entries are for.
    std::uint32_t outside = 0;
    // Persons who came in today, or may have, and do not leave; who left unseen on another date is not among them.
    std::uint32_t inside = 0;
    // Persons whose leaving gives them the right to return: those inside; where nobody was seen to come in today, one
    // entry's.
    std::uint32_t may_leave = 0;
    std::optional<RecordRef> first;  // the earliest admission that still counts

    // Places that can be given out now.
    [[nodiscard]] std::uint64_t places(const TicketPayload& payload) const {
        return entry_rest + std::uint64_t{entries_left} * payload.persons;
    }
};

// Ties of `first` break by record. Uses in all zones count alike: a ticket has one set of entries.
[[nodiscard]] Allowance allowance_of(const TicketPayload& payload, const ledger::TicketFacts& facts, Date today);

}  // namespace gatehouse::edge
