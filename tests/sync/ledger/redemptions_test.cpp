// What other sellers are told of their orders: whoever pages by cursor hears of every person once, whatever arrives
// when, and from wherever.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "schemas/ticket/ticket_code.hpp"
#include "sync/ledger/reports.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/random_venue.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

using Walked = std::map<RecordRef, std::uint32_t>;  // persons by use

// Another seller, who asks from where it left off and adds up.
struct Seller {
    std::string cursor;
    Walked walked;

    void page(MemoryLedger& at, std::size_t count = 100) {
        auto reader = at.reader();
        for (const auto& use : Reports{reader, at.ledger->venue()}.redemptions(cursor, count)) {
            CHECK(use.persons > 0);
            walked[use.verdict] += use.persons;
            cursor = use.cursor;
        }
    }
};

OrderImported order_for(std::uint16_t persons, const std::string& code = "OTA-1") {
    return {code, "order-9", "ota", ProductId{"adult"}, persons, 1, test_date, test_date};
}

Chain opened(NodeId node) {
    Chain chain{node};
    chain.open_epoch();
    return chain;
}

Passage resolved(RecordRef verdict, PassageOutcome outcome, std::uint16_t persons) {
    return {verdict, outcome, Evidence::attendant, persons, 0};
}

// A new ticket in place of `old`.
TicketId replace(Chain& booth, const TicketId& old) {
    TicketPayload payload;
    payload.id = {booth.next(), 1};
    payload.product = ProductId{"adult"};
    payload.valid_from = payload.valid_to = test_date;
    payload.zones = {ZoneId{"park"}};
    booth.add(Reissue{ClientId{}, old, encode_payload(payload).value(), "lost", std::nullopt});
    return payload.id;
}

// What the tickets themselves say of their orders' first entries.
Walked walked_by_facts(MemoryLedger& at, const std::vector<const Record*>& records, std::uint32_t& on_replaced) {
    Walked walked;
    auto reader = at.reader();
    std::set<TicketId> tickets;
    std::map<TicketId, TicketId> former;
    for (const auto* record : records) {
        if (const auto* verdict = std::get_if<Verdict>(&record->body); verdict != nullptr && verdict->ticket)
            tickets.insert(*verdict->ticket);
        if (const auto* reissue = std::get_if<Reissue>(&record->body)) former[{record->ref(), 1}] = reissue->replaced;
    }
    for (const auto& ticket : tickets) {
        const auto facts = reader.ticket(ticket);
        auto first = ticket;
        std::set<TicketId> passed;  // tickets that took each other's place have no order among them
        for (auto at_former = former.find(first); at_former != former.end() && passed.insert(first).second;
             at_former = former.find(first))
            first = at_former->second;
        const auto origin = reader.ticket(first).origin;
        if (!origin || !origin->order_code) continue;
        if (first != ticket) on_replaced += facts.held();
        for (const auto& [verdict, use] : facts.uses)
            if (use.direction == Direction::entry && !use.reentry && use.turned() > 0) walked[verdict] = use.turned();
    }
    return walked;
}

}  // namespace

TEST_CASE("a use is told of when persons walked through, with its order, whichever of the two arrives first") {
    auto central = opened(central_node);
    auto gate = opened(NodeId{2});
    const auto order = central.add(order_for(2));
    const auto verdict = gate.admit({order, 1}, 2);
    gate.pass(verdict, PassageOutcome::turned);
    gate.pass(verdict, PassageOutcome::turned);
    for (const bool order_first : {true, false}) {
        MemoryLedger at;
        store(*at.ledger, order_first ? central.records : gate.records);
        store(*at.ledger, order_first ? gate.records : central.records);
        auto reader = at.reader();
        const auto told = Reports{reader, at.ledger->venue()}.redemptions("", 1);
        REQUIRE(told.size() == 1);
        CHECK(told[0].code == "OTA-1");
        CHECK(told[0].order == "order-9");
        CHECK(told[0].channel == "ota");
        CHECK(told[0].gate == GateName{"south"});
        Seller seller;
        seller.page(at, 1);
        seller.page(at, 1);
        seller.page(at, 1);
        CHECK(seller.walked == Walked{{verdict, 2}});
        CHECK(reader.order_by_code("OTA-1") == TicketId{order, 1});
    }
}

