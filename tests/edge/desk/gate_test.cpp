#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

Verdict foreign_admission(std::uint64_t seq) {
    Verdict verdict;
    verdict.lane = LaneName{"lane-9"};
    verdict.gate = GateName{"north"};
    verdict.zone = ZoneId{"park"};
    verdict.ticket = TicketId{{NodeId{9}, Epoch{1}, Seq{seq}}, 1};
    verdict.product = ProductId{"adult"};
    verdict.persons = 1;
    return verdict;
}

}  // namespace

TEST_CASE("from a scanner's text to the barrier: judged, recorded, synced, opened, turned") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    CHECK(rig.take<OpenBarrier>().empty());
    CHECK(rig.take<ShowVerdict>().empty());
    REQUIRE(rig.pending.size() == 1);
    const auto verdict = rig.pending[0]->ref();
    rig.sync();
    const auto shown = rig.take<ShowVerdict>();
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].signal == Signal::welcome);
    CHECK(shown[0].reply.verdict == verdict);
    rig.walk();
    CHECK(rig.stored<Passage>() == std::vector{Passage{verdict, PassageOutcome::turned, Evidence::device, 1, 0}});
    CHECK(rig.desk->status(rig.clock).lanes[0].admitted_today == 1);
    CHECK(rig.desk->status(rig.clock).lanes[0].phase == LanePhase::idle);
}

TEST_CASE("an emergency is written before what follows from it: who was let in, and who is refused") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.sync();
    rig.step(read(foreign_code(2)));  // the next in line
    const auto before = rig.journal().size();
    rig.step(TurnstileReported{turnstile, drivers::ReportInput{drivers::GateInput::fire, true}});
    rig.settle();
    REQUIRE(rig.journal().size() == before + 3);
    CHECK(std::holds_alternative<EmergencySet>(rig.journal()[before].body));
    CHECK(std::get<Passage>(rig.journal()[before + 1].body).outcome == PassageOutcome::unknown);
    CHECK(std::get<Verdict>(rig.journal()[before + 2].body).reason == Reason::lane_closed);
}

TEST_CASE("a code that is foreseen is judged ahead, and nothing comes of it before it is scanned") {
    Gate rig;
    const auto asked = rig.step(ScanForeseen{DeviceName{"scan-1"}, foreign_code(1)});
    REQUIRE(asked.size() == 1);
    CHECK(std::holds_alternative<StandReady>(asked[0]));
    CHECK(rig.pending.empty());
    CHECK(rig.step(ScanForeseen{DeviceName{"scan-1"}, "half of a code"}).empty());
    rig.step(ScanForeseen{DeviceName{"scan-1"}, foreign_code(1)});
    rig.step(read(foreign_code(2)));  // another one, after all
    REQUIRE(rig.pending.size() == 1);
    CHECK(std::get<Verdict>(rig.pending[0]->body).ticket->sold.seq == Seq{2});
}

TEST_CASE("what was found out ahead does not count once a fact has changed") {
    for (const bool meanwhile : {false, true}) {
        Gate rig;
        rig.step(ScanForeseen{DeviceName{"scan-1"}, foreign_code(1)});
        if (meanwhile) rig.other(9, foreign_admission(1));
        rig.step(read(foreign_code(1)));
        REQUIRE(rig.pending.size() == 1);
        const auto& verdict = std::get<Verdict>(rig.pending[0]->body);
        CHECK(verdict.decision == (meanwhile ? Decision::refuse : Decision::admit));
        CHECK(verdict.reason == (meanwhile ? Reason::already_used : Reason{}));
    }
    Gate rig;  // a foreseen code, its own use at another lane, and then its scan here
    rig.step(ScanForeseen{DeviceName{"scan-1"}, foreign_code(1)});
    rig.step(ScanRead{DeviceName{"scan-2"}, foreign_code(1)});
    rig.step(read(foreign_code(1)));
    REQUIRE(rig.pending.size() == 2);
    CHECK(std::get<Verdict>(rig.pending[1]->body).reason == Reason::already_used);
}

TEST_CASE("a good signature counts once for its code alone") {
    Gate rig;
    CHECK(rig.scan("lane-2", foreign_code(1)).decision == Decision::admit);
    auto forged = foreign_code(3);
    const auto known = foreign_code(1);
    forged.replace(forged.size() - 40, 40, known, known.size() - 40, 40);
    CHECK(rig.scan("lane-2", forged).reason == Reason::bad_signature);
}

TEST_CASE("a second try is refused with time, gate and lane of the first") {
    Gate rig;
    const auto first = rig.scan("lane-2", foreign_code(1));
    CHECK(first.decision == Decision::admit);
    const auto second = rig.scan("lane-2", foreign_code(1));
    CHECK(second.reason == Reason::already_used);
    REQUIRE(second.first_admission);
    CHECK(*second.first_admission ==
          FirstAdmission{rig.clock.wall, NodeId{7}, "booth", GateName{"south"}, LaneName{"lane-2"}});
}

