#include "drivers/osdp/osdp_gate.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/osdp/osdp_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::OsdpBench;
using test::OsdpPlace;

namespace {

OsdpGateOptions both_arms() {
    OsdpGateOptions options;
    options.outputs = {0, 1};
    options.alarm = 2;
    options.fire = 3;
    return options;
}

// A bench with one gate at address 5, online and with nothing told yet.
struct Arm {
    explicit Arm(const OsdpGateOptions& options = both_arms()) : place(bench.place(5)) {
        bench.bus.add_gate(OsdpBench::unit(5), options);
    }
    Arm& online() {
        bench.go_online();
        return *this;
    }
    std::vector<GateReport> told() {
        std::vector<GateReport> reports;
        for (auto& each : bench.gates_told()) reports.push_back(each.report);
        return reports;
    }
    void pulse_input(std::size_t input, Duration length = 60ms) {
        place.device.set_input(input, true);
        bench.run_for(length);
        place.device.set_input(input, false);
        bench.run_for(200ms);
    }

    OsdpBench bench;
    OsdpPlace& place;
};
using GateTold = std::vector<GateReport>;

}  // namespace

TEST_CASE("OSDP gate: No pulse without a request.") {
    Arm arm;
    arm.online();
    arm.bench.run_for(1min);
    CHECK(arm.place.pulses == 0);
    CHECK(arm.told().empty());
}

TEST_CASE("OSDP gate: A pulse is the device's own: it ends although nobody is left to end it.") {
    Arm arm;
    arm.online();
    arm.bench.ask(5, OpenRequested{OpenId{1}, Direction::exit});
    arm.bench.run_for(60ms);
    CHECK(arm.told() == GateTold{ReportOpened{OpenId{1}}});
    CHECK(arm.place.output(1));
    arm.bench.unplug();
    arm.bench.run_for(600ms);
    CHECK_FALSE(arm.place.output(1));
    CHECK(arm.place.pulses == 1);
}

TEST_CASE("OSDP gate: A passage is a rising edge between two reports, and counts once.") {
    Arm arm;
    arm.place.device.set_input(0, true);
    arm.bench.plug();
    arm.bench.run_for(5s);
    CHECK(arm.bench.count<ReportPassed>(5) == 0);
    arm.place.device.set_input(0, false);
    arm.bench.run_for(500ms);
    arm.bench.gates.clear();
    arm.pulse_input(0);
    arm.pulse_input(1);
    arm.place.device.set_input(0, true);  // shorter than a poll: both changes are told
    arm.place.device.set_input(0, false);
    arm.bench.run_for(200ms);
    CHECK(arm.told() ==
          GateTold{ReportPassed{Direction::entry}, ReportPassed{Direction::exit}, ReportPassed{Direction::entry}});
}

TEST_CASE("OSDP gate: A sensor that does not release is a fault, not a stream of people.") {
    Arm arm;
    arm.online();
    arm.place.device.set_input(0, true);
    arm.bench.run_for(40s);
    CHECK(arm.told() == GateTold{ReportPassed{Direction::entry}, ReportFault{TurnstileFault::sensor_stuck}});
    arm.place.device.set_input(0, false);
    arm.bench.run_for(1s);
    CHECK(arm.told() == GateTold{ReportOnline{}});
}

TEST_CASE("OSDP gate: The start-up \"all off\" is skipped while held open or while the fire input is active.") {
    for (const bool fire : {false, true}) {
        Arm arm;
        arm.place.device.set_output(0, true);
        arm.place.device.set_output(1, true);
        arm.place.device.set_input(3, fire);
        if (!fire) arm.bench.ask(5, HoldOpenRequested{Hold::emergency, std::nullopt});
        arm.bench.plug();
        arm.bench.run_for(10s);
        for (const auto& [at, frame] : arm.bench.written) CHECK_FALSE((frame[6] == 0x68 && frame[8] == 1));
        CHECK(arm.place.output(0));
        CHECK(arm.place.output(1));
    }
    Arm arm;
    arm.place.device.set_output(0, true);
    arm.online();
    CHECK_FALSE(arm.place.output(0));
}

TEST_CASE(
    "OSDP gate: fire opens both ways by itself and holds until the input has ended and somebody has released it") {
    Arm arm;
    arm.online();
    arm.place.device.set_input(3, true);
    arm.bench.run_for(200ms);
    CHECK(arm.told() == GateTold{ReportInput{GateInput::fire, true}, ReportHeld{true, false}, ReportHeld{true, true}});
    arm.bench.ask(5, ReleaseRequested{Hold::emergency});
    arm.bench.run_for(5s);
    CHECK(arm.place.output(0));
    arm.place.device.set_input(3, false);
    arm.bench.run_for(200ms);
    CHECK(arm.told() ==
          GateTold{ReportInput{GateInput::fire, false}, ReportHeld{false, true}, ReportHeld{false, false}});
    CHECK_FALSE(arm.place.output(1));
}

