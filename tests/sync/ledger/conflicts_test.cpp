#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "schemas/records/boot_began.hpp"
#include "schemas/records/limits.hpp"
#include "sync/ledger/projection_tables.hpp"
#include "tests/support/conflict_venue.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

using Venue = ConflictVenue;

TEST_CASE("one ticket admitted at two gates is a duplicate admission with the later record as evidence") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto first = venue.gate_a.admit(ticket);
    const auto second = venue.gate_b.admit(ticket);
    venue.store_all();
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "duplicate_admission-" + to_string(ticket));
    CHECK(found[0].evidence == std::vector<RecordRef>{second});
    CHECK(found[0].money == Minor{6000});
    CHECK(found[0].facts == ConflictFacts{PersonsBeyond{ticket, 1, first}});
    CHECK(detail_of(found[0].facts) == "persons 1, first use " + to_string(first));
}

TEST_CASE("a person who did not walk through does not make a duplicate") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto first = venue.gate_a.admit(ticket);
    venue.gate_a.pass(first, PassageOutcome::abandoned);
    venue.gate_b.admit(ticket);
    venue.store_all();
    CHECK(venue.conflicts().empty());
}

TEST_CASE("an unknown passage counts as used until it is resolved") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto first = venue.gate_a.admit(ticket);
    venue.gate_a.pass(first, PassageOutcome::unknown);
    venue.gate_b.admit(ticket);
    venue.store_all();
    CHECK(venue.conflicts().size() == 1);
    venue.gate_a.add(Passage{first, PassageOutcome::abandoned, Evidence::attendant, 1, 0});
    store(*venue.at.ledger, {venue.gate_a.last()});
    CHECK(venue.conflicts().empty());
}

TEST_CASE("an entry stays open for its persons until the business date ends") {
    Venue venue;
    const TicketId pair{venue.booth.sell(1, 2, 2), 1};
    venue.gate_a.admit(pair);
    venue.gate_b.admit(pair);
    venue.gate_a.now.business_date = Date{test_date.value + 1};
    venue.gate_a.admit(pair);
    venue.store_all();
    CHECK(venue.conflicts().empty());
    venue.gate_b.now.business_date = Date{test_date.value + 2};
    const auto third = venue.gate_b.admit(pair);
    store(*venue.at.ledger, {venue.gate_b.last()});
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    // The order of records decides what exceeds, not the order of days.
    CHECK(found[0].evidence == std::vector<RecordRef>{third});
    CHECK(found[0].money == Minor{1500});
}

TEST_CASE("two refunds of one ticket are a conflict for all but the first") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto first = venue.booth.refund(ticket);
    const auto second = venue.gate_a.refund(ticket);
    venue.store_all();
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == ConflictKind::duplicate_refund);
    CHECK(found[0].facts == ConflictFacts{RefundedAgain{ticket, first}});
    CHECK(detail_of(found[0].facts) == "first refund " + to_string(first));
    CHECK(found[0].evidence == std::vector<RecordRef>{second});
    CHECK(found[0].money == Minor{6000});
}

TEST_CASE("a refund of an admitted ticket is a conflict whichever came first, unless a supervisor knew") {
    for (const bool admitted_first : {false, true}) {
        Venue venue;
        const TicketId ticket{venue.booth.sell(1), 1};
        if (admitted_first) venue.gate_a.admit(ticket);
        venue.booth.refund(ticket, admitted_first, false);
        if (!admitted_first) venue.gate_a.admit(ticket);
        venue.store_all();
        REQUIRE(venue.conflicts().size() == 1);
        CHECK(venue.conflicts()[0].kind == ConflictKind::admitted_after_refund);
        CHECK(venue.conflicts()[0].money == Minor{6000});
        CHECK(venue.conflicts()[0].facts == ConflictFacts{AdmittedRefunded{ticket}});
        CHECK(detail_of(venue.conflicts()[0].facts).empty());
    }
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    venue.gate_a.admit(ticket);
    venue.booth.refund(ticket, true, true);
    venue.store_all();
    CHECK(venue.conflicts().empty());
}

TEST_CASE("an admission after a revocation is a conflict, one before it is not") {
    Venue venue;
    const TicketId early{venue.booth.sell(1), 1};
    const TicketId late{venue.booth.sell(1), 1};
    venue.gate_a.admit(early);
    venue.central.now.wall.value += 60'000;
    venue.central.add(TicketRevoked{early, "stolen"});
    const auto revoked = venue.central.add(TicketRevoked{late, "stolen"});
    venue.gate_b.now.wall.value += 120'000;
    const auto after = venue.gate_b.admit(late);
    venue.store_all();
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == ConflictKind::admitted_after_revocation);
    CHECK(found[0].facts == ConflictFacts{AdmittedRevoked{late, revoked}});
    CHECK(detail_of(found[0].facts) == "revoked by " + to_string(revoked));
    CHECK(found[0].evidence == std::vector<RecordRef>{after});
}

