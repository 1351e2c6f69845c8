#include "sync/ledger/ledger.hpp"

#include <doctest/doctest.h>

#include "sync/ledger/reader.hpp"
#include "sync/ledger/reports.hpp"
#include "tests/support/chain.hpp"
#include "tests/support/ledger_fixture.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

AppendKind append_one(Ledger& ledger, const Record& record) {
    REQUIRE(ledger.begin());
    const auto appended = ledger.append(record);
    REQUIRE(appended);
    REQUIRE(ledger.commit());
    return appended->kind;
}

}  // namespace

TEST_CASE("a record is stored once, after the record before it, or not at all") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    booth.sell(1);
    CHECK(append_one(*at.ledger, booth.records[1]) == AppendKind::gap);
    CHECK(append_one(*at.ledger, booth.records[0]) == AppendKind::stored);
    CHECK(append_one(*at.ledger, booth.records[0]) == AppendKind::duplicate);
    CHECK(append_one(*at.ledger, booth.records[2]) == AppendKind::gap);
    CHECK(append_one(*at.ledger, booth.records[1]) == AppendKind::stored);
    CHECK(append_one(*at.ledger, booth.records[2]) == AppendKind::stored);
    CHECK(append_one(*at.ledger, booth.records[1]) == AppendKind::duplicate);
    const auto state = at.reader().journal({NodeId{1}, Epoch{1}});
    REQUIRE(state);
    CHECK(state->head == Seq{3});
    CHECK(state->hash == booth.records[2].hash);
}

TEST_CASE("a rolled back transaction leaves nothing, and the same records are taken again") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(at.ledger->begin());
    REQUIRE(at.ledger->append(booth.records[0]));
    at.ledger->rollback();
    CHECK(at.reader().journals().empty());
    CHECK(append_one(*at.ledger, booth.records[0]) == AppendKind::stored);
}

TEST_CASE("a second record with the same number is kept as evidence and ends what is taken of the epoch") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain other = booth;
    booth.sell(1);
    booth.sell(1);
    other.sell(2);
    store(*at.ledger, {booth.records[0], booth.records[1]});
    CHECK(append_one(*at.ledger, other.records[1]) == AppendKind::forked);
    CHECK(append_one(*at.ledger, booth.records[2]) == AppendKind::forked);
    CHECK(append_one(*at.ledger, booth.records[1]) == AppendKind::duplicate);
    CHECK(at.reader().journal({NodeId{1}, Epoch{1}})->forked);
    auto reader = at.reader();
    const auto conflicts = Reports{reader, at.ledger->venue()}.conflicts(true);
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].id == "journal_fork-1-1-2");
    CHECK(conflicts[0].facts == ConflictFacts{HistoryForked{booth.records[1].ref()}});
    CHECK(conflicts[0].evidence == std::vector<RecordRef>{booth.records[1].ref()});
}

TEST_CASE("an owner's signature under another record with a number that is held is evidence, kept once") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    booth.sell(1);
    store(*at.ledger, {booth.records[0], booth.records[1]});
    const auto contradicts = [&](Seq seq, const Hash& hash) {
        REQUIRE(at.ledger->begin());
        const auto told =
            at.ledger->contradicts(sign_head(test_key(NodeId{1}), test_venue(), {NodeId{1}, Epoch{1}}, seq, hash));
        REQUIRE(told);
        REQUIRE(at.ledger->commit());
        return *told;
    };
    const auto conflicts = [&] {
        auto reader = at.reader();
        return Reports{reader, at.ledger->venue()}.conflicts(true);
    };
    CHECK_FALSE(contradicts(Seq{1}, booth.records[0].hash));
    CHECK_FALSE(contradicts(Seq{3}, Hash{7}));  // nobody knows yet
    CHECK(conflicts().empty());
    CHECK(contradicts(Seq{1}, Hash{7}));
    CHECK(contradicts(Seq{2}, Hash{7}));
    CHECK(at.reader().journal({NodeId{1}, Epoch{1}})->forked);
    CHECK(append_one(*at.ledger, booth.records[2]) == AppendKind::forked);
    REQUIRE(conflicts().size() == 1);
    CHECK(conflicts()[0].id == "journal_fork-1-1-1");
    CHECK(conflicts()[0].evidence_count == 2);
}

