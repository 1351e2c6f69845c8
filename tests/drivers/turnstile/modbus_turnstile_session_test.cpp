#include "drivers/turnstile/modbus_turnstile_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "drivers/turnstile/gate_holds.hpp"
#include "tests/drivers/turnstile/turnstile_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::TurnstileBench;
using test::WireFault;

namespace {

ModbusTurnstileOptions without_alarm(ModbusFraming framing, ModbusPulse pulse = ModbusPulse::waveshare) {
    ModbusTurnstileOptions made;
    made.line.framing = framing;
    if (framing == ModbusFraming::tcp) made.line.silence = Duration{0};
    made.gate.pulse = pulse;
    made.gate.fire = 3;
    return made;
}

// Losses from a list, one for each frame until it is used up.
void lose(TurnstileBench& bench, ModbusFraming framing) {
    auto faults = *rc::gen::container<std::vector<int>>(60, rc::gen::inRange(0, 8));
    bench.fault = [framing, faults = std::move(faults), next = std::size_t{0}](const Bytes&) mutable {
        const auto fault = next < faults.size() ? faults[next++] : 0;
        const bool garbled = fault == 3 && framing == ModbusFraming::tcp;  // TCP has its own check
        return fault >= 1 && fault <= 4 && !garbled ? static_cast<WireFault>(fault) : WireFault::none;
    };
    if (framing == ModbusFraming::tcp) bench.late = 350ms;
}

// What holds this turnstile, as it was asked and as it said itself, and since when: what is written must agree.
struct HoldWatch {
    explicit HoldWatch(TurnstileBench& watched, ModbusFraming with) : bench(watched), framing(with) {
        bench.fault = [this, lossy = std::move(bench.fault)](const Bytes& frame) {
            look(frame);
            return calm ? WireFault::none : lossy(frame);
        };
    }
    void hear() {
        for (; heard < bench.reports.size(); ++heard) {
            const auto* input = std::get_if<ReportInput>(&bench.reports[heard]);
            if (input == nullptr || input->input != GateInput::fire) continue;
            change([&] { holds.fire(input->active); });
        }
    }
    template <class Change>
    void change(Change how) {
        const EachWay<bool> before{holds.is_held(Direction::entry), holds.is_held(Direction::exit)};
        how();
        for (const auto way : both_ways)
            if (holds.is_held(way) != before[way_index(way)]) since[way_index(way)] = bench.now;
    }
    void look(const Bytes& frame) {
        hear();
        const std::size_t at = framing == ModbusFraming::rtu ? 1 : 7;
        const auto address = static_cast<std::size_t>(frame[at + 1] << 8U | frame[at + 2]);
        const bool flash = frame[at] == 16 || (frame[at] == 5 && address >= 0x200);
        const bool off = frame[at] == 5 && !flash && frame[at + 3] == 0;
        if (!flash && !off) return;
        const auto coil = frame[at] == 16 ? (address - 3) / 5 : address % 0x200;
        const auto way = static_cast<Direction>(coil);
        RC_ASSERT(!holds.is_held(way) || bench.now <= since[coil]);
    }
    void hold(const HoldOpenRequested& request) {
        hear();
        change([&] { holds.set(request); });
        bench.tell(request);
    }
    void release(const ReleaseRequested& request) {
        hear();
        change([&] { holds.release(request); });
        bench.tell(request);
    }

    TurnstileBench& bench;
    ModbusFraming framing;
    GateHolds holds;
    EachWay<Instant> since{};
    std::size_t heard = 0;
    bool calm = false;  // nothing is lost any more
};

}  // namespace

TEST_CASE("A request finds an idle line: its bytes leave in the same step.") {
    for (const auto framing : {ModbusFraming::rtu, ModbusFraming::tcp}) {
        TurnstileBench bench(without_alarm(framing));
        bench.go_online();
        bench.run_for(30ms);
        REQUIRE(bench.wire.empty());
        const auto before = bench.written.size();
        bench.tell(OpenRequested{OpenId{1}, Direction::entry});
        REQUIRE(bench.written.size() == before + 1);
        const std::size_t function = framing == ModbusFraming::rtu ? 1 : 7;
        CHECK(bench.written.back()[function] == 5);
    }
}

TEST_CASE("on TCP an open does not wait for the answer to a poll") {
    TurnstileBench bench(without_alarm(ModbusFraming::tcp));
    bench.go_online();
    while (bench.wire.empty()) bench.run_for(1ms);
    bench.tell(OpenRequested{OpenId{1}, Direction::entry});
    CHECK(bench.written.back()[7] == 5);
    CHECK(bench.wire.size() == 2);
}

