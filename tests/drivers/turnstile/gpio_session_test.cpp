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

const OpenRequested entry_1{OpenId{1}, Direction::entry};

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
    CHECK(session.step(entry_1, at_ms(100)) == TurnstileEffects{set(4, true), ReportOpened{OpenId{1}}});
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
    (void)session.step(entry_1, at_ms(100));
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

TEST_CASE("gpio: Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed: `gpio`.") {
    CHECK(rc::check([] {
        GpioTurnstileSession session(wired());
        std::int64_t ms = 0;
        std::uint64_t asked = 0;
        std::size_t rises = 0;
        std::size_t passed = 0;
        std::size_t pulses = 0;
        bool sensor = false;
        std::map<std::uint64_t, int> answers;
        const auto tell = [&](const TurnstileEvent& event) {
            for (const auto& effect : session.step(event, at_ms(ms))) {
                if (effect == set(4, true)) ++pulses;
                if (const auto* done = std::get_if<ReportOpened>(&effect)) ++answers[done->id.value];
                if (const auto* failed = std::get_if<ReportOpenFailed>(&effect)) ++answers[failed->id.value];
                if (std::holds_alternative<ReportPassed>(effect)) ++passed;
            }
            RC_ASSERT(!session.deadline() || *session.deadline() >= at_ms(ms));
        };
        for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))) {
            switch (step) {
                case 0: tell(LinkUp{}); break;
                case 1: tell(LinkDown{}); break;
                case 2:
                case 3: tell(OpenRequested{OpenId{++asked}, Direction::entry}); break;
                case 4:
                case 5:
                    if (!sensor && step == 4) ++rises;
                    sensor = step == 4;
                    tell(level(14, sensor));
                    break;
                case 6: tell(BytesRead{*rc::gen::nonEmpty<Bytes>()}); break;
                default: break;
            }
            ms += *rc::gen::inRange(0, 400);
            tell(Ticked{});
        }
        tell(LinkDown{});
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(answers[id] == 1);
        RC_ASSERT(pulses <= asked);
    }));
}
