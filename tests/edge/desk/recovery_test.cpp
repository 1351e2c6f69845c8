#include <algorithm>

#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using gatehouse::test::turnstile;
using namespace std::chrono_literals;

namespace {

SetEmergency emergency(bool open) { return {open}; }

}  // namespace

TEST_CASE("a passage that was under way when the process died is unknown, until an attendant says how it ended") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("family");
    rig.step(ScanRead{DeviceName{"scan-1"}, sold.tickets[0].code});
    rig.sync();
    rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
    rig.settle();
    const auto verdict = rig.stored<Passage>().at(0).verdict;
    rig.restart();
    const auto passages = rig.stored<Passage>();
    REQUIRE(passages.size() == 2);
    CHECK(passages[1] == Passage{verdict, PassageOutcome::unknown, Evidence::recovery, 3, 0});
    CHECK(rig.take<OpenBarrier>().empty());
    CHECK(rig.scan("lane-2", sold.tickets[0].code).reason == Reason::already_used);

    const ResolvePassage gone{ClientId{"x"}, verdict, PassageOutcome::abandoned};
    CHECK(rig.refused("clerk1", gone) == ErrorCode::forbidden);
    (void)rig.must<DoneReply>("gate1", gone);
    (void)rig.must<DoneReply>("gate1", gone);
    CHECK(rig.stored<Passage>().size() == 3);
    CHECK(rig.scan("lane-2", sold.tickets[0].code).persons == 3);
    rig.restart();
    CHECK(rig.stored<Passage>().size() == 3);
}

TEST_CASE("a print that was under way when the process died is asked about, never repeated by itself") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.restart();
    CHECK(rig.take<PrintTickets>().empty());
    REQUIRE(rig.desk->status(rig.clock).prints.size() == 1);
    CHECK(rig.desk->status(rig.clock).prints[0].ask);
    CHECK(rig.stored<PrintResolved>().at(0).outcome == PrintOutcome::ask);
    rig.restart();
    CHECK(rig.stored<PrintResolved>().size() == 1);
    (void)rig.must<DoneReply>("clerk1", ResolvePrint{sold.sale, true});
    CHECK(rig.desk->status(rig.clock).prints.empty());
    CHECK(rig.refused("clerk1", ResolvePrint{sold.sale, true}) == ErrorCode::not_found);
    rig.restart();
    CHECK(rig.desk->status(rig.clock).prints.empty());
}

TEST_CASE("the printer was lost on the way: somebody looks at the paper") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 2);
    rig.step(PrintEnded{sold.sale, drivers::ReportPrintUnknown{drivers::PrintJobId{1}, 1}});
    rig.settle();
    CHECK(rig.stored<PrintResolved>().at(0) == PrintResolved{sold.sale, PrintOutcome::ask, "printed 1"});
    CHECK(rig.desk->status(rig.clock).prints.at(0).ask);
}

TEST_CASE("a start is recorded, and says whether the former run stopped in order") {
    DeskRig rig;
    CHECK(std::holds_alternative<EpochOpened>(rig.journal().at(0).body));
    CHECK(rig.stored<NodeStarted>() == std::vector{NodeStarted{"test", false}});
    rig.step(StopOrdered{});
    rig.settle();
    CHECK(std::get<StorageClosed>(rig.journal().back().body).reason == "stop");
    rig.restart(true);
    CHECK(rig.stored<NodeStarted>().back() == NodeStarted{"test", true});
}