TEST_CASE("what another gate admitted is refused on receipt, before it is stored") {
    Gate rig;
    rig.other(9, foreign_admission(1));
    const auto refused = rig.scan("lane-2", foreign_code(1));
    CHECK(refused.reason == Reason::already_used);
    CHECK(refused.first_admission->node_name == "booth-9");
    CHECK(refused.first_admission->gate == GateName{"north"});
    rig.store_foreign();
    CHECK(rig.scan("lane-2", foreign_code(1)).reason == Reason::already_used);
}

TEST_CASE("an abandoned passage of another gate gives the ticket back, in whichever part it arrives") {
    for (const bool stored : {false, true}) {
        Gate rig;
        const auto verdict = rig.other(9, foreign_admission(1));
        if (stored) rig.store_foreign();
        rig.other(9, Passage{verdict, PassageOutcome::abandoned, Evidence::timeout, 1, 0});
        CHECK(rig.scan("lane-2", foreign_code(1)).decision == Decision::admit);
    }
}

TEST_CASE("two lanes at once: what is not synced yet already counts") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.step(ScanRead{DeviceName{"scan-2"}, foreign_code(1)});
    REQUIRE(rig.pending.size() == 2);
    CHECK(std::get<Verdict>(rig.pending[1]->body).reason == Reason::already_used);
}

TEST_CASE("a scan and a refund of the same ticket never both succeed, synced or not") {
    Gate rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.step(read(sold.tickets[0].code));
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"clerk1"}},
                             MakeRefund{ClientId{"r"}, sold.sale, {}, {}, "rain"}});
    REQUIRE(rig.answers.size() == 1);
    CHECK(rig.answers[0].reply.error().code == ErrorCode::ticket_used);
}

TEST_CASE("nobody walks through: the ticket is good again") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.sync();
    const auto opened = rig.take<OpenBarrier>();
    rig.step(TurnstileReported{turnstile, drivers::ReportOpened{opened.at(0).id}});
    CHECK(rig.desk->deadline() == rig.clock.now + 5200ms);
    rig.tick(5200ms);
    rig.settle();
    CHECK(rig.stored<Passage>().back().outcome == PassageOutcome::abandoned);
    CHECK(rig.scan("lane-2", foreign_code(1)).decision == Decision::admit);
}

TEST_CASE("a scan by hand at a turnstile is answered when synced, and the same id again answers the same") {
    Gate rig;
    const Scan scan{ClientId{"h-1"}, LaneName{"lane-1"}, foreign_code(1, 2), {}, {}, {}, false};
    const auto first = rig.must<ScanReply>("gate1", scan);
    CHECK(first.decision == Decision::admit);
    CHECK(first.persons == 2);
    CHECK(rig.must<ScanReply>("gate1", scan).verdict == first.verdict);
    auto other = scan;
    other.code = foreign_code(2);
    CHECK(rig.refused("gate1", other) == ErrorCode::id_reused);
    rig.walk();
    rig.walk();
    CHECK(rig.stored<Passage>().size() == 2);
    CHECK(rig.stored<Verdict>().size() == 1);
    rig.restart();
    CHECK(rig.must<ScanReply>("gate1", scan).verdict == first.verdict);
}

TEST_CASE("a scan by hand that joins an open passage is answered the same after a restart, and uses nothing more") {
    Gate rig;
    const Scan first{ClientId{"h1"}, LaneName{"lane-1"}, foreign_code(3), {}, {}, {}, false};
    auto second = first;
    second.id = ClientId{"h2"};
    const auto began = rig.must<ScanReply>("gate1", first);
    const auto joined = rig.must<ScanReply>("gate1", second);
    CHECK(joined == began);
    CHECK(rig.stored<Verdict>().size() == 1);
    CHECK(rig.stored<ScanJoined>() == std::vector{ScanJoined{ClientId{"h2"}, *began.verdict}});
    rig.restart();
    CHECK(rig.must<ScanReply>("gate1", second).verdict == began.verdict);
    CHECK(rig.must<ScanReply>("gate1", second).decision == Decision::admit);
    second.lane = LaneName{"lane-2"};
    CHECK(rig.refused("gate1", second) == ErrorCode::id_reused);
    CHECK(rig.stored<Verdict>().size() == 1);
}