TEST_CASE("OSDP gate: An inverted input is active when it reads off.") {
    auto closed = both_arms();
    closed.inverted.set(0);
    closed.inverted.set(3);
    Arm arm(closed);
    arm.place.device.set_input(0, true);  // a light barrier and a fire loop at rest
    arm.place.device.set_input(3, true);
    arm.online();
    arm.place.device.set_input(0, false);
    arm.bench.run_for(60ms);
    arm.place.device.set_input(0, true);
    arm.bench.run_for(200ms);
    CHECK(arm.told() == GateTold{ReportPassed{Direction::entry}});
    arm.place.device.set_input(3, false);  // the loop is cut
    arm.bench.run_for(200ms);
    CHECK(arm.told() == GateTold{ReportInput{GateInput::fire, true}, ReportHeld{true, false}, ReportHeld{true, true}});
    arm.place.device.set_input(3, true);
    arm.bench.run_for(200ms);
    CHECK(arm.told() == GateTold{ReportInput{GateInput::fire, false}});
}

TEST_CASE("OSDP gate: A hold that begins after an unanswered switching-off is written at once.") {
    OsdpGate gate(both_arms());
    const auto now = test::at_ms(0);
    std::vector<CommandAsked> asked;
    const auto tell = [&](const OsdpGateEvent& event) {
        for (auto& effect : gate.step(event, now))
            if (const auto* command = std::get_if<CommandAsked>(&effect)) asked.push_back(*command);
    };
    tell(UnitOnline{});
    tell(HoldOpenRequested{Hold::free, Direction::entry});
    tell(CommandAnswered{asked.back().tag, OsdpInputs{{false, false, false, false}}});
    tell(CommandAnswered{asked.back().tag, OsdpAck{}});
    tell(CommandAnswered{asked.back().tag, OsdpAck{}});
    tell(ReleaseRequested{Hold::free});
    REQUIRE(asked.back().command == osdp_out(0, OsdpOutput::off, 0));
    tell(CommandUnanswered{asked.back().tag, true});
    const auto before = asked.size();
    tell(HoldOpenRequested{Hold::emergency, std::nullopt});
    REQUIRE(asked.size() == before + 1);
    CHECK(asked.back().command == osdp_out(0, OsdpOutput::on, 0));
}

TEST_CASE("OSDP gate: A passage ends its pulse, so that nobody follows through an arm that is still released.") {
    auto options = both_arms();
    options.pulse = 5s;
    Arm arm(options);
    arm.online();
    arm.bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    arm.bench.run_for(500ms);
    CHECK(arm.place.output(0));
    arm.pulse_input(0);
    CHECK_FALSE(arm.place.output(0));
    CHECK(arm.told() == GateTold{ReportOpened{OpenId{1}}, ReportPassed{Direction::entry}});
}

TEST_CASE("OSDP gate: A device that lost its power is told again what holds it open.") {
    Arm arm;
    arm.online();
    arm.bench.ask(5, HoldOpenRequested{Hold::free, Direction::entry});
    arm.bench.run_for(200ms);
    CHECK(arm.told() == GateTold{ReportHeld{true, false}});
    arm.place.device.restart();
    CHECK_FALSE(arm.place.output(0));
    arm.bench.run_for(1s);
    CHECK(arm.place.output(0));
    CHECK_FALSE(arm.place.output(1));
}

TEST_CASE("OSDP gate: the next pulse of an output waits until the former is over; the other direction does not") {
    Arm arm;
    arm.online();
    for (const auto way : {Direction::entry, Direction::entry, Direction::exit})
        arm.bench.ask(5, OpenRequested{OpenId{arm.place.pulses + 1U}, way});
    arm.bench.run_for(300ms);
    CHECK(arm.place.pulses == 2);
    arm.bench.run_for(500ms);
    CHECK(arm.place.pulses == 3);
}

TEST_CASE("OSDP gate: an output that the device does not have is refused, and an unwired way too") {
    auto options = both_arms();
    options.outputs = {7, std::nullopt};
    Arm arm(options);
    arm.bench.plug();
    arm.bench.run_for(1s);
    CHECK(arm.told() == GateTold{ReportFault{TurnstileFault::refused}});
    arm.bench.ask(5, OpenRequested{OpenId{1}, Direction::exit});
    CHECK(arm.told() == GateTold{ReportOpenFailed{OpenId{1}, OpenFailure::refused}});
}

TEST_CASE("OSDP gate: alarm input and tamper switch are told when they change") {
    Arm arm;
    arm.online();
    arm.place.device.set_tamper(true);
    arm.bench.run_for(100ms);
    arm.place.device.set_input(2, true);
    arm.bench.run_for(100ms);
    arm.place.device.set_tamper(false);
    arm.bench.run_for(100ms);
    CHECK(arm.told() == GateTold{ReportInput{GateInput::alarm, true}});
    arm.place.device.set_input(2, false);
    arm.bench.run_for(100ms);
    CHECK(arm.told() == GateTold{ReportInput{GateInput::alarm, false}});
}