// Any sequence of requests, losses, unplugging, passages and noise.
TEST_CASE("Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed.") {
    CHECK(rc::check([] {
        const auto framing = *rc::gen::element(ModbusFraming::rtu, ModbusFraming::tcp);
        const auto pulse = *rc::gen::element(ModbusPulse::waveshare, ModbusPulse::lctech, ModbusPulse::timed);
        TurnstileBench bench(without_alarm(framing, pulse));
        lose(bench, framing);
        std::uint64_t asked = 0;
        unsigned passages = 0;
        const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9));
        for (const int step : steps) {
            switch (step) {
                case 0: bench.plug(); break;
                case 1: bench.unplug(); break;
                case 2:
                case 3:
                    bench.tell(OpenRequested{OpenId{++asked}, step == 2 ? Direction::entry : Direction::exit});
                    break;
                case 4:
                    if (!bench.board.inputs[0]) ++passages;
                    bench.board.inputs[0] = true;
                    break;
                case 5: bench.board.inputs[0] = false; break;
                case 6:
                    if (bench.up) bench.tell(BytesRead{*rc::gen::nonEmpty<Bytes>()});
                    break;
                case 7: bench.run_for(40ms); break;
                default: bench.run_for(700ms); break;
            }
        }
        bench.run_for(10s);
        std::map<std::uint64_t, int> answers;
        unsigned passed = 0;
        unsigned opened = 0;
        for (const auto& report : bench.reports) {
            if (const auto* done = std::get_if<ReportOpened>(&report)) {
                ++answers[done->id.value];
                ++opened;
            }
            if (const auto* failed = std::get_if<ReportOpenFailed>(&report)) ++answers[failed->id.value];
            if (std::holds_alternative<ReportPassed>(report)) ++passed;
        }
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(answers[id] == 1);
        RC_ASSERT(bench.board.pulses <= asked);  // no open without request, none doubled
        // A timed pulse that begins before the last one could be ended is no edge.
        if (pulse != ModbusPulse::timed) RC_ASSERT(opened <= bench.board.pulses);
        RC_ASSERT(passed <= passages);  // none counted twice
    }));
}

// Holds, releases and fire among them: nothing is pulsed or switched off while it is held, and what is held in the end
// is on, and nothing else.
TEST_CASE("a turnstile that is held is never left shut, and nothing is pulsed while it is") {
    std::map<int, int> fired;
    CHECK(rc::check([&fired] {
        const auto framing = *rc::gen::element(ModbusFraming::rtu, ModbusFraming::tcp);
        const auto pulse = *rc::gen::element(ModbusPulse::waveshare, ModbusPulse::lctech, ModbusPulse::timed);
        TurnstileBench bench(without_alarm(framing, pulse));
        lose(bench, framing);
        bench.board.stubborn = *rc::gen::arbitrary<bool>();
        HoldWatch watch(bench, framing);
        std::uint64_t asked = 0;
        bench.plug();
        for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12))) {
            ++fired[step];
            const auto way = *rc::gen::element(Direction::entry, Direction::exit);
            const auto hold = *rc::gen::element(Hold::free, Hold::emergency);
            switch (step) {
                case 0: bench.plug(); break;
                case 1: bench.unplug(); break;
                case 2:
                case 3: bench.tell(OpenRequested{OpenId{++asked}, way}); break;
                case 4: watch.hold({hold, way}); break;
                case 5: watch.hold({hold, std::nullopt}); break;
                case 6: watch.release({hold}); break;
                case 7: bench.board.inputs[3] = !bench.board.inputs[3]; break;
                case 8: bench.board.inputs[way_index(way)] = !bench.board.inputs[way_index(way)]; break;
                case 9:
                case 10: bench.run_for(40ms); break;
                default: bench.run_for(700ms); break;
            }
        }
        watch.calm = true;
        if (!bench.up) bench.plug();
        bench.run_for(1s);
        for (const auto way : both_ways) {
            const auto off = bench.longest_off(way_index(way), 3s);
            watch.hear();
            RC_ASSERT(!watch.holds.is_held(way) || off <= 100ms);
        }
        for (int i = 0; i < 10; ++i) {
            if (!bench.up) bench.plug();
            bench.run_for(2s);
        }
        watch.hear();
        for (const auto way : both_ways)
            RC_ASSERT(bench.board.coil(way_index(way), bench.now) == watch.holds.is_held(way));
        std::map<std::uint64_t, int> answers;
        for (const auto& report : bench.reports) {
            if (const auto* done = std::get_if<ReportOpened>(&report)) ++answers[done->id.value];
            if (const auto* failed = std::get_if<ReportOpenFailed>(&report)) ++answers[failed->id.value];
        }
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(answers[id] == 1);
        RC_ASSERT(bench.board.flashes <= asked);
    }));
    CHECK(fired.size() == 12);
}