TEST_CASE("tickets that a revoked node numbered after its last trusted record are revoked with it") {
    Venue venue;
    const TicketId trusted{venue.booth.sell(1), 1};
    const TicketId minted{{NodeId{1}, Epoch{1}, Seq{900}}, 1};
    venue.central.add(NodeRevoked{NodeId{1}, Epoch{1}, Seq{2}, "stolen"});
    venue.gate_a.now.wall.value += 120'000;
    venue.gate_a.admit(trusted);
    const auto after = venue.gate_a.admit(minted);
    venue.store_all();
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence == std::vector<RecordRef>{after});
}

TEST_CASE("what a revoked node's key could have signed is revoked with it: later epochs, and what no held sale made") {
    Venue venue;
    const auto revoked = venue.central.add(NodeRevoked{NodeId{1}, Epoch{1}, Seq{50}, "stolen"});
    const auto sold = venue.booth.sell(1);
    const TicketId minted[] = {{{NodeId{1}, Epoch{1}, Seq{1}}, 1},  // no sale
                               {sold, 2},                           // not of that sale
                               {{NodeId{1}, Epoch{1}, Seq{40}}, 1},
                               {{NodeId{1}, Epoch{2}, Seq{3}}, 1}};
    venue.gate_a.now.wall.value += 120'000;
    venue.gate_a.admit({sold, 1});
    std::vector<RecordRef> admitted;
    for (const auto& ticket : minted) admitted.push_back(venue.gate_a.admit(ticket));
    const std::vector<const Chain*> orders[] = {{&venue.central, &venue.booth, &venue.gate_a},
                                                {&venue.gate_a, &venue.central, &venue.booth},
                                                {&venue.booth, &venue.gate_a, &venue.central}};
    for (const auto& order : orders) {
        MemoryLedger at;
        for (const auto* chain : order) store(*at.ledger, chain->records);
        auto reader = at.reader();
        const auto found = Reports{reader, at.ledger->venue()}.conflicts(true);
        REQUIRE(found.size() == 4);
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK(found[i].id == "admitted_after_revocation-" + to_string(minted[i]));
            CHECK(found[i].facts == ConflictFacts{AdmittedRevoked{minted[i], revoked}});
            CHECK(found[i].evidence == std::vector<RecordRef>{admitted[i]});
            CHECK(found[i].money == Minor{0});
        }
    }
}

TEST_CASE("a double admission is one also while the ticket's sale is nowhere to be had, and gets its money with it") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    const auto first = venue.gate_a.admit(ticket);
    const auto second = venue.gate_b.admit(ticket);
    MemoryLedger sale_first;
    for (const auto* chain : {&venue.booth, &venue.gate_b, &venue.gate_a}) store(*sale_first.ledger, chain->records);
    for (const auto* chain : {&venue.gate_a, &venue.gate_b}) store(*venue.at.ledger, chain->records);
    auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "duplicate_admission-" + to_string(ticket));
    CHECK(found[0].evidence == std::vector<RecordRef>{second});
    CHECK(found[0].money == Minor{0});
    CHECK(found[0].facts == ConflictFacts{PersonsBeyond{ticket, 1, first}});
    store(*venue.at.ledger, venue.booth.records);
    found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].money == Minor{6000});
    CHECK(venue.at.state() == sale_first.state());
}

TEST_CASE("a double admission of a ticket whose sale is unknown vanishes when the sale says that it has two entries") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1, 1, 2), 1};
    venue.gate_a.admit(ticket);
    venue.gate_b.now.business_date = Date{test_date.value + 1};
    venue.gate_b.admit(ticket);
    for (const auto* chain : {&venue.gate_a, &venue.gate_b}) store(*venue.at.ledger, chain->records);
    CHECK(venue.conflicts().size() == 1);
    store(*venue.at.ledger, venue.booth.records);
    CHECK(venue.conflicts().empty());
}

