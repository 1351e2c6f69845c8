#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;
using namespace std::chrono_literals;

TEST_CASE("an attendant lets a person through without a ticket: recorded with name and reason, then opened") {
    Gate rig;
    CHECK(rig.refused("clerk1", LetThrough{{}, LaneName{"lane-1"}, 1, "mother with pram", {}}) == ErrorCode::forbidden);
    CHECK(rig.refused("gate1", LetThrough{{}, LaneName{"lane-1"}, 1, "", {}}) == ErrorCode::invalid_body);
    CHECK(rig.refused("gate1", LetThrough{{}, LaneName{"lane-1"}, 0, "pram", {}}) == ErrorCode::invalid_body);
    CHECK(rig.take<OpenBarrier>().empty());
    CHECK(rig.must<DoneReply>("gate1", LetThrough{{}, LaneName{"lane-1"}, 1, "pram", {}}).recorded);
    CHECK(rig.refused("gate1", LetThrough{{}, LaneName{"lane-1"}, 1, "again", {}}) == ErrorCode::unavailable);
    rig.walk();
    CHECK(rig.stored<LaneCounted>() == std::vector{LaneCounted{LaneName{"lane-1"}, GateName{"south"}, ZoneId{"park"},
                                                               Direction::entry, CountCause::let_through, 1, "pram"}});
    CHECK(rig.stored<Passage>().empty());
    CHECK(rig.desk->status(rig.clock).lanes[0].phase == LanePhase::idle);
}

TEST_CASE("who was let through is counted beside the admissions of the day, also after a restart") {
    Gate rig;
    (void)rig.must<DoneReply>("gate1", LetThrough{{}, LaneName{"lane-1"}, 2, "pram", {}});
    rig.walk();
    rig.walk();
    for (const bool again : {false, true}) {
        if (again) rig.restart();
        const auto lanes = rig.desk->status(rig.clock).lanes;
        CHECK(lanes[0].admitted_today == 0);
        CHECK(lanes[0].let_through_today == 2);
        CHECK(lanes[1].let_through_today == 0);
    }
}

TEST_CASE("a lane has no trouble of a turnstile that it does not have") {
    Gate rig;
    const auto lanes = rig.desk->status(rig.clock).lanes;
    REQUIRE(lanes.size() > 1);
    CHECK(lanes[1].name == LaneName{"lane-2"});
    CHECK(lanes[1].trouble.empty());
}

TEST_CASE("letting through with an id asked again: answered as the first time, also after a restart, and opened once") {
    Gate rig;
    const LetThrough order{ClientId{"open-1"}, LaneName{"lane-1"}, 1, "pram", {}};
    const auto first = rig.must<DoneReply>("gate1", order);
    CHECK(rig.must<DoneReply>("gate1", order).record == first.record);
    CHECK(rig.refused("gate1", LetThrough{ClientId{"open-1"}, LaneName{"lane-1"}, 2, "pram", {}}) ==
          ErrorCode::id_reused);
    CHECK(rig.refused("gate1", LetThrough{ClientId{"not an id"}, LaneName{"lane-1"}, 1, "pram", {}}) ==
          ErrorCode::invalid_body);
    rig.walk();
    rig.restart();
    CHECK(rig.must<DoneReply>("gate1", order).record == first.record);
    CHECK(rig.take<OpenBarrier>().empty());
    CHECK(rig.stored<LaneCounted>().size() == 1);
    CHECK(rig.stored<LetThroughOrdered>() == std::vector{LetThroughOrdered{ClientId{"open-1"}, *first.record}});
}

TEST_CASE("a person whose letting through could not be recorded is not let through, then or later") {
    Gate rig;
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"gate1"}},
                             LetThrough{{}, LaneName{"lane-1"}, 1, "pram", {}}});
    rig.fail_append();
    REQUIRE(rig.answers.size() == 1);
    CHECK(rig.answers[0].reply.error().code == ErrorCode::storage_unavailable);
    CHECK(rig.take<OpenBarrier>().empty());
    rig.restart();
    CHECK(rig.stored<LaneCounted>().empty());
    CHECK(rig.desk->status(rig.clock).lanes[0].phase != LanePhase::recording);
}