TEST_CASE("a bad code that is read again and again is recorded once, and once more with its count") {
    Gate rig;
    for (int i = 0; i < 4; ++i) {
        rig.step(read("https://example.com"));
        rig.settle();
        rig.tick(500ms);
    }
    CHECK(rig.take<ShowVerdict>().size() == 4);
    CHECK(rig.stored<Verdict>().size() == 1);
    rig.tick(5s);
    rig.settle();
    const auto verdicts = rig.stored<Verdict>();
    REQUIRE(verdicts.size() == 2);
    CHECK(verdicts[0].reason == Reason::unknown);
    CHECK(verdicts[0].repeats == 0);
    CHECK(verdicts[1].repeats == 3);
    CHECK_FALSE(verdicts[1].ticket);
}

TEST_CASE("a repeated refusal is shown when the first one's record is on the disk, not before") {
    Gate rig;
    rig.step(read("https://example.com"));
    rig.step(read("https://example.com"));
    CHECK(rig.take<ShowVerdict>().empty());
    rig.settle();
    CHECK(rig.take<ShowVerdict>().size() == 2);
}

TEST_CASE("a refusal that was lost with its record is recorded when the code is read again") {
    Gate rig;
    rig.step(read("https://example.com"));
    rig.step(read("https://example.com"));
    rig.fail_append();
    for (const auto& shown : rig.take<ShowVerdict>()) CHECK(shown.reply.reason == Reason::storage_unavailable);
    rig.step(read("https://example.com"));
    rig.settle();
    REQUIRE(rig.stored<Verdict>().size() == 1);
    CHECK(rig.stored<Verdict>()[0].repeats == 0);
}

TEST_CASE("another seller's order is admitted by its code, with what its product gives") {
    Gate rig;
    rig.central(OrderImported{"OTA-4711", "o-1", "ota", ProductId{"family"}, 3, 1, Date{20'000}, Date{20'001}});
    const auto admitted = rig.scan("lane-2", "OTA-4711", 1);
    CHECK(admitted.decision == Decision::admit);
    rig.store_foreign();
    CHECK(rig.scan("lane-2", "OTA-4711").persons == 2);
    CHECK(rig.scan("lane-2", "OTA-4711").reason == Reason::already_used);
    CHECK(rig.scan("lane-2", "OTA-4712").reason == Reason::unknown);
}

TEST_CASE("revoked tickets and revoked sellers are refused as soon as it is known") {
    Gate rig;
    rig.central(TicketRevoked{{{NodeId{9}, Epoch{1}, Seq{1}}, 1}, "stolen"});
    CHECK(rig.scan("lane-2", foreign_code(1)).reason == Reason::revoked);
    CHECK(rig.scan("lane-2", foreign_code(2)).decision == Decision::admit);
    rig.central(NodeRevoked{NodeId{9}, Epoch{1}, Seq{50}, "stolen"});
    CHECK(rig.scan("lane-2", foreign_code(3)).reason == Reason::revoked_key);
}

TEST_CASE("an unknown seller's ticket says so, and passes by an attendant's name") {
    Gate rig;
    TicketPayload ticket;
    ticket.id = {{NodeId{11}, Epoch{1}, Seq{1}}, 1};
    ticket.product = ProductId{"adult"};
    ticket.valid_from = ticket.valid_to = Date{20'000};
    ticket.zones = {ZoneId{"park"}};
    const auto code = issue_code(test::rig_key(11), test::rig_venue, *encode_payload(ticket));
    const auto refused = rig.scan("lane-2", code);
    CHECK(refused.reason == Reason::bad_signature);
    CHECK(refused.hint == "unknown_seller");
    CHECK_FALSE(refused.ticket);
    const auto passed = rig.must<ScanReply>("gate1", Scan{ClientId{"l"}, LaneName{"lane-2"}, code, {}, {}, {}, true});
    CHECK(passed.notes == std::vector{Note::unconfirmed});
    CHECK(rig.journal().back().header.actor == OperatorName{"gate1"});
}

TEST_CASE("one code waits while the lane is open, a third is told busy and not used") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.sync();
    rig.step(read(foreign_code(2)));
    rig.step(read(foreign_code(3)));
    const auto shown = rig.take<ShowVerdict>();
    REQUIRE(shown.size() == 2);
    CHECK(shown[1].signal == Signal::busy);
    rig.walk();
    CHECK(rig.stored<Verdict>().size() == 2);
    rig.walk();
    CHECK(rig.scan("lane-2", foreign_code(3)).decision == Decision::admit);
}

TEST_CASE("a scan by hand that is repeated while it waits for the next turn is answered once for both") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.sync();
    for (const std::uint64_t token : {900U, 901U})
        rig.step(CommandReceived{CommandToken{token}, Actor{OperatorName{"gate1"}},
                                 Scan{ClientId{"h-1"}, LaneName{"lane-1"}, foreign_code(2), {}, {}, {}, false}});
    CHECK(rig.answers.empty());
    rig.walk();
    REQUIRE(rig.answers.size() == 2);
    CHECK(std::get<ScanReply>(*rig.answers[0].reply).decision == Decision::admit);
    CHECK(std::get<ScanReply>(*rig.answers[1].reply) == std::get<ScanReply>(*rig.answers[0].reply));
    CHECK(rig.stored<Verdict>().size() == 2);
}