TEST_CASE("the second record of a fork is kept also where its signed head was heard before it") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain other = booth;
    booth.sell(1);
    other.sell(2);
    store(*at.ledger, {booth.records[0], booth.records[1]});
    REQUIRE(at.ledger->begin());
    const auto head = sign_head(test_key(NodeId{1}), test_venue(), {NodeId{1}, Epoch{1}}, Seq{2}, other.last().hash);
    REQUIRE(at.ledger->contradicts(head).value());
    REQUIRE(at.ledger->append(other.last()));
    REQUIRE(at.ledger->contradicts(head).value());
    REQUIRE(at.ledger->commit());
    auto kept = at.ledger->database().prepare("SELECT stored FROM fork");
    REQUIRE(kept.step().value());
    CHECK(Bytes(kept.blob(0).begin(), kept.blob(0).end()) == other.last().stored);
    CHECK_FALSE(kept.step().value());
}

TEST_CASE("more histories of one journal are no more evidence: one is kept for each record, and a few in all") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain other = booth;
    for (int i = 0; i < 8; ++i) booth.sell(1);
    store(*at.ledger, booth.records);
    const auto kept = [&] {
        auto count = at.ledger->database().prepare("SELECT count(*) FROM fork");
        REQUIRE(count.step().value());
        return count.number(0);
    };
    for (std::uint16_t again = 2; again < 5; ++again) {
        Chain astray = other;
        astray.sell(again);
        CHECK(append_one(*at.ledger, astray.last()) == AppendKind::forked);
        CHECK(kept() == 1);
    }
    Chain astray = other;
    for (int i = 0; i < 8; ++i) {
        astray.sell(9);
        CHECK(append_one(*at.ledger, astray.last()) == AppendKind::forked);
    }
    CHECK(kept() == 4);
    // Another journal has its own.
    Chain gate{NodeId{2}};
    gate.open_epoch();
    Chain second = gate;
    gate.sell(1);
    second.sell(2);
    store(*at.ledger, gate.records);
    CHECK(append_one(*at.ledger, second.last()) == AppendKind::forked);
    CHECK(kept() == 5);
}

TEST_CASE("a record that continues another chain is a fork too") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain other = booth;
    booth.sell(1);
    other.sell(2);
    other.sell(2);
    store(*at.ledger, booth.records);
    CHECK(append_one(*at.ledger, other.records[2]) == AppendKind::forked);
}

TEST_CASE("a record whose projection fails is stored, parked with the reason, and blocks nothing") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    auto bad = booth.now;
    bad.kind = Kind::sale;
    const Bytes nonsense{1, 2, 3};
    auto undecodable = read_record(encode_record(bad, nonsense)).value();
    REQUIRE(undecodable.undecodable);
    booth.records.push_back(undecodable);
    booth.now.prev = undecodable.hash;
    ++booth.now.seq.value;
    auto sale = std::get<Sale>(booth.records[1].body);
    const auto contradictory = booth.add(sale);  // its tickets name another sale
    const auto foreign = booth.add(TicketRevoked{{contradictory, 1}, "not mine to say"});
    const auto after = booth.sell(1);

    store(*at.ledger, booth.records);
    auto reader = at.reader();
    const auto parked = Reports{reader, at.ledger->venue()}.parked();
    REQUIRE(parked.size() == 3);
    CHECK(parked[0].first == undecodable.ref());
    CHECK(parked[1].first == contradictory);
    CHECK(parked[1].second == "a ticket in it names another sale");
    CHECK(parked[2].first == foreign);
    CHECK(reader.sale(after).has_value());
    CHECK_FALSE(reader.sale(contradictory).has_value());
    CHECK(reader.record(contradictory).has_value());
}

TEST_CASE("what a node says of another node's shift, drawer and paper is parked, and changes nothing there") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    const auto shift = booth.add(ShiftOpened{ClientId{"s"}, WindowName{"w"}, Minor{100}});
    const auto job = booth.add(Reprint{ClientId{"r"}, {shift, 1}, 1, "", DeviceName{"printer-1"}});
    Chain other{NodeId{2}};
    other.open_epoch();
    other.add(CashMoved{ClientId{}, shift, CashDirection::pay_out, Minor{50}, ""});
    other.add(ShiftClosed{ClientId{}, shift, Minor{0}, Minor{0}});
    Sale sale;
    sale.shift = shift;
    sale.tenders = {{TenderKind::cash, TenderState::confirmed, Minor{7}, ""}};
    other.add(sale);
    Refund refund;
    refund.shift = shift;
    refund.tenders = sale.tenders;
    other.add(refund);
    other.add(PrintResolved{job, PrintOutcome::printed, ""});
    store(*at.ledger, booth.records);
    store(*at.ledger, other.records);
    auto reader = at.reader();
    const auto parked = Reports{reader, at.ledger->venue()}.parked();
    REQUIRE(parked.size() == 5);
    CHECK(parked[0].second == "its shift is another node's");
    CHECK(parked[4].second == "its job is another node's");
    CHECK(reader.open_shift(NodeId{1}, WindowName{"w"}) == shift);
    CHECK(reader.shift(shift)->expected_cash() == Minor{100});
    CHECK(reader.unresolved_prints(NodeId{1}).size() == 1);
    // Its own, from whichever of its epochs, and what is booked on none.
    Chain later{NodeId{1}, Epoch{2}};
    later.open_epoch(Epoch{1});
    later.sell(1);
    later.add(ShiftClosed{ClientId{}, shift, Minor{100}, Minor{100}});
    later.add(PrintResolved{job, PrintOutcome::printed, ""});
    store(*at.ledger, later.records);
    CHECK(Reports{reader, at.ledger->venue()}.parked().size() == 5);
    CHECK(reader.open_shift(NodeId{1}, WindowName{"w"}) == std::nullopt);
    CHECK(reader.unresolved_prints(NodeId{1}).empty());
}