TEST_CASE("a use whose verdict arrives after its resolution is told of to a seller who was past it already") {
    auto central = opened(central_node);
    auto gate_a = opened(NodeId{2});
    auto gate_b = opened(NodeId{3});
    const auto first = central.add(order_for(2, "OTA-1"));
    const auto second = central.add(order_for(1, "OTA-2"));
    const auto lost = gate_a.admit({first, 1}, 2);
    gate_a.pass(lost, PassageOutcome::unknown, 2);
    gate_b.add(resolved(lost, PassageOutcome::turned, 2));
    const auto later = gate_b.admit({second, 1}, 1, Confirmation::at_once);
    MemoryLedger at;
    store(*at.ledger, central.records);
    store(*at.ledger, gate_b.records);
    Seller seller;
    seller.page(at);
    CHECK(seller.walked == Walked{{later, 1}});
    store(*at.ledger, gate_a.records);
    seller.page(at);
    CHECK(seller.walked == Walked{{lost, 2}, {later, 1}});
}

TEST_CASE("uses of an order that arrives after them are told of to a seller who was past them already") {
    auto central = opened(central_node);
    auto gate = opened(NodeId{2});
    const auto known = central.add(order_for(1, "OTA-1"));
    auto early = central;
    const auto unheard = central.add(order_for(1, "OTA-2"));
    const auto first = gate.admit({unheard, 1}, 1, Confirmation::at_once);
    const auto second = gate.admit({known, 1}, 1, Confirmation::at_once);
    MemoryLedger at;
    store(*at.ledger, early.records);
    store(*at.ledger, gate.records);
    Seller seller;
    seller.page(at);
    CHECK(seller.walked == Walked{{second, 1}});
    store(*at.ledger, {central.last()});
    seller.page(at);
    CHECK(seller.walked == Walked{{first, 1}, {second, 1}});
}

TEST_CASE("a use of a ticket that took an order's place is told of as that order's, whatever arrives first") {
    auto central = opened(central_node);
    auto booth = opened(NodeId{1});
    auto other_booth = opened(NodeId{2});
    auto gate = opened(NodeId{3});
    const auto order = central.add(order_for(2));
    const auto fresh = replace(booth, {order, 1});
    const auto fresher = replace(other_booth, fresh);
    const auto replaced_sale = replace(other_booth, {booth.sell(1), 1});
    const auto turned = gate.admit(fresh, 1);
    gate.pass(turned, PassageOutcome::turned);
    const auto at_once = gate.admit(fresher, 2, Confirmation::at_once);
    gate.admit(replaced_sale, 1, Confirmation::at_once);
    std::vector<const Chain*> chains{&central, &booth, &other_booth, &gate};
    std::ranges::sort(chains);
    std::optional<Hash> state;
    do {
        MemoryLedger at;
        Seller seller;
        for (const auto* chain : chains) {
            store(*at.ledger, chain->records);
            seller.page(at);
        }
        CHECK(seller.walked == Walked{{turned, 1}, {at_once, 2}});
        CHECK(state.value_or(at.state()) == at.state());
        state = at.state();
        auto reader = at.reader();
        for (const auto& use : Reports{reader, at.ledger->venue()}.redemptions("", 10)) CHECK(use.code == "OTA-1");
        REQUIRE(at.ledger->rebuild());
        CHECK(at.state() == state);
    } while (std::ranges::next_permutation(chains).found);
}