TEST_CASE("of a ticket whose sale is unknown nothing exceeds what one gate let in, or two persons of a group") {
    Venue venue;
    const auto unsold = [](std::uint64_t seq) { return TicketId{{NodeId{1}, Epoch{1}, Seq{seq}}, 1}; };
    // The second time that gate knew of the first: the ticket has two entries at least.
    venue.gate_a.admit(unsold(70));
    venue.gate_a.admit(unsold(70));
    // The fourth person of a family of three.
    venue.gate_a.admit(unsold(71), 3);
    const auto fourth = venue.gate_b.admit(unsold(71));
    Verdict one_of_some;
    one_of_some.lane = LaneName{"lane-1"};
    one_of_some.ticket = unsold(72);
    one_of_some.persons = 1;
    one_of_some.notes = {Note::group};
    venue.gate_a.add(one_of_some);
    venue.gate_b.add(one_of_some);
    // Nobody walked through the first time.
    venue.gate_a.pass(venue.gate_a.admit(unsold(73)), PassageOutcome::abandoned);
    venue.gate_b.admit(unsold(73));
    for (const auto* chain : {&venue.gate_a, &venue.gate_b}) store(*venue.at.ledger, chain->records);
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence == std::vector<RecordRef>{fourth});
    venue.gate_b.add(one_of_some);
    store(*venue.at.ledger, {venue.gate_b.last()});
    CHECK(venue.conflicts().size() == 2);
}

TEST_CASE("of a ticket whose sale is unknown nothing exceeds what its product lets in, by any catalogue that is held") {
    const auto catalogue = [](std::uint64_t version, std::uint16_t persons, std::uint16_t entries) {
        CataloguePublished published;
        published.catalogue.version = version;
        Product product;
        product.id = ProductId{"adult"};
        product.persons = persons;
        product.entries = entries;
        published.catalogue.products = {product};
        return published;
    };
    const TicketId pass{{NodeId{1}, Epoch{1}, Seq{70}}, 1};
    for (const bool catalogue_first : {true, false}) {
        CAPTURE(catalogue_first);
        Venue venue;
        venue.central.add(catalogue(1, 1, 3));
        venue.central.add(catalogue(2, 1, 1));  // of which later ones are sold
        if (catalogue_first) store(*venue.at.ledger, venue.central.records);
        venue.gate_a.admit(pass);
        venue.gate_b.admit(pass);
        const auto third = venue.gate_b.admit(pass);
        const auto fourth = venue.gate_a.admit(pass);
        for (const auto* chain : {&venue.gate_a, &venue.gate_b}) store(*venue.at.ledger, chain->records);
        if (!catalogue_first) store(*venue.at.ledger, venue.central.records);
        const auto found = venue.conflicts();
        REQUIRE(found.size() == 1);
        CHECK(found[0].evidence == std::vector<RecordRef>{third});
        CHECK(fourth < third);

        venue.central.add(catalogue(3, 2, 2));
        store(*venue.at.ledger, {venue.central.last()});
        CHECK(venue.conflicts().empty());
        const auto incremental = state_hash(venue.at.ledger->database()).value();
        REQUIRE(venue.at.ledger->rebuild());
        CHECK(state_hash(venue.at.ledger->database()).value() == incremental);
    }
}

TEST_CASE("of a group whose sale is unknown only its sale says how many it is") {
    Venue venue;
    CataloguePublished published;
    published.catalogue.version = 1;
    Product group;
    group.id = ProductId{"adult"};
    group.persons = 0;
    published.catalogue.products = {group};
    venue.central.add(published);
    const TicketId ticket{venue.booth.sell(1, 5), 1};
    venue.gate_a.admit(ticket, 3);
    venue.gate_b.admit(ticket, 3);
    for (const auto* chain : {&venue.central, &venue.gate_a, &venue.gate_b}) store(*venue.at.ledger, chain->records);
    CHECK(venue.conflicts().empty());
    store(*venue.at.ledger, venue.booth.records);
    CHECK(venue.conflicts().size() == 1);
}