TEST_CASE("emergency opens every lane before it is recorded, latches, and closes by hand alone") {
    DeskRig rig;
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"clerk1"}}, emergency(true)});
    REQUIRE(rig.take<HoldOpen>().size() == 1);
    REQUIRE(rig.take<StoreLatch>().size() == 1);
    CHECK(rig.answers.empty());
    rig.sync();
    CHECK(std::get<DoneReply>(*rig.answers.at(0).reply).recorded);
    rig.answers.clear();
    CHECK(rig.stored<EmergencySet>() == std::vector{EmergencySet{true, "operator"}});
    rig.restart();
    CHECK(rig.desk->status(rig.clock).emergency);
    CHECK(rig.take<HoldOpen>().size() == 1);
    CHECK(rig.refused("clerk1", emergency(false)) == ErrorCode::forbidden);
    (void)rig.must<DoneReply>("boss", emergency(false));
    CHECK(rig.take<ReleaseBarrier>().size() == 1);
    CHECK(rig.take<StoreLatch>().back().open == false);
}

TEST_CASE("a fire input opens all lanes and does not close them when it ends") {
    DeskRig rig;
    rig.step(TurnstileReported{turnstile, drivers::ReportInput{drivers::GateInput::fire, true}});
    rig.step(TurnstileReported{turnstile, drivers::ReportInput{drivers::GateInput::fire, false}});
    rig.settle();
    CHECK(rig.desk->status(rig.clock).emergency);
    CHECK(rig.stored<EmergencySet>() == std::vector{EmergencySet{true, "fire_input"}});
}

TEST_CASE(
    "an emergency by fire is latched: it ends when a person has ended it and the input is clear, whichever is later") {
    const auto fire = [](bool active) {
        return TurnstileReported{turnstile, drivers::ReportInput{drivers::GateInput::fire, active}};
    };
    DeskRig rig;
    rig.step(fire(true));
    CHECK_FALSE(rig.must<DoneReply>("boss", emergency(false)).recorded);
    CHECK(rig.desk->status(rig.clock).emergency);
    rig.step(fire(false));
    CHECK_FALSE(rig.desk->status(rig.clock).emergency);
    rig.step(fire(true));
    CHECK_FALSE(rig.must<DoneReply>("boss", emergency(false)).recorded);
    rig.step(fire(true));  // it burns again, or was seen again after the link was lost
    rig.step(fire(false));
    CHECK(rig.desk->status(rig.clock).emergency);
    CHECK(rig.must<DoneReply>("boss", emergency(false)).recorded);
    CHECK_FALSE(rig.desk->status(rig.clock).emergency);
}

TEST_CASE("with the journal closed nobody is sold to or let in, but emergency and modes act and are recorded later") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    const auto records = rig.journal().size();
    rig.step(StorageChanged{false, false});
    CHECK(
        rig.refused("clerk1", Sell{ClientId{"a"}, WindowName{"window-1"}, {{ProductId{"adult"}, 1, {}, {}, {}}}, {}}) ==
        ErrorCode::storage_unavailable);
    CHECK(rig.scan("lane-2", sold.tickets[0].code).reason == Reason::storage_unavailable);
    CHECK_FALSE(rig.must<DoneReply>("clerk1", emergency(true)).recorded);
    CHECK(rig.take<HoldOpen>().size() == 1);
    CHECK_FALSE(rig.must<DoneReply>("gate1", SetLaneMode{LaneName{"lane-2"}, LaneMode::free, "x"}).recorded);
    CHECK(rig.desk->status(rig.clock).lanes[1].mode == LaneMode::free);
    rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::exit}});
    rig.clock.now += 1s;
    rig.step(Ticked{});
    CHECK(rig.pending.empty());
    CHECK(rig.journal().size() == records);

    const auto head = rig.ledger->head(rig.options.journal);
    rig.step(JournalOpened{head->seq, head->hash, false, {}});
    rig.settle();
    CHECK(rig.stored<EmergencySet>() == std::vector{EmergencySet{true, "operator"}});
    CHECK(rig.stored<LaneModeSet>().size() == 1);
    CHECK(rig.stored<LaneCounted>().at(0).cause == CountCause::emergency);
    CHECK(rig.stored<NodeStarted>().size() == 1);
    (void)rig.must<DoneReply>("boss", emergency(false));
    CHECK(rig.scan("lane-1", sold.tickets[0].code).decision == Decision::admit);
}

