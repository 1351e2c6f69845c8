// A ticket and what took its place have one right between them.
#include <doctest/doctest.h>

#include <algorithm>

#include "schemas/ticket/ticket_code.hpp"
#include "tests/support/conflict_venue.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

// Another ticket for `replaced`, with what its maker believes to be left of it.
TicketId reissue(Chain& chain, const TicketId& replaced, std::uint16_t persons = 1, std::uint16_t entries = 1) {
    TicketPayload payload;
    payload.id = {chain.next(), 1};
    payload.product = ProductId{"adult"};
    payload.persons = persons;
    payload.entries = entries;
    payload.zones = {ZoneId{"park"}};
    chain.add(Reissue{ClientId{}, replaced, encode_payload(payload).value(), "lost", std::nullopt});
    return payload.id;
}

// What is found when the journals come in every order, which has to be the same.
std::vector<Conflict> found_in_any_order(const VenueChains& venue) {
    std::vector<const Chain*> order{&venue.central, &venue.booth, &venue.gate_a, &venue.gate_b};
    std::ranges::sort(order);
    std::optional<Hash> state;
    std::vector<Conflict> found;
    do {
        MemoryLedger at;
        for (const auto* chain : order) store(*at.ledger, chain->records);
        if (state) REQUIRE(at.state() == *state);
        state = at.state();
        auto reader = at.reader();
        found = Reports{reader, at.ledger->venue()}.conflicts(true);
    } while (std::ranges::next_permutation(order).found);
    return found;
}

}  // namespace

TEST_CASE("a ticket that was used unheard before another took its place is admitted twice when that is used") {
    VenueChains venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto first = venue.gate_a.admit(ticket);
    venue.booth.now.wall.value += 1'800'000;
    venue.gate_b.now.wall.value += 3'600'000;
    const auto second = venue.gate_b.admit(reissue(venue.booth, ticket));
    const auto found = found_in_any_order(venue);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "duplicate_admission-" + to_string(ticket));
    CHECK(found[0].facts == ConflictFacts{PersonsBeyond{ticket, 1, first}});
    CHECK(found[0].evidence == std::vector<RecordRef>{second});
    CHECK(found[0].money == Minor{6000});
}

TEST_CASE("a ticket that was refunded where nobody knew that another took its place is admitted after it") {
    VenueChains venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto refunded = venue.booth.refund(ticket);
    const auto used = venue.gate_b.admit(reissue(venue.gate_a, reissue(venue.gate_a, ticket)));
    const auto found = found_in_any_order(venue);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "admitted_after_refund-" + to_string(ticket));
    CHECK(found[0].evidence == std::vector<RecordRef>{refunded, used});
    CHECK(found[0].money == Minor{6000});
}

TEST_CASE("a ticket whose place two others took, both of which are used, is admitted twice") {
    VenueChains venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto first = venue.gate_a.admit(reissue(venue.booth, ticket));
    const auto second = venue.gate_b.admit(reissue(venue.gate_a, ticket));
    const auto found = found_in_any_order(venue);
    REQUIRE(found.size() == 1);
    CHECK(found[0].facts == ConflictFacts{PersonsBeyond{ticket, 1, first}});
    CHECK(found[0].evidence == std::vector<RecordRef>{second});
}

TEST_CASE("what took a ticket's place has its price when it is revoked") {
    VenueChains venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto fresh = reissue(venue.booth, ticket);
    venue.central.add(TicketRevoked{fresh, "stolen"});
    venue.gate_a.now.wall.value += 120'000;
    venue.gate_a.admit(fresh);
    const auto found = found_in_any_order(venue);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "admitted_after_revocation-" + to_string(fresh));
    CHECK(found[0].money == Minor{6000});
}

TEST_CASE("what was left of a ticket and is used on the one that took its place is no conflict") {
    VenueChains venue;
    const auto on = [&](std::int32_t day) {
        for (auto* chain : {&venue.booth, &venue.gate_a, &venue.gate_b}) {
            chain->now.wall.value = test_noon.value + day * std::int64_t{86'400'000};
            chain->now.business_date = Date{test_date.value + day};
        }
        venue.booth.now.wall.value += 60'000;  // what is replaced was used before
    };
    const auto sold = venue.booth.sell(2, 4, 2);
    const TicketId of_entries{sold, 1};
    const TicketId of_persons{sold, 2};
    venue.gate_a.admit(of_entries, 4);
    const auto entry_left = reissue(venue.booth, of_entries, 4, 1);
    venue.gate_a.admit(of_persons, 4);
    on(1);
    venue.gate_b.admit(entry_left, 3);
    // The rest of the entry that is open today, all of whose persons come on other days.
    venue.gate_b.admit(of_persons, 1);
    const auto rest = reissue(venue.booth, of_persons, 3, 1);
    on(2);
    venue.gate_a.admit(rest, 1);
    const auto rest_of_it = reissue(venue.booth, rest, 2, 1);
    on(3);
    venue.gate_b.admit(rest_of_it, 2);
    CHECK(found_in_any_order(venue).empty());
    on(4);
    const auto beyond = venue.gate_b.admit(rest, 1);
    const auto found = found_in_any_order(venue);
    REQUIRE(found.size() == 2);  // and the replaced one is void
    CHECK(found[0].id == "admitted_after_revocation-" + to_string(rest));
    CHECK(found[1].id == "duplicate_admission-" + to_string(of_persons));
    CHECK(found[1].evidence == std::vector<RecordRef>{beyond});
}

TEST_CASE("tickets that took each other's place, which nobody writes, are judged and end") {
    VenueChains venue;
    const auto at = [](const Chain& chain, std::uint64_t later) {
        auto ref = chain.next();
        ref.seq.value += later;
        return TicketId{ref, 1};
    };
    const auto itself = reissue(venue.booth, at(venue.booth, 0));
    venue.gate_a.admit(itself);
    const auto one = reissue(venue.booth, at(venue.booth, 1));
    const auto other = reissue(venue.booth, one);
    const auto after = reissue(venue.gate_b, other);
    venue.gate_a.admit(other);
    venue.gate_b.admit(after);
    const auto found = found_in_any_order(venue);
    std::vector<std::string> ids;
    for (const auto& conflict : found)
        if (conflict.kind == ConflictKind::duplicate_admission) ids.push_back(conflict.subject);
    CHECK(ids == std::vector{to_string(one)});
}
