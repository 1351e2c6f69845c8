#include "sync/ledger/reports.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sync/ledger/snapshot.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

TEST_CASE("a settled tender counts as settled last, whichever comes first, and what was confirmed at once stays so") {
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    auto sale = std::get<Sale>(booth.last().body);
    booth.records.pop_back();
    booth.now.prev = booth.last().hash;
    booth.now.seq = Seq{2};
    sale.tenders = {{TenderKind::wechat, TenderState::unverified, Minor{4000}, ""},
                    {TenderKind::cash, TenderState::confirmed, Minor{2000}, ""}};
    const auto sold = booth.add(sale);
    Chain central{central_node};
    central.open_epoch();
    central.add(TenderSettled{sold, 0, TenderState::confirmed, "wx-1"});
    central.add(TenderSettled{sold, 0, TenderState::failed, "wx-1"});
    central.add(TenderSettled{sold, 1, TenderState::failed, ""});
    MemoryLedger sale_first;
    store(*sale_first.ledger, booth.records);
    CHECK(sale_first.reader().unverified_tenders(9).size() == 1);
    store(*sale_first.ledger, central.records);
    MemoryLedger sale_last;
    store(*sale_last.ledger, central.records);
    store(*sale_last.ledger, booth.records);
    CHECK(sale_first.state() == sale_last.state());
    auto reader = sale_last.reader();
    CHECK(reader.tender(sold, 0)->state == TenderState::failed);
    CHECK(reader.tender(sold, 0)->asked);
    CHECK(reader.tender(sold, 1)->state == TenderState::confirmed);
    CHECK_FALSE(reader.tender(sold, 2));
    CHECK(reader.unverified_tenders(9).empty());
    CHECK(reader.unverified_total(NodeId{1}) == Minor{0});
}