TEST_CASE("a journal that was closed for want of room goes on where it ended as soon as there is some") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.step(StorageChanged{false, false});
    CHECK_FALSE(rig.must<DoneReply>("clerk1", emergency(true)).recorded);
    const auto head = rig.ledger->head(rig.options.journal);
    rig.step(StorageChanged{true, false, head->seq, head->hash});
    rig.settle();
    CHECK(rig.desk->status(rig.clock).journal_open);
    CHECK(rig.stored<EmergencySet>() == std::vector{EmergencySet{true, "operator"}});
    (void)rig.must<DoneReply>("boss", emergency(false));
    CHECK(rig.scan("lane-1", sold.tickets[0].code).decision == Decision::admit);
    const Sell more{ClientId{"a"},
                    WindowName{"window-1"},
                    {{ProductId{"adult"}, 1, {}, {}, {}}},
                    {{TenderKind::cash, Minor{8'000}, {}}}};
    CHECK(rig.refused("clerk1", more) == ErrorCode::storage_unavailable);
    rig.step(StorageChanged{true, true});
    (void)rig.must<SaleReply>("clerk1", more);
}

TEST_CASE("before the journal opens, people known from before log in, end an emergency and set modes; recorded then") {
    DeskRig rig;
    (void)rig.must<DoneReply>("gate1", emergency(true));
    rig.options.catalogue = test::rig_catalogue();
    rig.desk.emplace(rig.options, *rig.reader);
    rig.step(LatchFound{});
    CHECK_FALSE(rig.must<DoneReply>("boss", emergency(false)).recorded);
    CHECK_FALSE(rig.must<DoneReply>("gate1", SetLaneMode{LaneName{"lane-1"}, LaneMode::free, ""}).recorded);
    CHECK(rig.refused("clerk1", SetLaneMode{LaneName{"lane-1"}, LaneMode::closed, ""}) == ErrorCode::forbidden);
    CHECK(rig.refused("ops", OrderResync{}) == ErrorCode::storage_unavailable);
    const CommandToken token{900};
    rig.step(CommandReceived{token, {}, Login{OperatorName{"gate1"}}});
    REQUIRE(rig.take<CheckPin>().at(0).pin_hash == "hash-gate1");
    rig.step(PinChecked{token, true});
    CHECK(std::get<LoginReply>(*rig.answers.at(0).reply).roles == std::vector{Role::attendant});
    CHECK(rig.pending.empty());

    rig.seen.clear();
    const auto head = rig.ledger->head(rig.options.journal);
    rig.step(JournalOpened{head->seq, head->hash, false, {}});
    CHECK(rig.take<HoldOpen>().empty());  // as recorded before
    CHECK(rig.take<ReleaseBarrier>().empty());
    rig.settle();
    CHECK_FALSE(rig.desk->status(rig.clock).emergency);
    CHECK(rig.desk->status(rig.clock).lanes[0].mode == LaneMode::free);
    CHECK(rig.stored<EmergencySet>().back() == EmergencySet{false, "operator"});
    CHECK(rig.stored<LaneModeSet>().size() == 1);
    CHECK(rig.take<ForgetLatch>().size() == 1);
}

TEST_CASE("wrong PINs that were tried before the journal opened count afterwards") {
    DeskRig rig;
    const auto attempt = [&] {
        rig.answers.clear();
        const CommandToken token{rig.next_token++};
        rig.step(CommandReceived{token, {}, Login{OperatorName{"clerk1"}}});
        rig.settle();
        rig.step(PinChecked{token, false});
        rig.settle();
        return rig.answers.at(0).reply.error().code;
    };
    CHECK(attempt() == ErrorCode::unauthenticated);
    rig.options.catalogue = test::rig_catalogue();
    rig.desk.emplace(rig.options, *rig.reader);
    CHECK(attempt() == ErrorCode::unauthenticated);
    CHECK(attempt() == ErrorCode::unauthenticated);
    const auto head = rig.ledger->head(rig.options.journal);
    rig.step(JournalOpened{head->seq, head->hash, false, {}});
    rig.settle();
    CHECK(attempt() == ErrorCode::locked_out);
}

TEST_CASE("an emergency that was ended while nothing could be recorded stays ended after a restart, and is recorded") {
    DeskRig rig;
    (void)rig.must<DoneReply>("gate1", emergency(true));
    rig.step(StorageChanged{false, false});
    CHECK_FALSE(rig.must<DoneReply>("boss", emergency(false)).recorded);
    CHECK(rig.latch == false);
    rig.restart();
    CHECK_FALSE(rig.desk->status(rig.clock).emergency);
    CHECK(rig.take<HoldOpen>().empty());
    CHECK(rig.stored<EmergencySet>().back() == EmergencySet{false, "latch"});
    CHECK_FALSE(rig.latch.has_value());
    rig.restart();
    CHECK_FALSE(rig.desk->status(rig.clock).emergency);
    CHECK(rig.stored<EmergencySet>().size() == 2);
}

TEST_CASE("room does not open a journal that was stopped in order") {
    DeskRig rig;
    rig.step(StopOrdered{});
    rig.settle();
    const auto head = rig.ledger->head(rig.options.journal);
    rig.step(StorageChanged{true, true, head->seq, head->hash});
    CHECK_FALSE(rig.desk->status(rig.clock).journal_open);
    CHECK(rig.pending.empty());
}

TEST_CASE("the latch opens before any journal does") {
    DeskRig rig;
    Desk fresh{rig.options, *rig.reader};
    const auto effects = fresh.step(LatchFound{}, rig.clock);
    CHECK(std::ranges::any_of(effects, [](const Effect& e) { return std::holds_alternative<HoldOpen>(e); }));
}

TEST_CASE("after a failed append a scan is refused, its lane is free, and a turn that was seen is not forgotten") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 2);
    rig.step(ScanRead{DeviceName{"scan-1"}, sold.tickets[0].code});
    rig.fail_append();
    CHECK(rig.take<OpenBarrier>().empty());
    CHECK(rig.take<ShowVerdict>().back().reply.reason == Reason::storage_unavailable);
    CHECK(rig.desk->status(rig.clock).lanes[0].phase == LanePhase::idle);
    rig.step(ScanRead{DeviceName{"scan-1"}, sold.tickets[0].code});
    rig.sync();
    REQUIRE(rig.take<OpenBarrier>().size() == 1);
    rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
    rig.fail_append();
    CHECK(rig.pending.empty());
    CHECK(rig.desk->deadline());
    rig.clock.now += 1s;
    rig.step(Ticked{});
    rig.settle();
    CHECK(rig.stored<Passage>().at(0).outcome == PassageOutcome::turned);
}

TEST_CASE("logging in: attempts are counted before the PIN is looked at, and a power cut does not reset them") {
    DeskRig rig;
    const auto attempt = [&](bool right) {
        const CommandToken token{rig.next_token++};
        rig.step(CommandReceived{token, {}, Login{OperatorName{"clerk1"}}});
        if (!rig.answers.empty()) return;
        CHECK(rig.take<CheckPin>().empty());
        rig.settle();
        const auto checks = rig.take<CheckPin>();
        REQUIRE(checks.size() == 1);
        CHECK(checks[0].pin_hash == "hash-clerk1");
        rig.step(PinChecked{token, right});
        rig.settle();
    };
    for (int i = 0; i < 3; ++i) {
        attempt(false);
        CHECK(rig.answers.at(0).reply.error().code == ErrorCode::unauthenticated);
        rig.answers.clear();
    }
    attempt(true);
    CHECK(rig.answers.at(0).reply.error().code == ErrorCode::locked_out);
    CHECK(rig.answers.at(0).reply.error().retry_after_s == 2);
    rig.answers.clear();
    rig.clock.boot = BootId{2};
    rig.clock.now = Instant{500ms};
    rig.restart();
    rig.clock.now = Instant{1s};
    attempt(true);
    CHECK(rig.answers.at(0).reply.error().retry_after_s == 1);
    rig.answers.clear();
    rig.clock.now = Instant{2s};
    attempt(true);
    const auto reply = std::get<LoginReply>(*rig.answers.at(0).reply);
    CHECK(reply.roles == std::vector{Role::clerk});
    CHECK(rig.stored<LoginAttempted>().size() == 4);
    CHECK(rig.stored<LoginSucceeded>().size() == 1);
}

TEST_CASE("a name that nobody has costs the same and leaves no record") {
    DeskRig rig;
    rig.step(CommandReceived{CommandToken{900}, {}, Login{OperatorName{"nobody"}}});
    const auto checks = rig.take<CheckPin>();
    REQUIRE(checks.size() == 1);
    CHECK(checks[0].pin_hash.empty());
    rig.step(PinChecked{CommandToken{900}, true});
    CHECK(rig.answers.at(0).reply.error().code == ErrorCode::unauthenticated);
    CHECK(rig.pending.empty());
}

TEST_CASE("an operator orders replay again, and central can ask for it") {
    DeskRig rig;
    CHECK(rig.refused("clerk1", OrderResync{}) == ErrorCode::forbidden);
    const auto done = rig.must<DoneReply>("ops", OrderResync{Seq{2}, {}});
    const auto started = rig.take<StartResync>();
    REQUIRE(started.size() == 1);
    CHECK(started[0].order == done.record);
    CHECK(started[0].from == Seq{2});
    CHECK(rig.refused("ops", OrderResync{Seq{9999}, {}}) == ErrorCode::invalid_body);
    CHECK(rig.refused("ops", OrderResync{Seq{2}, Seq{1}}) == ErrorCode::invalid_body);
    rig.central(ResyncRequested{NodeId{7}, Epoch{1}, Seq{1}, Seq{3}});
    CHECK(rig.take<StartResync>().at(0).to == Seq{3});
}

TEST_CASE("the first record of an epoch is lost: nothing comes before it, and it is written again") {
    DeskRig rig;
    rig.options.journal.epoch = Epoch{2};
    Desk fresh{rig.options, *rig.reader};
    const auto genesis = genesis_hash(test::rig_venue, rig.options.journal);
    const EpochOpened opening{test::rig_certificate(7, "booth"), Epoch{1}, Seq{3}, {}, "test"};
    const auto kinds = [](const Effects& effects) {
        std::vector<Kind> out;
        for (const auto& effect : effects)
            if (const auto* append = std::get_if<AppendRecord>(&effect)) out.push_back(append->record->header.kind);
        return out;
    };
    CHECK(kinds(fresh.step(JournalOpened{Seq{0}, genesis, false, opening}, rig.clock)) ==
          std::vector{Kind::epoch_opened, Kind::node_started});
    CHECK(kinds(fresh.step(AppendFailed{"full", Seq{0}, genesis}, rig.clock)).empty());
    CHECK_FALSE(fresh.status(rig.clock).journal_open);
    rig.clock.now += 1s;
    CHECK(fresh.deadline() == rig.clock.now);
    CHECK(kinds(fresh.step(Ticked{}, rig.clock)) == std::vector{Kind::epoch_opened, Kind::node_started});
    CHECK(fresh.status(rig.clock).journal_open);
}

TEST_CASE("what was said and counted before the journal opened is recorded, also where another epoch begins then") {
    DeskRig rig;
    rig.options.catalogue = test::rig_catalogue();
    Desk fresh{rig.options, *rig.reader};
    const CommandToken token{900};
    const auto effects = fresh.step(
        CommandReceived{token, Actor{OperatorName{"gate1"}}, SetLaneMode{LaneName{"lane-1"}, LaneMode::free, "smoke"}},
        rig.clock);
    CHECK(std::ranges::any_of(effects, [](const Effect& effect) { return std::holds_alternative<Answer>(effect); }));
    (void)fresh.step(TurnstileReported{DeviceName{"turn-1"}, drivers::ReportPassed{Direction::entry}}, rig.clock);
    rig.clock.now += 1s;
    (void)fresh.step(Ticked{}, rig.clock);

    const JournalId next{NodeId{7}, Epoch{2}};
    const EpochOpened opening{test::rig_certificate(7, "booth"), Epoch{1}, Seq{3}, {}, "test"};
    const auto opened =
        fresh.step(JournalOpened{Seq{0}, genesis_hash(test::rig_venue, next), false, opening, Epoch{2}}, rig.clock);
    std::string kinds;
    for (const auto& effect : opened) {
        const auto* append = std::get_if<AppendRecord>(&effect);
        if (append == nullptr) continue;
        CHECK(append->record->ref().journal() == next);
        kinds += std::string{to_string(append->record->header.kind)} + ' ';
        if (const auto* set = std::get_if<LaneModeSet>(&append->record->body)) {
            CHECK(set->mode == LaneMode::free);
            CHECK(append->record->header.actor == OperatorName{"gate1"});
        }
        if (const auto* counted = std::get_if<LaneCounted>(&append->record->body)) CHECK(counted->persons == 1);
    }
    CHECK(kinds == "epoch_opened node_started lane_mode_set lane_counted ");
    CHECK(fresh.status(rig.clock).journal == next);
    CHECK(fresh.status(rig.clock).lanes[0].mode == LaneMode::free);
}

TEST_CASE("what was owed is written before what was done later") {
    DeskRig rig;
    const auto set = [](LaneMode mode) { return SetLaneMode{LaneName{"lane-1"}, mode, "x"}; };
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"gate1"}}, set(LaneMode::green)});
    rig.fail_append();
    CHECK_FALSE(std::get<DoneReply>(*rig.answers.at(0).reply).recorded);
    CHECK(rig.desk->status(rig.clock).lanes[0].mode == LaneMode::green);
    (void)rig.must<DoneReply>("gate1", set(LaneMode::closed));
    rig.clock.now += 2s;
    rig.step(Ticked{});
    rig.settle();
    CHECK(rig.desk->status(rig.clock).lanes[0].mode == LaneMode::closed);
    const auto modes = rig.stored<LaneModeSet>();
    REQUIRE(modes.size() == 2);
    CHECK(modes[0].mode == LaneMode::green);
    CHECK(modes[1].mode == LaneMode::closed);
}

TEST_CASE("a lease whose receipt was lost is received again, once") {
    DeskRig rig;
    const auto grant = rig.central(LeaseGranted{NodeId{7}, SessionId{"s1"}, 3});
    rig.fail_append();
    rig.store_foreign();
    rig.clock.now += 1s;
    rig.step(Ticked{});
    rig.settle();
    CHECK(rig.stored<LeaseReceived>() == std::vector{LeaseReceived{grant, SessionId{"s1"}, 3}});
    rig.restart();
    CHECK(rig.stored<LeaseReceived>().size() == 1);
}

TEST_CASE("a lease is not received again when its grant was lost behind its receipt") {
    DeskRig rig;
    const LeaseGranted lease{NodeId{7}, SessionId{"s1"}, 3};
    const auto grant = rig.central(lease);
    rig.settle();
    rig.restart();
    CHECK(rig.central(lease) == grant);
    rig.store_foreign();
    rig.settle();
    CHECK(rig.stored<LeaseReceived>() == std::vector{LeaseReceived{grant, SessionId{"s1"}, 3}});
}