TEST_CASE("a session sold beyond its capacity or a node's lease is oversold, and refunds make room") {
    Venue venue;
    venue.publish(1, Minor{6000}, 5);
    const auto grant = venue.central.add(LeaseGranted{NodeId{1}, SessionId{"noon"}, 4});
    venue.booth.add(LeaseReceived{grant, SessionId{"noon"}, 4});
    venue.booth.add(LeaseReceived{grant, SessionId{"noon"}, 4});  // once only
    venue.booth.sell(4, 1, 1, "noon");
    venue.store_all();
    CHECK(venue.conflicts().empty());
    const auto beyond = venue.booth.sell(2, 1, 1, "noon");
    store(*venue.at.ledger, {venue.booth.last()});
    auto found = venue.conflicts();
    REQUIRE(found.size() == 2);
    CHECK(found[0].id == "oversold-noon");
    CHECK(found[0].evidence == std::vector<RecordRef>{beyond});
    CHECK(found[0].money == Minor{6000});
    CHECK(found[1].id == "oversold-noon@1");
    CHECK(found[1].money == Minor{12'000});
    CHECK(found[0].facts == ConflictFacts{UnitsBeyond{SessionId{"noon"}, std::nullopt, 1}});
    CHECK(found[1].facts == ConflictFacts{UnitsBeyond{SessionId{"noon"}, NodeId{1}, 2}});
    CHECK(detail_of(found[0].facts) == "beyond the capacity by 1");
    CHECK(detail_of(found[1].facts) == "beyond the lease by 2");
    venue.booth.refund({beyond, 1});
    store(*venue.at.ledger, {venue.booth.last()});
    found = venue.conflicts();
    REQUIRE(found.size() == 1);  // what the node sold beyond its lease stays true
    CHECK(found[0].id == "oversold-noon@1");
    auto reader = venue.at.reader();
    CHECK(reader.session_units(SessionId{"noon"}, NodeId{1}).received == 4);
    CHECK(reader.session_units(SessionId{"noon"}, NodeId{1}).sold == 6);
}

TEST_CASE("a node is leased what central's grants say, whatever it says of them, and as soon as they are held") {
    Venue venue;
    const SessionId noon{"noon"};
    const auto grant = venue.central.add(LeaseGranted{NodeId{1}, noon, 4});
    const auto of_another = venue.central.add(LeaseGranted{NodeId{2}, noon, 50});
    const auto of_night = venue.central.add(LeaseGranted{NodeId{1}, SessionId{"night"}, 50});
    venue.booth.add(LeaseReceived{grant, noon, 50});
    venue.booth.add(LeaseReceived{of_another, noon, 50});
    venue.booth.add(LeaseReceived{of_night, noon, 50});
    venue.booth.add(LeaseReceived{venue.central.next(), noon, 50});
    venue.booth.sell(6, 1, 1, "noon");
    store(*venue.at.ledger, venue.booth.records);
    auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].facts == ConflictFacts{UnitsBeyond{noon, NodeId{1}, 6}});
    store(*venue.at.ledger, venue.central.records);
    found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].facts == ConflictFacts{UnitsBeyond{noon, NodeId{1}, 2}});
    auto reader = venue.at.reader();
    CHECK(reader.session_units(noon, NodeId{1}).received == 200);  // its own word, for its own windows
}

TEST_CASE("a session that reads like another one's conflict is parked, and settles nothing") {
    Venue venue;
    venue.booth.sell(1, 1, 1, "noon");
    venue.gate_a.sell(1, 1, 1, "noon@1");
    venue.gate_a.add(LeaseReceived{{central_node, Epoch{1}, Seq{1}}, SessionId{"noon@1"}, 5});
    venue.store_all();
    std::vector<ConflictKind> kinds;
    for (const auto& one : venue.conflicts()) kinds.push_back(one.kind);
    std::ranges::sort(kinds);
    std::vector wanted{ConflictKind::oversold, ConflictKind::parked_record, ConflictKind::parked_record};
    std::ranges::sort(wanted);
    CHECK(kinds == wanted);
}

TEST_CASE("prices are judged by the catalogue that the sale names, when that arrives") {
    Venue venue;
    venue.booth.sell(2);
    auto sale = std::get<Sale>(venue.booth.last().body);
    venue.booth.records.pop_back();
    venue.booth.now.seq = Seq{2};
    venue.booth.now.prev = venue.booth.last().hash;
    sale.catalogue_version = 2;
    venue.booth.add(sale);
    venue.publish(1, Minor{6000}, 5);
    venue.store_all();
    CHECK(venue.conflicts().empty());
    venue.publish(2, Minor{6500}, 5);
    store(*venue.at.ledger, {venue.central.last()});
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == ConflictKind::price_differs);
    CHECK(found[0].money == Minor{1000});
    const auto sold = venue.booth.last().ref();
    CHECK(found[0].facts == ConflictFacts{PriceDiffers{sold, ProductId{"adult"}, Minor{6000}, Minor{6500}}});
    CHECK(detail_of(found[0].facts) == "adult: 6000 instead of 6500");
}

TEST_CASE("a sale of what its catalogue does not have names the product") {
    Venue venue;
    venue.publish(1, Minor{6000}, 5);
    venue.booth.sell(2);
    auto sale = std::get<Sale>(venue.booth.last().body);
    venue.booth.records.pop_back();
    venue.booth.now.seq = Seq{2};
    venue.booth.now.prev = venue.booth.last().hash;
    sale.catalogue_version = 1;
    sale.lines[0].product = ProductId{"gone"};
    const auto sold = venue.booth.add(sale);
    venue.store_all();
    const auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].facts == ConflictFacts{ProductUnknown{sold, ProductId{"gone"}}});
    CHECK(detail_of(found[0].facts) == "gone");
}