TEST_CASE("a ticket's code is known by the stored record that sold it, and by none that is parked") {
    MemoryLedger at;
    const auto first = issued_code("GH10123");
    const auto second = issued_code("GH14567");
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain other{NodeId{1}};
    other.open_epoch();
    other.sell(2);
    const auto sale = std::get<Sale>(other.last().body);
    const auto sold = booth.add(sale, issued_codes_extension({first, second}));
    const auto contradictory = booth.add(sale, issued_codes_extension({first, second}));  // tickets of another sale
    const auto silent = booth.sell(1);
    booth.admit({sold, 2});
    booth.refund({sold, 2});
    store(*at.ledger, booth.records);

    auto reader = at.reader();
    CHECK(reader.ticket({sold, 1}).issued == first);
    const auto found = reader.ticket_issued_as({sold, 2}, second);
    REQUIRE(found);
    CHECK(found->issued == second);
    CHECK(found->origin.has_value());
    CHECK(found->uses.size() == 1);
    CHECK(found->refunds.size() == 1);
    CHECK_FALSE(reader.ticket_issued_as({sold, 1}, second));
    CHECK_FALSE(reader.ticket_issued_as({sold, 3}, second));
    CHECK_FALSE(reader.ticket({contradictory, 1}).origin);
    CHECK_FALSE(reader.ticket({contradictory, 1}).issued);
    CHECK_FALSE(reader.ticket_issued_as({contradictory, 1}, first));
    CHECK(reader.ticket({silent, 1}).origin);
    CHECK_FALSE(reader.ticket({silent, 1}).issued);
    CHECK_FALSE(reader.ticket_issued_as({{NodeId{2}, Epoch{1}, Seq{1}}, 1}, first));
}

TEST_CASE("what an order says behind its body is no code of a ticket") {
    MemoryLedger at;
    Chain central{central_node};
    OrderImported order;
    order.code = "OTA-1";
    order.product = ProductId{"adult"};
    order.persons = order.entries = 1;
    const auto ref = central.add(order, issued_codes_extension({issued_code("GH10123")}));
    store(*at.ledger, central.records);
    CHECK(at.reader().ticket({ref, 1}).origin);
    CHECK_FALSE(at.reader().ticket({ref, 1}).issued);
}

TEST_CASE(
    "a verdict that runs into a row of no record takes its transaction back, and is parked when that is tried again") {
    MemoryLedger at;
    Chain gate{NodeId{1}};
    gate.open_epoch();
    Verdict verdict;
    verdict.id = ClientId{"scan-1"};
    const auto refused = gate.add(verdict);
    const auto sold = gate.sell(1);
    const std::string stray = "INSERT INTO client VALUES ('scan-1', " + std::to_string(to_key(refused)) + ")";
    REQUIRE(at.ledger->database().execute(stray));

    REQUIRE(at.ledger->begin());
    REQUIRE(at.ledger->append(gate.records[0]));
    CHECK_FALSE(at.ledger->append(gate.records[1]));
    CHECK(at.ledger->fault() == Fault::none);
    auto reader = at.reader();
    CHECK_FALSE(reader.record(gate.records[0].ref()).has_value());

    store(*at.ledger, gate.records);
    const auto parked = Reports{reader, at.ledger->venue()}.parked();
    REQUIRE(parked.size() == 1);
    CHECK(parked[0].first == refused);
    CHECK(reader.sale(sold).has_value());
}