TEST_CASE("what a refund handed back of unverified tenders is settled with them, whichever comes first") {
    Chain booth{NodeId{1}};
    booth.open_epoch();
    const auto shift = booth.add(ShiftOpened{ClientId{"s"}, WindowName{"window-1"}, Minor{0}});
    Sale sale;
    sale.window = WindowName{"window-1"};
    sale.shift = shift;
    sale.tenders = {{TenderKind::wechat, TenderState::unverified, Minor{100}, ""},
                    {TenderKind::alipay, TenderState::unverified, Minor{60}, ""},
                    {TenderKind::alipay, TenderState::unverified, Minor{40}, ""},
                    {TenderKind::card, TenderState::unverified, Minor{30}, ""},
                    {TenderKind::voucher, TenderState::confirmed, Minor{10}, "v-1"}};
    sale.total = Minor{240};
    const auto sold = booth.add(sale);
    // Another node's, as it may refund what it has a copy of.
    Chain other{NodeId{2}};
    other.open_epoch();
    Refund refund;
    refund.sale = sold;
    refund.shift = other.add(ShiftOpened{ClientId{"t"}, WindowName{"window-2"}, Minor{0}});
    refund.tenders = {{TenderKind::wechat, TenderState::unverified, Minor{100}, ""},
                      {TenderKind::alipay, TenderState::unverified, Minor{100}, ""},
                      {TenderKind::card, TenderState::unverified, Minor{30}, ""},
                      {TenderKind::voucher, TenderState::confirmed, Minor{10}, ""}};
    refund.total = Minor{240};
    other.add(refund);
    Chain central{central_node};
    central.open_epoch();
    central.add(TenderSettled{sold, 0, TenderState::confirmed, ""});
    central.add(TenderSettled{sold, 0, TenderState::failed, ""});
    central.add(TenderSettled{sold, 1, TenderState::failed, ""});
    central.add(TenderSettled{sold, 2, TenderState::confirmed, ""});
    central.add(TenderSettled{sold, 4, TenderState::failed, ""});  // nobody asked

    std::vector<const Chain*> order{&central, &booth, &other};
    std::ranges::sort(order);
    std::optional<Hash> state;
    do {
        MemoryLedger at;
        for (const auto* chain : order) store(*at.ledger, chain->records);
        if (state) REQUIRE(at.state() == *state);
        state = at.state();
        auto reader = at.reader();
        const auto taken = reader.shift(shift).value();
        CHECK(taken.tenders == std::map<TenderKind, Minor>{{TenderKind::alipay, Minor{40}},
                                                           {TenderKind::card, Minor{30}},
                                                           {TenderKind::voucher, Minor{10}}});
        const auto paid = reader.shift(refund.shift).value();
        CHECK(paid.refunded == std::map<TenderKind, Minor>{{TenderKind::alipay, Minor{100}},
                                                           {TenderKind::card, Minor{30}},
                                                           {TenderKind::voucher, Minor{10}}});
        CHECK_FALSE(paid.tenders.contains(TenderKind::wechat));
        std::map<TenderKind, TenderState> states;
        for (const auto& row : Reports{reader, at.ledger->venue()}.sales(test_date).tenders)
            if (row.refunded.value != 0) states[row.kind] = row.state;
        CHECK(states == std::map<TenderKind, TenderState>{{TenderKind::wechat, TenderState::failed},
                                                          {TenderKind::alipay, TenderState::confirmed},
                                                          {TenderKind::card, TenderState::unverified},
                                                          {TenderKind::voucher, TenderState::confirmed}});
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("sales and refunds of a date add up by product, tender and shift") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.now.actor = OperatorName{"amy"};
    const auto shift = booth.add(ShiftOpened{ClientId{"s"}, WindowName{"window-1"}, Minor{10'000}});
    booth.sell(2);
    auto sale = std::get<Sale>(booth.last().body);
    booth.records.pop_back();
    booth.now.prev = booth.last().hash;
    booth.now.seq = Seq{3};
    sale.shift = shift;
    sale.tenders = {{TenderKind::cash, TenderState::confirmed, Minor{8000}, ""},
                    {TenderKind::wechat, TenderState::unverified, Minor{5000}, "wx-1"}};
    sale.change = Minor{1000};
    const auto sold = booth.add(sale);
    booth.refund({sold, 1});
    auto refund = std::get<Refund>(booth.last().body);
    booth.records.pop_back();
    booth.now.prev = booth.last().hash;
    booth.now.seq = Seq{4};
    refund.shift = shift;
    booth.add(refund);
    booth.add(CashMoved{ClientId{"in"}, shift, CashDirection::pay_in, Minor{300}, "coins"});
    booth.add(ShiftClosed{ClientId{"c"}, shift, Minor{11'300}, Minor{11'300}});
    store(*at.ledger, booth.records);

    auto reader = at.reader();
    Reports reports{reader, at.ledger->venue()};
    const auto day = reports.sales(test_date);
    CHECK(day.sales == 1);
    CHECK(day.total == Minor{12'000});
    CHECK(day.refunded == Minor{6000});
    REQUIRE(day.lines.size() == 1);
    CHECK(day.lines[0].tickets == 2);
    CHECK(day.lines[0].amount == Minor{12'000});
    CHECK(day.lines[0].refunded_tickets == 1);
    CHECK(day.lines[0].refunded == Minor{6000});
    REQUIRE(day.tenders.size() == 2);
    CHECK(day.tenders[0].kind == TenderKind::cash);
    CHECK(day.tenders[0].taken == Minor{7000});
    CHECK(day.tenders[0].refunded == Minor{6000});
    CHECK(day.tenders[1].state == TenderState::unverified);
    CHECK(reader.unverified_total(NodeId{1}) == Minor{5000});

    const auto shifts = reports.shifts(test_date);
    REQUIRE(shifts.size() == 1);
    const auto& facts = shifts[0].facts;
    CHECK(facts.clerk == OperatorName{"amy"});
    CHECK(facts.cash_sales == Minor{7000});
    CHECK(facts.cash_refunds == Minor{6000});
    CHECK(facts.expected_cash() == Minor{11'300});
    using Sums = std::map<TenderKind, Minor>;
    CHECK(facts.tenders == Sums{{TenderKind::cash, Minor{1000}}, {TenderKind::wechat, Minor{5000}}});
    CHECK(facts.refunded == Sums{{TenderKind::cash, Minor{6000}}});
    CHECK(facts.unverified == Sums{{TenderKind::wechat, Minor{5000}}});
    CHECK(facts.counted == Minor{11'300});
    CHECK(shifts[0].closed.has_value());
    CHECK_FALSE(reader.open_shift(NodeId{1}, WindowName{"window-1"}));
    CHECK(reports.sales(Date{test_date.value - 1}).lines.empty());
}

TEST_CASE("who may have gone out by an exit makes the fewest that are inside, who may have come in the most") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    Chain gate{NodeId{2}};
    booth.open_epoch();
    gate.open_epoch();
    const auto sold = booth.sell(3, 4);
    gate.pass(gate.admit({sold, 1}, 4), PassageOutcome::turned, 4);
    gate.admit({sold, 2}, 3);  // may be walking in
    auto out = std::get<Verdict>(gate.last().body);
    out.ticket = {sold, 1};
    out.direction = Direction::exit;
    out.persons = 2;
    const auto leaving = gate.add(out);
    gate.pass(leaving, PassageOutcome::turned);  // the other may be walking out
    store(*at.ledger, booth.records);
    store(*at.ledger, gate.records);
    const auto zones = at.reader().occupancy(test_date);
    REQUIRE(zones.size() == 1);
    CHECK(zones[0].inside() == 3);
    CHECK(zones[0].inside_at_least() == 2);
    CHECK(zones[0].inside_at_most() == 6);
}

TEST_CASE("admissions of a date count persons that walked through, by gate and hour, and refusals by reason") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    Chain gate{NodeId{2}};
    booth.open_epoch();
    gate.open_epoch();
    const auto sold = booth.sell(3, 2);
    const auto first = gate.admit({sold, 1}, 2);
    gate.pass(first, PassageOutcome::turned, 2);
    const auto second = gate.admit({sold, 2}, 2);
    gate.pass(second, PassageOutcome::turned);
    gate.pass(second, PassageOutcome::abandoned);
    gate.admit({sold, 3}, 2);  // still open
    Verdict refused;
    refused.gate = GateName{"south"};
    refused.lane = LaneName{"lane-1"};
    refused.decision = Decision::refuse;
    refused.reason = Reason::already_used;
    gate.add(refused);
    refused.repeats = 3;
    gate.add(refused);
    LaneCounted counted;
    counted.zone = ZoneId{"park"};
    counted.cause = CountCause::emergency;
    counted.persons = 5;
    gate.add(counted);
    counted.cause = CountCause::green_mode;
    gate.add(counted);
    store(*at.ledger, booth.records);
    store(*at.ledger, gate.records);

    auto reader = at.reader();
    const auto day = Reports{reader, at.ledger->venue()}.admissions(test_date);
    REQUIRE(day.admissions.size() == 1);
    CHECK(day.admissions[0].hour == 12);
    CHECK(day.admissions[0].tickets == 3);
    CHECK(day.admissions[0].persons == 3);
    CHECK(day.admissions[0].uncertain == 2);
    REQUIRE(day.refusals.size() == 1);
    CHECK(day.refusals[0].reason == Reason::already_used);
    CHECK(day.refusals[0].count == 4);  // the first scan, and a record of three more
    CHECK(day.counts.size() == 2);

    const auto zones = reader.occupancy(test_date);
    REQUIRE(zones.size() == 1);
    CHECK(zones[0].entered == 8);
    CHECK(zones[0].maybe_entered == 2);
    CHECK(zones[0].inside_at_least() == 8);
    CHECK(zones[0].inside_at_most() == 10);
    CHECK(reader.admitted(NodeId{2}, test_date).at(LaneName{"lane-1"}) == 3);

    const auto open = reader.open_reservations(NodeId{2});
    REQUIRE(open.size() == 1);
    CHECK(open[0].persons == 2);
}

TEST_CASE("a start finds the persons who came in, under the date that a corrected clock gives their verdicts") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    Chain gate{NodeId{2}};
    booth.open_epoch();
    gate.open_epoch();
    const auto sold = booth.sell(2, 2);
    gate.now.clock = ClockQuality::suspect;
    gate.now.wall = WallTime{3'600'000};
    gate.now.business_date = Date{0};
    gate.pass(gate.admit({sold, 1}, 2), PassageOutcome::turned, 2);
    const auto second = gate.admit({sold, 2}, 2);
    store(*at.ledger, booth.records);
    store(*at.ledger, gate.records);
    auto reader = at.reader();
    CHECK(reader.admitted(NodeId{2}, Date{0}) == std::map<LaneName, std::uint32_t>{{LaneName{"lane-1"}, 2}});
    gate.now.clock = ClockQuality::synced;
    gate.add(ClockCorrected{gate.now.boot, test_noon.value - 3'600'000});
    store(*at.ledger, {gate.last()});
    CHECK(reader.admitted(NodeId{2}, Date{0}).empty());
    CHECK(reader.admitted(NodeId{2}, test_date) == std::map<LaneName, std::uint32_t>{{LaneName{"lane-1"}, 2}});
    gate.pass(second, PassageOutcome::turned, 3);  // more than were reserved
    store(*at.ledger, {gate.last()});
    CHECK(reader.admitted(NodeId{2}, test_date).at(LaneName{"lane-1"}) == 4);
    CHECK(reader.admitted(NodeId{1}, test_date).empty());
}

TEST_CASE("completeness knows what was announced and not received") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    store(*at.ledger, booth.records);
    booth.sell(1);
    REQUIRE(at.ledger->begin());
    REQUIRE(at.ledger->note_announced(booth.head()));
    REQUIRE(at.ledger->commit());
    auto reader = at.reader();
    Reports reports{reader, at.ledger->venue()};
    auto rows = reports.completeness(test_date);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].name == NodeName{"node-1"});
    CHECK(rows[0].received == Seq{2});
    CHECK(rows[0].known == Seq{3});
    CHECK(rows[0].has_date);
    CHECK_FALSE(reports.completeness(Date{0})[0].has_date);
    store(*at.ledger, {booth.last()});
    CHECK(reports.completeness(test_date)[0].known == Seq{3});
}

TEST_CASE("amounts that add up to more than a number holds are told as the most there is, and no read fails") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    const auto shift = booth.add(ShiftOpened{ClientId{"s"}, WindowName{"window-1"}, Minor{0}});
    for (int i = 0; i < 2; ++i) {
        Sale sale;
        sale.shift = shift;
        sale.tenders = {{TenderKind::cash, TenderState::unverified, Minor{1}, ""}};
        Refund refund;
        refund.sale = booth.add(sale);
        refund.shift = shift;
        refund.tenders = {{TenderKind::card, TenderState::confirmed, Minor{1}, ""}};
        booth.add(refund);
        booth.add(CashMoved{ClientId{}, shift, CashDirection::pay_in, Minor{1}, ""});
    }
    store(*at.ledger, booth.records);
    // As millions of records would.
    for (const char* sql :
         {"UPDATE tender SET amount = 9223372036854775807", "UPDATE sale SET total = 9223372036854775807",
          "UPDATE refund SET total = 9223372036854775807", "UPDATE cash_move SET amount = 9223372036854775807"})
        REQUIRE(at.ledger->database().execute(sql));
    auto reader = at.reader();
    const Minor most{std::int64_t{1} << 53};
    const auto facts = reader.shift(shift).value();
    CHECK(facts.tenders.at(TenderKind::cash) == most);
    CHECK(facts.refunded.at(TenderKind::card) == most);
    CHECK(facts.paid_in == most);
    CHECK(reader.unverified_total(NodeId{1}) == most);
    const auto day = Reports{reader, at.ledger->venue()}.sales(test_date);
    CHECK(day.total == most);
    CHECK(day.refunded == most);
    REQUIRE(day.tenders.size() == 2);
    CHECK(day.tenders[0].taken == Minor{INT64_MAX});
    CHECK(at.ledger->fault() == Fault::none);
}

TEST_CASE("a command is found as what the asked node made of it, whoever else wrote its id") {
    MemoryLedger at;
    Chain former{NodeId{1}};
    former.open_epoch();
    const auto copied = former.add(CashMoved{ClientId{"c"}, {}, CashDirection::pay_in, Minor{1}, ""});
    Chain booth{NodeId{2}};
    booth.open_epoch();
    const auto own = booth.add(CashMoved{ClientId{"c"}, {}, CashDirection::pay_out, Minor{2}, ""});
    booth.add(CashMoved{ClientId{"c"}, {}, CashDirection::pay_out, Minor{2}, ""});
    store(*at.ledger, former.records);
    store(*at.ledger, booth.records);
    auto reader = at.reader();
    CHECK(reader.by_client(ClientId{"c"}, NodeId{2}) == own);
    CHECK(reader.by_client(ClientId{"c"}, NodeId{1}) == copied);
    CHECK(reader.by_client(ClientId{"c"}, NodeId{3}) == copied);
    CHECK(reader.by_client(ClientId{"d"}, NodeId{2}) == std::nullopt);
}

TEST_CASE("prints, logins, lanes, devices and nodes are read as the last record says") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    const auto sold = booth.sell(1);
    const auto reprint = booth.add(Reprint{ClientId{"r"}, {sold, 1}, 1, "jam", DeviceName{"printer-1"}});
    booth.add(PrintResolved{reprint, PrintOutcome::ask, "power"});
    for (int i = 0; i < 3; ++i) booth.add(LoginAttempted{OperatorName{"amy"}});
    booth.add(LaneModeSet{LaneName{"lane-1"}, LaneMode::green, "peak"});
    booth.add(EmergencySet{true, "operator"});
    booth.add(DeviceChanged{DeviceName{"scan-1"}, DeviceState::offline, "unplugged"});
    booth.add(ConfigApplied{Hash{1}});
    booth.add(ConfigApplied{Hash{2}});
    store(*at.ledger, booth.records);
    auto reader = at.reader();
    REQUIRE(reader.unresolved_prints(NodeId{1}).size() == 1);
    CHECK(reader.unresolved_prints(NodeId{1})[0].asked);
    CHECK(reader.copies({sold, 1}) == 1);
    CHECK(reader.login(NodeId{1}, OperatorName{"amy"}).failures == 3);
    CHECK(reader.lane(NodeId{1}, LaneName{"lane-1"})->mode == LaneMode::green);
    CHECK(reader.emergency(NodeId{1})->open);
    CHECK(reader.devices(NodeId{1}).at(DeviceName{"scan-1"}).state == DeviceState::offline);
    CHECK(reader.config_applied(NodeId{1}) == Hash{2});
    CHECK(reader.config_applied(NodeId{2}) == std::nullopt);
    CHECK(reader.nodes()[0].name == NodeName{"node-1"});
    CHECK(reader.trusted_wall(NodeId{1}) == booth.last().header.wall);
    CHECK(reader.by_client(ClientId{"r"}, NodeId{1}) == reprint);
    CHECK(reader.sale_by_client(ClientId{"sale-" + to_string(sold)}, NodeId{1})->ref == sold);
    booth.add(PrintResolved{reprint, PrintOutcome::printed, ""});
    booth.add(LoginSucceeded{OperatorName{"amy"}});
    store(*at.ledger, {booth.records[booth.records.size() - 2], booth.last()});
    CHECK(reader.unresolved_prints(NodeId{1}).empty());
    CHECK(reader.login(NodeId{1}, OperatorName{"amy"}).failures == 0);
}

TEST_CASE("reads inside a snapshot see one state, whatever is committed meanwhile") {
    ScratchDirectory directory;
    const auto path = directory.path() / "journal.db";
    auto ledger = Ledger::open(path, test_ledger_options());
    REQUIRE(ledger);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    store(*ledger, booth.records);
    auto reader = LedgerReader::open(path);
    REQUIRE(reader);
    Reports reports{*reader, test_ledger_options().venue};
    const auto sold = [&] { return reports.sales(test_date).sales; };
    Chain gate{NodeId{2}};
    gate.open_epoch();
    gate.sell(1);
    {
        const Snapshot look{reader->database()};
        CHECK(sold() == 1);
        store(*ledger, gate.records);
        CHECK(sold() == 1);
    }
    CHECK(sold() == 2);
}
