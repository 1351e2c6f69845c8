// A projection depends only on the set of records, never on the order in which journals arrived.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "sync/ledger/projection_tables.hpp"
#include "sync/ledger/reports.hpp"
#include "tests/sim/reference.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/random_venue.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

void take(MemoryLedger& at, const std::vector<const Record*>& records) {
    REQUIRE(at.ledger->begin());
    for (const auto* record : records) {
        const auto appended = at.ledger->append(*record);
        REQUIRE(appended);
        REQUIRE(appended->kind == AppendKind::stored);
    }
    REQUIRE(at.ledger->commit());
}

// Every projected row as text: what the hash is over, for the reader of a failed test.
std::set<std::string> rows_of(MemoryLedger& at) {
    std::set<std::string> all;
    auto& database = at.ledger->database();
    for (const auto& table : projection_tables()) {
        auto rows = database.prepare(table.rows);
        while (rows.step().value()) {
            std::string text = table.name;
            for (int column = 0; column < rows.columns(); ++column)
                text += " " + (rows.is_null(column) ? "-" : std::string{rows.text(column)});
            all.insert(std::move(text));
        }
    }
    return all;
}

void require_same(MemoryLedger& one, MemoryLedger& other) {
    if (one.state() == other.state()) return;
    const auto left = rows_of(one);
    const auto right = rows_of(other);
    for (const auto& row : left)
        if (!right.contains(row)) MESSAGE("only the first: ", row);
    for (const auto& row : right)
        if (!left.contains(row)) MESSAGE("only the other: ", row);
    FAIL("the tables differ");
}

// How many admissions count against the family of tickets that begins with `first`, by the records that replaced.
std::size_t uses_of(LedgerReader& reader, const sim::RecordSet& records, const TicketId& first) {
    std::set<TicketId> family{first};
    for (std::size_t before = 0; before != family.size();) {
        before = family.size();
        for (const auto& [ref, record] : records)
            if (const auto* reissue = std::get_if<Reissue>(&record.body))
                if (family.contains(reissue->replaced)) family.insert({ref, 1});
    }
    std::size_t uses = 0;
    for (const auto& ticket : family)
        for (const auto& [ref, use] : reader.ticket(ticket).uses)
            uses += use.direction == Direction::entry && !use.reentry && use.held() > 0 ? 1U : 0U;
    return uses;
}

// Which conflicts there are, for a reader of a failed test and to see that the tests meet all kinds.
std::map<ConflictKind, int> conflict_kinds(MemoryLedger& at) {
    auto reader = at.reader();
    std::map<ConflictKind, int> kinds;
    for (const auto& conflict : Reports{reader, at.ledger->venue()}.conflicts(false)) ++kinds[conflict.kind];
    return kinds;
}

}  // namespace

TEST_CASE("random interleavings of the same journals fold to the same tables, and so does a rebuild") {
    std::map<ConflictKind, int> met;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const RandomVenue venue{seed, 150};
        MemoryLedger first;
        take(first, venue.interleaved(seed * 1000));
        const auto expected = first.state();
        for (std::uint64_t order = 1; order <= 4; ++order) {
            CAPTURE(order);
            MemoryLedger other;
            take(other, venue.interleaved(seed * 1000 + order));
            require_same(first, other);
        }
        REQUIRE(first.ledger->rebuild());
        REQUIRE(first.state() == expected);
        for (const auto& [kind, count] : conflict_kinds(first)) met[kind] += count;
    }
    for (const auto kind :
         {ConflictKind::duplicate_admission, ConflictKind::duplicate_refund, ConflictKind::admitted_after_refund,
          ConflictKind::admitted_after_revocation, ConflictKind::oversold, ConflictKind::unknown_product,
          ConflictKind::price_differs, ConflictKind::clock_suspect, ConflictKind::parked_record}) {
        CAPTURE(to_string(kind));
        CHECK(met[kind] > 0);
    }
}

TEST_CASE("books kept in the simplest way find the same double admissions, and double refunds") {
    std::size_t unsold = 0;
    std::size_t replaced = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        const RandomVenue venue{seed, 150};
        MemoryLedger at;
        take(at, venue.interleaved(seed));
        auto reader = at.reader();
        const auto records = sim::read_records(reader);
        auto books = sim::keep_books(records, at.ledger->venue());
        // These gates, unlike real ones, let in more at once than a ticket is for: nobody came twice.
        std::erase_if(books.admitted_twice,
                      [&](const TicketId& ticket) { return uses_of(reader, records, ticket) < 2; });
        std::set<TicketId> admitted;
        std::set<TicketId> refunded;
        for (const auto& conflict : Reports{reader, at.ledger->venue()}.conflicts(false)) {
            if (const auto* beyond = std::get_if<PersonsBeyond>(&conflict.facts)) admitted.insert(beyond->ticket);
            if (const auto* again = std::get_if<RefundedAgain>(&conflict.facts)) refunded.insert(again->ticket);
        }
        // Passages of what was confirmed at once, which no gate writes, the books leave out.
        const auto is_plain = [&](const TicketId& ticket) {
            const auto facts = reader.ticket(ticket);
            return facts.origin && facts.reissues.empty();
        };
        std::erase_if(admitted, is_plain);
        std::erase_if(books.admitted_twice, is_plain);
        CHECK((admitted == books.admitted_twice));
        CHECK((refunded == books.refunded_twice));
        for (const auto& ticket : admitted) {
            const auto facts = reader.ticket(ticket);
            if (!facts.origin) ++unsold;
            if (facts.origin && !facts.reissues.empty()) ++replaced;
        }
    }
    CHECK(unsold > 5);
    CHECK(replaced > 5);
}

TEST_CASE("a rebuild that was interrupted goes on at the next open") {
    const RandomVenue venue{7, 2600};
    MemoryLedger at;
    take(at, venue.interleaved(1));
    const auto expected = at.state();
    struct Interrupted {};
    CHECK_THROWS_AS(static_cast<void>(at.ledger->rebuild([](std::uint64_t) { throw Interrupted{}; })), Interrupted);
    CHECK(at.state() != expected);
    at.ledger.reset();
    at.open();
    CHECK(at.state() == expected);
}

TEST_CASE("facts from the store and facts applied record by record agree") {
    for (std::uint64_t seed = 100; seed < 110; ++seed) {
        const RandomVenue venue{seed, 200};
        MemoryLedger at;
        const auto order = venue.interleaved(1);
        take(at, order);
        auto reader = at.reader();
        std::set<TicketId> tickets;
        for (const auto* record : order)
            if (const auto* verdict = std::get_if<Verdict>(&record->body); verdict != nullptr && verdict->ticket)
                tickets.insert(*verdict->ticket);
        std::map<RecordRef, std::string> parked;
        for (auto& [ref, why] : Reports{reader, at.ledger->venue()}.parked()) parked[ref] = why;
        for (const auto& ticket : tickets) {
            TicketFacts facts;
            facts.id = ticket;
            for (auto it = order.rbegin(); it != order.rend(); ++it)
                if (!parked.contains((*it)->ref())) facts.apply((*it)->header, (*it)->body);
            const auto held = reader.ticket(ticket);
            CHECK(held.held() == facts.held());
            CHECK(held.uses.size() == facts.uses.size());
            CHECK(held.refunds == facts.refunds);
            CHECK(held.revocations == facts.revocations);
            CHECK(held.reissues == facts.reissues);
            CHECK(held.reprints == facts.reprints);
            CHECK(held.origin.has_value() == facts.origin.has_value());
        }
    }
}