TEST_CASE("tickets that name each other as replaced are no order's, and a ticket is not followed without end") {
    auto central = opened(central_node);
    auto booth = opened(NodeId{1});
    auto liar = opened(NodeId{2});
    auto gate = opened(NodeId{3});
    const TicketId circle{{NodeId{2}, Epoch{1}, Seq{2}}, 1};
    const auto back = replace(booth, circle);
    REQUIRE(replace(liar, back) == circle);
    gate.admit(circle, 1, Confirmation::at_once);
    const auto order = central.add(order_for(1));
    TicketId fresh{order, 1};
    std::vector<RecordRef> uses;
    for (int times = 1; times <= 66; ++times) {
        fresh = replace(booth, fresh);
        uses.push_back(gate.admit(fresh, 1, Confirmation::at_once));
    }
    using Order = std::vector<const Chain*>;
    for (const auto& chains : {Order{&central, &booth, &liar, &gate}, Order{&gate, &liar, &booth, &central}}) {
        MemoryLedger at;
        for (const auto* chain : chains) store(*at.ledger, chain->records);
        Seller seller;
        seller.page(at);
        CHECK(seller.walked.size() == 64);
        CHECK(seller.walked.contains(uses[63]));
        CHECK_FALSE(seller.walked.contains(uses[64]));
    }
}

TEST_CASE("a passage that several nodes resolved counts once, in every order of arrival") {
    auto central = opened(central_node);
    auto gate_a = opened(NodeId{2});
    auto gate_b = opened(NodeId{3});
    auto gate_c = opened(NodeId{4});
    const auto order = central.add(order_for(3));
    const auto verdict = gate_a.admit({order, 1}, 3);
    gate_a.pass(verdict, PassageOutcome::turned);
    gate_a.pass(verdict, PassageOutcome::unknown, 2);
    gate_a.add(resolved(verdict, PassageOutcome::turned, 2));
    gate_b.add(resolved(verdict, PassageOutcome::turned, 2));
    gate_c.add(resolved(verdict, PassageOutcome::abandoned, 2));
    std::vector<const Chain*> chains{&central, &gate_a, &gate_b, &gate_c};
    std::ranges::sort(chains);
    std::optional<Hash> state;
    do {
        MemoryLedger at;
        Seller seller;
        for (const auto* chain : chains) {
            store(*at.ledger, chain->records);
            seller.page(at);
        }
        CHECK(seller.walked == Walked{{verdict, 3}});
        CHECK(state.value_or(at.state()) == at.state());
        state = at.state();
        auto reader = at.reader();
        CHECK(reader.ticket({order, 1}).held() == 3);
        CHECK(Reports{reader, at.ledger->venue()}.conflicts(false).empty());
    } while (std::ranges::next_permutation(chains).found);
}

TEST_CASE("a turn adds nothing to a use that was confirmed at once, whichever of the two arrives first") {
    auto central = opened(central_node);
    auto gate_a = opened(NodeId{2});
    auto gate_b = opened(NodeId{3});
    const auto order = central.add(order_for(2));
    const auto verdict = gate_a.admit({order, 1}, 2, Confirmation::at_once);
    gate_b.pass(verdict, PassageOutcome::turned, 2);
    for (const bool turn_first : {true, false}) {
        MemoryLedger at;
        Seller seller;
        store(*at.ledger, central.records);
        for (const auto* gate : {turn_first ? &gate_b : &gate_a, turn_first ? &gate_a : &gate_b}) {
            store(*at.ledger, gate->records);
            seller.page(at);
        }
        CHECK(seller.walked == Walked{{verdict, 2}});
    }
}