TEST_CASE("lane modes are recorded, then act, and are there again after a restart") {
    Gate rig;
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"gate1"}},
                             SetLaneMode{LaneName{"lane-1"}, LaneMode::green, "rush"}});
    CHECK(rig.take<HoldOpen>().empty());
    rig.sync();
    REQUIRE(rig.take<HoldOpen>().size() == 1);
    CHECK(std::get<DoneReply>(*rig.answers.at(0).reply).recorded);
    rig.step(read(foreign_code(1)));
    rig.sync();
    CHECK(rig.take<OpenBarrier>().empty());
    CHECK(rig.stored<Verdict>().back().confirmation == Confirmation::at_once);
    CHECK(rig.scan("lane-1", foreign_code(1)).reason == Reason::already_used);
    rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
    rig.tick(1s);
    rig.settle();
    REQUIRE(rig.stored<LaneCounted>().size() == 1);
    CHECK(rig.stored<LaneCounted>()[0].cause == CountCause::green_mode);
    rig.restart();
    CHECK(rig.desk->status(rig.clock).lanes[0].mode == LaneMode::green);
    CHECK(rig.take<HoldOpen>().size() == 1);
}

TEST_CASE("a free exit counts who shows a ticket there once, and who shows none by the turn") {
    Gate rig;
    rig.options.lanes[0].direction = Direction::exit;
    rig.restart();
    (void)rig.must<DoneReply>("gate1", SetLaneMode{LaneName{"lane-1"}, LaneMode::free, "evening"});
    const auto left = [&] {
        rig.tick(1s);
        rig.settle();
        const auto zones = rig.reader->occupancy(Date{20'000});
        return zones.empty() ? 0 : zones[0].left;
    };
    CHECK(rig.scan("lane-1", foreign_code(1)).decision == Decision::admit);
    CHECK(left() == 1);
    for (const int counted : {1, 2}) {
        rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::exit}});
        CHECK(left() == counted);
    }
}

TEST_CASE("a passage that nobody knows the end of is listed until an attendant says what became of it") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.sync();
    const auto opened = rig.take<OpenBarrier>();
    REQUIRE(opened.size() == 1);
    rig.step(TurnstileReported{turnstile, drivers::ReportOpened{opened[0].id}});
    rig.restart();
    rig.settle();
    const auto unknown = rig.reader->unknown_passages(NodeId{7}, Date{20'000});
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0].persons == 1);
    CHECK(unknown[0].lane == LaneName{"lane-1"});
    CHECK(unknown[0].ticket == TicketId{{NodeId{9}, Epoch{1}, Seq{1}}, 1});
    (void)rig.must<DoneReply>("gate1", ResolvePassage{ClientId{"x"}, unknown[0].verdict, PassageOutcome::turned});
    CHECK(rig.reader->unknown_passages(NodeId{7}, Date{20'000}).empty());
}

TEST_CASE("the clock: a gate in 1970 admits with a note, and its records are corrected once when time is known") {
    Gate rig;
    rig.restart();
    rig.step(PeersChanged{{NodeId{9}}});
    rig.clock.quality = ClockQuality::holdover;
    rig.clock.wall = WallTime{1000};
    const auto admitted = rig.scan("lane-2", foreign_code(1));
    CHECK(admitted.notes == std::vector{Note::clock_suspect});
    CHECK(rig.journal().back().header.clock == ClockQuality::suspect);
    rig.tick(60s);
    rig.step(TrustedTimeLearned{test::rig_noon.value});
    rig.settle();
    const auto corrections = rig.stored<ClockCorrected>();
    REQUIRE(corrections.size() == 1);
    CHECK(corrections[0].offset_ms == test::rig_noon.value);
    rig.step(TrustedTimeLearned{test::rig_noon.value});
    rig.tick(1s);
    rig.settle();
    CHECK(rig.stored<ClockCorrected>().size() == 1);
}

TEST_CASE("copied records go before bulk work only if replication says so, however few they are") {
    Gate gate;
    const auto few = std::make_shared<const std::vector<ledger::Record>>();
    gate.step(ForeignRecordsReceived{90, few, false});
    gate.step(ForeignRecordsReceived{91, few, true});
    const auto orders = gate.take<AppendForeign>();
    REQUIRE(orders.size() == 2);
    CHECK_FALSE(orders[0].live);
    CHECK(orders[1].live);
}