TEST_CASE("devices that come and go are recorded when they change") {
    Gate rig;
    rig.step(TurnstileReported{turnstile, drivers::ReportFault{drivers::TurnstileFault::link_down}});
    rig.step(TurnstileReported{turnstile, drivers::ReportFault{drivers::TurnstileFault::link_down}});
    rig.step(ScanRead{DeviceName{"scan-1"}, foreign_code(1)});
    rig.settle();
    CHECK(rig.stored<Verdict>().back().reason == Reason::lane_closed);
    CHECK(rig.desk->status(rig.clock).lanes[0].phase == LanePhase::faulted);
    // An attendant with a handheld stands beside it.
    CHECK(rig.scan("lane-1", foreign_code(1)).decision == Decision::admit);
    CHECK(rig.stored<Verdict>().back().confirmation == Confirmation::at_once);
    rig.step(TurnstileReported{turnstile, drivers::ReportOnline{}});
    rig.settle();
    const auto changes = rig.stored<DeviceChanged>();
    REQUIRE(changes.size() == 3);
    CHECK(changes[1] == DeviceChanged{turnstile, DeviceState::offline, "link_down"});
    CHECK(changes[2] == DeviceChanged{turnstile, DeviceState::online, {}});
}

TEST_CASE("each lane waits for its guest as long as its own turnstile says") {
    Gate rig;
    const DeviceName second{"turn-2"};
    rig.options.lanes[0].pass = 2s;
    rig.options.lanes[1].turnstile = second;
    rig.restart();
    rig.step(TurnstileReported{second, drivers::ReportOnline{}});
    rig.step(read(foreign_code(1)));
    rig.step(ScanRead{DeviceName{"scan-2"}, foreign_code(2)});
    rig.settle();
    const auto opened = rig.take<OpenBarrier>();
    REQUIRE(opened.size() == 2);
    for (const auto& each : opened) rig.step(TurnstileReported{each.turnstile, drivers::ReportOpened{each.id}});
    rig.tick(2200ms);
    rig.settle();
    REQUIRE(rig.stored<Passage>().size() == 1);
    CHECK(rig.stored<Passage>()[0].outcome == PassageOutcome::abandoned);
    rig.tick(800ms);
    rig.step(TurnstileReported{second, drivers::ReportPassed{Direction::entry}});
    rig.settle();
    REQUIRE(rig.stored<Passage>().size() == 2);
    CHECK(rig.stored<Passage>()[1].outcome == PassageOutcome::turned);
    CHECK(rig.stored<LaneCounted>().empty());
}

TEST_CASE("a turnstile's own alarm is shown, recorded and told at its lane while it lasts") {
    Gate rig;
    const auto alarm = [](bool active) {
        return TurnstileReported{turnstile, drivers::ReportInput{drivers::GateInput::alarm, active}};
    };
    const auto troubles = [&rig] {
        std::vector<std::string> words;
        for (const auto& lane : rig.take<PublishLane>()) words.push_back(lane.trouble);
        return words;
    };
    using Words = std::vector<std::string>;
    const auto noted = rig.stored<DeviceChanged>().size();
    rig.step(alarm(true));
    rig.step(alarm(true));
    const auto shown = rig.take<ShowVerdict>();
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].lane == LaneName{"lane-1"});
    CHECK(shown[0].signal == Signal::alarm);
    CHECK(shown[0].reply.hint == "alarm");
    CHECK(troubles() == Words{"alarm"});
    CHECK(rig.desk->status(rig.clock).lanes[0].trouble == "alarm");
    // Its link goes and comes again, and it is still there.
    rig.step(TurnstileReported{turnstile, drivers::ReportFault{drivers::TurnstileFault::link_down}});
    rig.step(TurnstileReported{turnstile, drivers::ReportOnline{}});
    CHECK(troubles() == Words{"link_down", "alarm"});
    rig.step(alarm(false));
    CHECK(troubles() == Words{""});
    rig.settle();
    auto changes = rig.stored<DeviceChanged>();
    changes.erase(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(noted));
    CHECK(changes == std::vector{DeviceChanged{turnstile, DeviceState::fault, "alarm"},
                                 DeviceChanged{turnstile, DeviceState::offline, "link_down"},
                                 DeviceChanged{turnstile, DeviceState::fault, "alarm"},
                                 DeviceChanged{turnstile, DeviceState::online, {}}});
}