TEST_CASE("a seller who pages while journals arrive at random comes to what the tickets say, also across a rebuild") {
    std::uint32_t met = 0;
    std::uint32_t on_replaced = 0;
    for (std::uint64_t seed = 1; seed <= 16; ++seed) {
        CAPTURE(seed);
        const RandomVenue venue{seed / 2, 500};
        const auto records = venue.interleaved(seed);
        MemoryLedger at;
        Seller seller;
        for (std::size_t i = 0; i < records.size(); i += 7) {
            std::vector<Record> piece;
            for (std::size_t j = i; j < std::min(i + 7, records.size()); ++j) piece.push_back(*records[j]);
            store(*at.ledger, piece);
            seller.page(at, 1 + i % 3);
            if (i == 14 * seed) REQUIRE(at.ledger->rebuild());
        }
        seller.page(at, records.size());
        CHECK(seller.walked == walked_by_facts(at, records, on_replaced));
        Seller late;
        late.page(at, records.size());
        CHECK(late.walked == seller.walked);
        for (const auto& [verdict, persons] : seller.walked) met += persons;
    }
    CHECK(met > 20);
    CHECK(on_replaced > 0);
}

TEST_CASE("a cursor that this database did not give begins at the start") {
    auto central = opened(central_node);
    auto gate = opened(NodeId{2});
    const auto order = central.add(order_for(2));
    gate.admit({order, 1}, 1, Confirmation::at_once);
    MemoryLedger replaced;
    store(*replaced.ledger, central.records);
    store(*replaced.ledger, gate.records);
    Seller seller;
    seller.page(replaced);
    auto other = opened(NodeId{3});
    const auto elsewhere = other.admit({order, 1}, 1, Confirmation::at_once);
    MemoryLedger at;
    store(*at.ledger, central.records);
    store(*at.ledger, other.records);
    auto reader = at.reader();
    Reports reports{reader, at.ledger->venue()};
    for (const std::string cursor :
         {"nonsense", "1", "2-1-2", "1.", ".3-1-2", "1.3-1-3", "2.3-1-2", "1.3-1-99999999999", "-1.3-1-2"}) {
        CAPTURE(cursor);
        CHECK(reports.redemptions(cursor, 10).size() == 1);
    }
    seller.page(at);
    CHECK(seller.walked.at(elsewhere) == 1);
    CHECK(reports.redemptions(seller.cursor, 10).empty());
}

TEST_CASE("a use and an unverified tender that a suspect clock wrote are dated as the reports date them") {
    auto central = opened(central_node);
    auto gate = opened(NodeId{2});
    const auto order = central.add(order_for(1));
    gate.now.clock = ClockQuality::suspect;
    gate.now.wall = WallTime{3'600'000};
    gate.now.business_date = Date{0};
    Sale sale;
    sale.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{8'000}}};
    sale.tenders = {{TenderKind::wechat, TenderState::unverified, Minor{8'000}, ""}};
    sale.total = Minor{8'000};
    TicketPayload payload;
    payload.id = {gate.next(), 1};
    payload.product = ProductId{"adult"};
    payload.valid_from = payload.valid_to = test_date;
    payload.zones = {ZoneId{"park"}};
    sale.tickets = {encode_payload(payload).value()};
    gate.add(sale);
    gate.pass(gate.admit({order, 1}), PassageOutcome::turned);
    MemoryLedger at;
    store(*at.ledger, central.records);
    store(*at.ledger, gate.records);
    auto reader = at.reader();
    const auto dates = [&] {
        const auto use = Reports{reader, at.ledger->venue()}.redemptions("", 1).at(0);
        const auto tender = reader.unverified_tenders(1).at(0);
        CHECK(reader.tender(tender.sale, tender.line)->business_date == tender.business_date);
        return std::pair{use.business_date, tender.business_date};
    };
    CHECK(dates() == std::pair{Date{0}, Date{0}});
    gate.now.clock = ClockQuality::synced;
    gate.add(ClockCorrected{gate.now.boot, test_noon.value - 3'600'000});
    store(*at.ledger, {gate.last()});
    CHECK(dates() == std::pair{test_date, test_date});
    CHECK(Reports{reader, at.ledger->venue()}.sales(test_date).lines.size() == 1);
}
