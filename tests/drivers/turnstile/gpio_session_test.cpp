#include "drivers/turnstile/gpio_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::at_ms;

namespace {

GpioTurnstileOptions wired() {
    GpioTurnstileOptions options;
    options.open = {4, 5};
    options.passed = {14, 15};
    options.alarm = 16;
    options.fire = 17;
    return options;
}

TurnstileEvent level(std::uint16_t line, bool active) { return BytesRead{encode(LineLevel{line, active})}; }
TurnstileEffect set(std::uint16_t line, bool active) { return WriteBytes{encode(LineLevel{line, active})}; }

GpioTurnstileSession online() {
    GpioTurnstileSession session(wired());
    (void)session.step(LinkUp{}, at_ms(0));
    for (const std::uint16_t line : {std::uint16_t{14}, std::uint16_t{15}, std::uint16_t{16}, std::uint16_t{17}})
        (void)session.step(level(line, false), at_ms(0));
    return session;
}

}  // namespace

TEST_CASE("gpio: No line is driven without a request.") {
    GpioTurnstileSession session(wired());
    CHECK(session.step(LinkUp{}, at_ms(0)).empty());
    CHECK(session.step(level(14, false), at_ms(1)).empty());
    CHECK(session.step(level(15, true), at_ms(1)).empty());
    CHECK(session.step(level(16, false), at_ms(1)).empty());
    CHECK(session.step(level(17, false), at_ms(1)) == TurnstileEffects{ReportOnline{}});
}

TEST_CASE("gpio: A pulse ends by time or by the passage, whichever is first.") {
    auto session = online();
    CHECK(session.step(OpenRequested{OpenId{1}, Direction::entry}, at_ms(100)) ==
          TurnstileEffects{set(4, true), ReportOpened{OpenId{1}}});
    CHECK(session.deadline() == at_ms(600));
    CHECK(session.step(OpenRequested{OpenId{2}, Direction::entry}, at_ms(200)).empty());
    CHECK(session.step(Ticked{}, at_ms(600)) == TurnstileEffects{set(4, false)});
    CHECK(session.deadline() == at_ms(620));
    CHECK(session.step(Ticked{}, at_ms(620)) == TurnstileEffects{set(4, true), ReportOpened{OpenId{2}}});
    CHECK(session.step(level(14, true), at_ms(700)) == TurnstileEffects{ReportPassed{Direction::entry}, set(4, false)});
}

