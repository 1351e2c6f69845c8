#include "edge/desk/outbox.hpp"

#include <doctest/doctest.h>

#include "edge/desk/overlay.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

constexpr JournalId own_journal{NodeId{7}, Epoch{2}};
const Hash genesis{1};

StoreLatch promise() { return {true}; }

}  // namespace

TEST_CASE("numbers have no gap, and each record carries the hash of the one before it") {
    Outbox outbox{own_journal};
    outbox.open(Seq{4}, genesis);
    const auto first = outbox.append({}, StorageClosed{"a"}, {});
    const auto second = outbox.append({}, StorageClosed{"b"}, {});
    CHECK(first->ref() == RecordRef{NodeId{7}, Epoch{2}, Seq{5}});
    CHECK(first->header.prev == genesis);
    CHECK(second->ref().seq == Seq{6});
    CHECK(second->header.prev == first->hash);
    CHECK(outbox.next().seq == Seq{7});
}

TEST_CASE("what was promised is released in the order of the records, and only after they are synced") {
    Outbox outbox{own_journal};
    outbox.open(Seq{0}, genesis);
    const auto first = outbox.append({}, StorageClosed{"a"}, {promise()});
    const auto second = outbox.append({}, StorageClosed{"b"}, {});
    CHECK(outbox.also(second->ref(), promise()));
    CHECK(outbox.synced_head() == Seq{0});
    const auto done = outbox.synced(Seq{1});
    REQUIRE(done.size() == 1);
    CHECK(done[0].record == first);
    CHECK(done[0].then.size() == 1);
    CHECK_FALSE(outbox.also(first->ref(), promise()));
    CHECK(outbox.synced(Seq{9}).size() == 1);
    CHECK(outbox.synced(Seq{9}).empty());
}

TEST_CASE("after a failure numbering goes on from what is on the disk") {
    Outbox outbox{own_journal};
    outbox.open(Seq{0}, genesis);
    (void)outbox.append({}, StorageClosed{"a"}, {});
    (void)outbox.append({}, StorageClosed{"b"}, {promise()});
    CHECK(outbox.failed(Seq{0}, genesis).size() == 2);
    CHECK(outbox.append({}, StorageClosed{"c"}, {})->header.prev == genesis);
}

TEST_CASE("the overlay forgets exactly what it is told to forget") {
    Overlay overlay;
    const TicketId ticket{{NodeId{9}, Epoch{1}, Seq{1}}, 1};
    Verdict verdict;
    verdict.ticket = ticket;
    verdict.persons = 2;
    Header header;
    header.node = NodeId{7};
    header.epoch = Epoch{1};
    header.seq = Seq{1};
    const auto admitted = std::make_shared<const ledger::Record>(ledger::make_record(header, verdict));
    header.seq = Seq{2};
    const auto passed = std::make_shared<const ledger::Record>(
        ledger::make_record(header, Passage{admitted->ref(), PassageOutcome::abandoned, Evidence::timeout, 1, 0}));
    overlay.add(admitted);
    overlay.add(passed);
    const auto held = [&] {
        ledger::TicketFacts facts;
        facts.id = ticket;
        overlay.apply_to(facts);
        return facts.held();
    };
    CHECK(held() == 1);
    overlay.remove(passed->ref());
    CHECK(held() == 2);
    overlay.remove(admitted->ref());
    CHECK(held() == 0);
    CHECK(overlay.size() == 0);
}
