// A gate and a ticket before it. Used by the tests of admission.
#pragma once

#include <doctest/doctest.h>

#include "edge/admission/allowance.hpp"
#include "edge/admission/judge.hpp"

namespace gatehouse::test {

using namespace gatehouse::edge;

inline constexpr Date today{20'000};
inline constexpr WallTime noon{20'000LL * 86'400'000 + 12 * 3'600'000LL};

inline TicketPayload ticket_for(std::uint16_t persons, std::uint16_t entries = 1) {
    TicketPayload ticket;
    ticket.id = {{NodeId{7}, Epoch{1}, Seq{100}}, 1};
    ticket.product = ProductId{"adult"};
    ticket.persons = persons;
    ticket.entries = entries;
    ticket.valid_from = ticket.valid_to = today;
    ticket.zones = {ZoneId{"park"}};
    return ticket;
}

// A gate, a ticket and what is known about it; each test changes what it is about.
struct Scene {
    TicketPayload ticket = ticket_for(1);
    Standing standing = Standing::good;
    ledger::TicketFacts facts;
    ScanQuestion question;
    LaneFacts lane{ZoneId{"park"}, std::nullopt, LaneMode::normal, false, true};
    VenueFacts venue{today, noon, false, today, 30, false, IsolatedPolicy::admit};
    std::uint64_t seq = 1;

    Judgement judge() const {
        Presented presented{standing, ticket};
        if (standing == Standing::unknown) presented.payload.reset();
        return edge::judge(question, presented, facts, lane, venue);
    }
    Reason reason() const { return judge().reason; }

    ledger::Use& used(std::uint16_t persons, Confirmation how = Confirmation::at_once,
                      Direction direction = Direction::entry, Date date = today) {
        ledger::Use use;
        use.verdict = {NodeId{3}, Epoch{1}, Seq{seq++}};
        use.persons = persons;
        use.direction = direction;
        use.confirmation = how;
        use.business_date = date;
        use.at = WallTime{noon.value + static_cast<std::int64_t>(seq)};
        return facts.uses[use.verdict] = use;
    }
    void ended(ledger::Use& use, PassageOutcome outcome, std::uint16_t persons) {
        const RecordRef ref{NodeId{3}, Epoch{1}, Seq{seq++}};
        use.passages[ref] = Passage{use.verdict, outcome, Evidence::device, persons, 0};
    }
};

}  // namespace gatehouse::test