TEST_CASE("gpio: A passage is a rising edge after the first level, and counts once.") {
    GpioTurnstileSession session(wired());
    (void)session.step(LinkUp{}, at_ms(0));
    CHECK(session.step(level(14, true), at_ms(0)).empty());
    CHECK(session.step(level(14, false), at_ms(500)).empty());
    CHECK(session.step(level(14, true), at_ms(1'000)) == TurnstileEffects{ReportPassed{Direction::entry}});
    CHECK(session.step(level(14, false), at_ms(1'050)).empty());
    CHECK(session.step(level(14, true), at_ms(1'100)).empty());  // it flutters
}

TEST_CASE("gpio: A sensor that stays active is a fault.") {
    auto session = online();
    CHECK(session.step(level(15, true), at_ms(100)) == TurnstileEffects{ReportPassed{Direction::exit}});
    TurnstileEffects heard;
    for (std::int64_t ms = 1'000; ms <= 31'000; ms += 1'000)
        for (auto& effect : session.step(Ticked{}, at_ms(ms))) heard.push_back(effect);
    CHECK(heard == TurnstileEffects{ReportFault{TurnstileFault::sensor_stuck}});
    CHECK(session.step(level(15, false), at_ms(32'000)) == TurnstileEffects{ReportOnline{}});
}

TEST_CASE("gpio: What is held stays on over pulses and passages, and is on again after the link was lost.") {
    auto session = online();
    (void)session.step(OpenRequested{OpenId{1}, Direction::entry}, at_ms(100));
    CHECK(session.step(HoldOpenRequested{Hold::emergency, std::nullopt}, at_ms(200)) ==
          TurnstileEffects{set(5, true), ReportHeld{true, true}});
    CHECK(session.step(Ticked{}, at_ms(600)).empty());
    CHECK(session.step(level(14, true), at_ms(700)) == TurnstileEffects{ReportPassed{Direction::entry}});
    CHECK(session.step(OpenRequested{OpenId{2}, Direction::entry}, at_ms(800)) ==
          TurnstileEffects{ReportOpened{OpenId{2}}});
    CHECK(session.step(LinkDown{}, at_ms(900)) == TurnstileEffects{ReportFault{TurnstileFault::link_down}});
    CHECK(session.step(LinkUp{}, at_ms(1'000)) == TurnstileEffects{set(4, true), set(5, true)});
}

TEST_CASE("gpio: fire opens by itself and holds until it has ended and somebody has released it") {
    auto session = online();
    CHECK(session.step(level(17, true), at_ms(100)) ==
          TurnstileEffects{ReportInput{GateInput::fire, true}, set(4, true), set(5, true), ReportHeld{true, true}});
    CHECK(session.step(level(17, false), at_ms(200)) == TurnstileEffects{ReportInput{GateInput::fire, false}});
    CHECK(session.step(ReleaseRequested{Hold::emergency}, at_ms(300)) ==
          TurnstileEffects{set(4, false), set(5, false), ReportHeld{false, false}});
}

TEST_CASE("gpio: An inverted input is active when its level is not.") {
    auto options = wired();
    options.inverted = {15, 17};
    GpioTurnstileSession session(options);
    (void)session.step(LinkUp{}, at_ms(0));
    for (const std::uint16_t line : {std::uint16_t{14}, std::uint16_t{16}})
        CHECK(session.step(level(line, false), at_ms(0)).empty());
    CHECK(session.step(level(15, true), at_ms(0)).empty());
    CHECK(session.step(level(17, true), at_ms(0)) == TurnstileEffects{ReportOnline{}});
    CHECK(session.step(level(15, false), at_ms(100)) == TurnstileEffects{ReportPassed{Direction::exit}});
    CHECK(session.step(level(17, false), at_ms(200)) ==
          TurnstileEffects{ReportInput{GateInput::fire, true}, set(4, true), set(5, true), ReportHeld{true, true}});
}

namespace {

// A session at its chip, and what may be said of it at any time: a line that is held is on as soon as the step is done,
// and none is switched that is so already.
struct HeldGate {
    void tell(const TurnstileEvent& event) {
        if (std::holds_alternative<LinkUp>(event)) up = true;
        if (std::holds_alternative<LinkDown>(event)) up = false;
        if (std::holds_alternative<LinkUp>(event) || std::holds_alternative<LinkDown>(event)) on = {};
        for (const auto& effect : session.step(event, at_ms(ms))) {
            if (const auto* write = std::get_if<WriteBytes>(&effect)) switched(write->bytes);
            if (const auto* done = std::get_if<ReportOpened>(&effect)) ++answers[done->id.value];
            if (const auto* failed = std::get_if<ReportOpenFailed>(&effect)) ++answers[failed->id.value];
            if (std::holds_alternative<ReportPassed>(effect)) ++passed;
        }
        RC_ASSERT(!session.deadline() || *session.deadline() >= at_ms(ms));
        for (const auto way : both_ways) RC_ASSERT(!up || !holds.is_held(way) || on[way_index(way)]);
    }
    void switched(const Bytes& bytes) {
        for (const auto& each : LevelFeed{}.take(bytes)) {
            const auto way = each.line == 4 ? Direction::entry : Direction::exit;
            RC_ASSERT(on[way_index(way)] != each.active);
            on[way_index(way)] = each.active;
            if (each.active && !holds.is_held(way)) ++pulses;
        }
    }
    void hold(const HoldOpenRequested& request) {
        holds.set(request);
        tell(request);
    }
    void release(const ReleaseRequested& request) {
        holds.release(request);
        tell(request);
    }
    void burn(bool active) {
        if (up) holds.fire(active);
        tell(level(17, active));
    }
    void sense(bool active) {
        if (active && !sensor) ++rises;
        sensor = active;
        tell(level(14, active));
    }
    void wait(std::int64_t length) {
        ms += length;
        tell(Ticked{});
    }

    GpioTurnstileSession session{wired()};
    std::int64_t ms = 0;
    bool up = false;
    EachWay<bool> on{};
    GateHolds holds;
    bool sensor = false;
    std::size_t rises = 0;
    std::size_t passed = 0;
    std::size_t pulses = 0;
    std::map<std::uint64_t, int> answers;
};

}  // namespace

TEST_CASE("gpio: Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed: `gpio`.") {
    std::map<int, int> fired;
    CHECK(rc::check([&fired] {
        HeldGate gate;
        std::uint64_t asked = 0;
        gate.tell(LinkUp{});
        for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12))) {
            ++fired[step];
            const auto way = *rc::gen::element(Direction::entry, Direction::exit);
            const auto hold = *rc::gen::element(Hold::free, Hold::emergency);
            switch (step) {
                case 0: gate.tell(LinkUp{}); break;
                case 1: gate.tell(LinkDown{}); break;
                case 2:
                case 3: gate.tell(OpenRequested{OpenId{++asked}, way}); break;
                case 4:
                case 5: gate.sense(step == 4); break;
                case 6: gate.hold({hold, way}); break;
                case 7: gate.hold({hold, std::nullopt}); break;
                case 8: gate.release({hold}); break;
                case 9:
                case 10: gate.burn(step == 9); break;
                default: break;
            }
            gate.wait(*rc::gen::inRange(0, 400));
        }
        RC_ASSERT(gate.pulses <= asked);
        RC_ASSERT(gate.passed <= gate.rises);
        if (gate.up) gate.burn(false);
        for (const auto hold : {Hold::free, Hold::emergency}) gate.release({hold});
        for (int i = 0; i < 20; ++i) gate.wait(500);
        RC_ASSERT(!gate.on[0]);
        RC_ASSERT(!gate.on[1]);
        gate.tell(LinkDown{});
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(gate.answers[id] == 1);
    }));
    CHECK(fired.size() == 12);
}

TEST_CASE("gpio: any octets from the port answer each opening once") {
    CHECK(rc::check([] {
        GpioTurnstileSession session(wired());
        std::map<std::uint64_t, int> answers;
        std::int64_t ms = 0;
        const auto tell = [&](const TurnstileEvent& event) {
            for (const auto& effect : session.step(event, at_ms(ms))) {
                if (const auto* done = std::get_if<ReportOpened>(&effect)) ++answers[done->id.value];
                if (const auto* failed = std::get_if<ReportOpenFailed>(&effect)) ++answers[failed->id.value];
            }
            RC_ASSERT(!session.deadline() || *session.deadline() >= at_ms(ms));
        };
        tell(LinkUp{});
        std::uint64_t asked = 0;
        for (const auto& octets : *rc::gen::container<std::vector<Bytes>>(rc::gen::nonEmpty<Bytes>())) {
            tell(BytesRead{octets});
            tell(OpenRequested{OpenId{++asked}, Direction::entry});
            ms += 300;
            tell(Ticked{});
        }
        tell(LinkDown{});
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(answers[id] == 1);
    }));
}