TEST_CASE("the least number, which has no opposite, is within no bound") {
    Venue venue;
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    auto& booth = venue.booth;
    booth.add(ClockCorrected{booth.now.boot, least});
    booth.add(ClockCorrected{booth.now.boot, 0}, boot_began_extension(WallTime{least}));
    const auto shift = booth.add(ShiftOpened{ClientId{"s"}, WindowName{"window-1"}, Minor{0}});
    booth.add(ShiftClosed{ClientId{"c"}, shift, Minor{0}, Minor{least}});
    venue.store_all();
    const auto found = venue.conflicts();
    CHECK(found.size() == 3);
    CHECK(std::ranges::all_of(found, [](const Conflict& one) { return one.kind == ConflictKind::parked_record; }));
}

TEST_CASE("a sale or refund that lists several times what a clerk may is parked, and one that lists less is not") {
    Venue venue;
    auto& booth = venue.booth;
    const auto tenders = [](std::size_t count) {
        return std::vector<Tender>(count, Tender{TenderKind::free, {}, {}, ""});
    };
    Sale sale;
    sale.tenders = tenders(record_limits::foreign_multiple * record_limits::tenders);
    sale.lines.resize(record_limits::foreign_multiple * record_limits::lines);
    booth.add(sale);
    Refund refund;
    refund.tenders = sale.tenders;
    refund.tickets.resize(record_limits::foreign_multiple * record_limits::tickets);
    booth.add(refund);
    const auto fitting = booth.records.size();
    sale.tenders.emplace_back();
    booth.add(std::exchange(sale, Sale{}));
    sale.lines.resize(record_limits::foreign_multiple * record_limits::lines + 1);
    booth.add(sale);
    booth.sell(record_limits::foreign_multiple * record_limits::tickets + 1);
    refund.tenders.emplace_back();
    booth.add(std::exchange(refund, Refund{}));
    refund.tickets.resize(record_limits::foreign_multiple * record_limits::tickets + 1);
    booth.add(refund);
    venue.store_all();
    auto reader = venue.at.reader();
    const auto parked = Reports{reader, venue.at.ledger->venue()}.parked();
    REQUIRE(parked.size() == booth.records.size() - fitting);
    for (std::size_t i = 0; i < parked.size(); ++i) CHECK(parked[i].first == booth.records[fitting + i].ref());
}

TEST_CASE("each conflict is found by its id as among all") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    venue.gate_a.admit(ticket);
    venue.gate_b.admit(ticket);
    const auto parked = venue.gate_a.add(TicketRevoked{ticket, "not mine to say"});
    venue.gate_b.now.clock = ClockQuality::suspect;
    venue.gate_b.sell(1);
    Chain other = venue.booth;
    venue.booth.sell(1);
    other.sell(2);
    venue.central.add(ConflictResolved{"parked_record-" + to_string(parked), "accepted", "seen"});
    venue.store_all();
    REQUIRE(venue.at.ledger->begin());
    REQUIRE(venue.at.ledger->append(other.last())->kind == AppendKind::forked);
    REQUIRE(venue.at.ledger->commit());
    auto reader = venue.at.reader();
    Reports reports{reader, venue.at.ledger->venue()};
    const auto all = reports.conflicts(false);
    CHECK(all.size() == 4);
    for (const auto& one : all) {
        CAPTURE(one.id);
        const auto found = reports.conflict(one.id);
        REQUIRE(found);
        CHECK(found->id == one.id);
        CHECK(found->facts == one.facts);
        CHECK(found->evidence == one.evidence);
        CHECK(found->resolved.has_value() == one.resolved.has_value());
    }
    for (const char* none : {"", "journal_fork-", "parked_record-1-1-99", "parked_record-01-1-1", "gone-1"})
        CHECK_FALSE(reports.conflict(none));
}

TEST_CASE("a settled conflict is no longer open, and stays known") {
    Venue venue;
    const TicketId ticket{venue.booth.sell(1), 1};
    venue.gate_a.admit(ticket);
    venue.gate_b.admit(ticket);
    const auto id = "duplicate_admission-" + to_string(ticket);
    venue.central.add(ConflictResolved{id, "accepted", "a twin"});
    venue.store_all();
    CHECK(venue.conflicts(true).empty());
    const auto all = venue.conflicts(false);
    REQUIRE(all.size() == 1);
    REQUIRE(all[0].resolved);
    CHECK(all[0].resolved->note == "a twin");
}