TEST_CASE("OSDP gate: opens fail at once while the device is away; it is a fault, and over when it is back") {
    Arm arm;
    arm.place.present = false;
    arm.bench.plug();
    arm.bench.run_for(1s);
    CHECK(arm.told() == GateTold{ReportFault{TurnstileFault::no_answer}});
    arm.bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    CHECK(arm.told() == GateTold{ReportOpenFailed{OpenId{1}, OpenFailure::not_reachable}});
    arm.place.present = true;
    arm.bench.run_for(2s);
    CHECK(arm.told() == GateTold{ReportOnline{}});
}

TEST_CASE("OSDP gate: a device that is lost with a pulse on the way leaves it unknown") {
    Arm arm;
    arm.online();
    arm.place.present = false;
    arm.bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    arm.bench.run_for(2s);
    CHECK(arm.told() ==
          GateTold{ReportOpenFailed{OpenId{1}, OpenFailure::unknown}, ReportFault{TurnstileFault::no_answer}});
}

TEST_CASE(
    "OSDP gate: a device that is silent for a second is no fault; what was asked meanwhile fails, but for a hold") {
    auto options = both_arms();
    options.gap = 0ms;
    options.pulse = 5s;
    Arm arm(options);
    arm.online();
    const auto back = arm.bench.now + 1s;
    arm.bench.fault = [&](const Bytes&) {
        return arm.bench.now < back ? test::OsdpFault::answer_lost : test::OsdpFault::none;
    };
    arm.bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    arm.bench.run_for(700ms);
    arm.bench.ask(5, OpenRequested{OpenId{2}, Direction::exit});
    CHECK(arm.told() == GateTold{ReportOpenFailed{OpenId{1}, OpenFailure::unknown},
                                 ReportOpenFailed{OpenId{2}, OpenFailure::not_reachable}});
    CHECK(arm.place.output(0));
    arm.bench.ask(5, HoldOpenRequested{Hold::free, Direction::exit});
    arm.bench.run_for(1s);
    CHECK(arm.told() == GateTold{ReportHeld{false, true}});
    CHECK(arm.place.pulses == 1);
    arm.pulse_input(0);
    CHECK(arm.told() == GateTold{ReportPassed{Direction::entry}});
    CHECK_FALSE(arm.place.output(0));  // it was open after all, and the passage has ended it
}

TEST_CASE(
    "OSDP gate: A passage ends its pulse, also one that the device took from a repeat after the opening was called "
    "unknown.") {
    Arm arm;
    arm.online();
    const auto hears = arm.bench.now + 1s;
    arm.bench.fault = [&](const Bytes&) {
        return arm.bench.now < hears ? test::OsdpFault::request_lost : test::OsdpFault::none;
    };
    arm.bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    arm.bench.run_for(990ms);
    CHECK(arm.told() == GateTold{ReportOpenFailed{OpenId{1}, OpenFailure::unknown}});
    CHECK(arm.place.pulses == 0);
    arm.bench.run_for(260ms);
    CHECK(arm.place.pulses == 1);
    CHECK(arm.place.output(0));
    arm.place.device.set_input(0, true);
    arm.bench.run_for(100ms);
    CHECK(arm.told() == GateTold{ReportPassed{Direction::entry}});
    CHECK_FALSE(arm.place.output(0));
}

TEST_CASE("OSDP gate: an opening that is answered with the inputs was taken, and the inputs count") {
    OsdpGate gate(both_arms());
    const auto now = test::at_ms(0);
    std::uint32_t tag = 0;
    const auto tell = [&](const OsdpGateEvent& event) {
        OsdpGateEffects reports;
        for (auto& effect : gate.step(event, now)) {
            if (const auto* asked = std::get_if<CommandAsked>(&effect))
                tag = asked->tag;
            else
                reports.push_back(std::move(effect));
        }
        return reports;
    };
    (void)tell(UnitOnline{});
    (void)tell(CommandAnswered{tag, OsdpInputs{{false, false, false, false}}});
    (void)tell(CommandAnswered{tag, OsdpAck{}});
    (void)tell(CommandAnswered{tag, OsdpAck{}});
    (void)tell(OpenRequested{OpenId{1}, Direction::entry});
    const auto reports = tell(CommandAnswered{tag, OsdpInputs{{true, false, false, false}}});
    CHECK(std::ranges::count(reports, OsdpGateEffect{ReportPassed{Direction::entry}}) == 1);
    CHECK(std::ranges::count(reports, OsdpGateEffect{ReportOpened{OpenId{1}}}) == 1);
}