TEST_CASE("a kind of a later release is stored and forwarded untouched") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    auto header = booth.now;
    header.kind = static_cast<Kind>(999);
    const auto bytes = encode_record(header, Bytes{9, 9, 9}, Bytes{7});
    booth.records.push_back(read_record(bytes).value());
    store(*at.ledger, booth.records);
    auto reader = at.reader();
    CHECK(Reports{reader, at.ledger->venue()}.parked().empty());
    CHECK(reader.records({NodeId{1}, Epoch{1}}, Seq{2}, Seq{2}, 10, 1 << 20).stored == std::vector<Bytes>{bytes});
}

TEST_CASE("numbers beyond what a key can spell are refused") {
    MemoryLedger at;
    Chain far{NodeId{1}, Epoch{largest_epoch + 1}};
    far.sell(1);
    CHECK(append_one(*at.ledger, far.records[0]) == AppendKind::refused);
    CHECK(from_key(to_key({NodeId{65535}, Epoch{largest_epoch}, Seq{largest_seq}})) ==
          RecordRef{NodeId{65535}, Epoch{largest_epoch}, Seq{largest_seq}});
    CHECK(to_key({NodeId{1}, Epoch{2}, Seq{3}}) < to_key({NodeId{1}, Epoch{3}, Seq{1}}));
}

TEST_CASE("heads are thinned, and a batch ends at one that is kept") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 599; ++i) {
        booth.add(DeviceChanged{DeviceName{"scan-1"}, DeviceState::online, ""});
        REQUIRE(at.ledger->begin());
        if (i == 0) REQUIRE(at.ledger->append(booth.records[0]));
        REQUIRE(at.ledger->append(booth.last()));
        REQUIRE(at.ledger->store_head(booth.head()));
        REQUIRE(at.ledger->commit());
    }
    auto reader = at.reader();
    const JournalId id{NodeId{1}, Epoch{1}};
    CHECK(reader.journal(id)->signed_head == booth.head());
    std::size_t batches = 0;
    for (Seq from{1}; from.value <= 600; ++batches) {
        const auto end = reader.head_for_batch(id, from, 256);
        REQUIRE(end);
        CHECK(end->seq.value - from.value < 256);
        from = Seq{end->seq.value + 1};
    }
    CHECK(batches >= 3);
    CHECK(batches <= 6);
}

TEST_CASE("receipts and announcements only ever move forward") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    const auto early = booth.head();
    booth.sell(1);
    store(*at.ledger, {booth.records[0]});
    const JournalId id{NodeId{1}, Epoch{1}};
    REQUIRE(at.ledger->begin());
    REQUIRE(at.ledger->note_announced(booth.head()));
    REQUIRE(at.ledger->note_announced(early));
    REQUIRE(at.ledger->store_receipt({id, Seq{1}, booth.records[0].hash, {}}));
    REQUIRE(at.ledger->store_receipt({id, Seq{0}, {}, {}}));
    REQUIRE(at.ledger->commit());
    const auto state = at.reader().journal(id);
    CHECK(state->announced == booth.head());
    CHECK(state->receipt->seq == Seq{1});
    CHECK(state->backlog() == 0);
}

TEST_CASE("which catalogue a node said that it holds is kept with when it first said so, also over a rebuild") {
    MemoryLedger at;
    Chain central{central_node};
    central.open_epoch();
    CataloguePublished published;
    published.catalogue.version = 4;
    const auto fourth = central.add(published);
    published.catalogue.version = 5;
    const auto fifth = central.add(published);
    store(*at.ledger, central.records);
    auto reader = at.reader();
    CHECK(reader.catalogue_version_at({central_node, Epoch{1}, Seq{1}}) == 0);
    CHECK(reader.catalogue_version_at(fourth) == 4);
    CHECK(reader.catalogue_version_at(fifth) == 5);
    const auto note = [&](std::uint64_t version, std::int64_t when) {
        REQUIRE(at.ledger->begin());
        REQUIRE(at.ledger->note_node_catalogue(NodeId{7}, version, WallTime{when}));
        REQUIRE(at.ledger->commit());
    };
    const auto held = [&] {
        const auto known = reader.node_catalogues().at(NodeId{7});
        return std::pair{known.version, known.told.value};
    };
    note(5, 1'000);
    note(5, 2'000);
    CHECK(held() == std::pair{std::uint64_t{5}, std::int64_t{1'000}});
    note(4, 3'000);  // it was restored
    CHECK(held() == std::pair{std::uint64_t{4}, std::int64_t{3'000}});
    REQUIRE(at.ledger->rebuild());
    CHECK(held() == std::pair{std::uint64_t{4}, std::int64_t{3'000}});
}
