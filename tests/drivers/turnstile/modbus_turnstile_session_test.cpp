#include "drivers/turnstile/modbus_turnstile_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/drivers/turnstile/turnstile_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::TurnstileBench;
using test::WireFault;

namespace {

ModbusTurnstileOptions options(ModbusFraming framing) {
    ModbusTurnstileOptions made;
    made.line.framing = framing;
    if (framing == ModbusFraming::tcp) made.line.silence = Duration{0};
    return made;
}

}  // namespace

TEST_CASE("A request finds an idle line: its bytes leave in the same step.") {
    for (const auto framing : {ModbusFraming::rtu, ModbusFraming::tcp}) {
        TurnstileBench bench(options(framing));
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
    TurnstileBench bench(options(ModbusFraming::tcp));
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
        TurnstileBench bench(options(framing));
        const auto faults = *rc::gen::container<std::vector<int>>(60, rc::gen::inRange(0, 8));
        std::size_t next_fault = 0;
        bench.fault = [&](const Bytes&) {
            const int fault = next_fault < faults.size() ? faults[next_fault++] : 0;
            const bool garbled = fault == 3 && framing == ModbusFraming::tcp;  // TCP has its own check
            return fault >= 1 && fault <= 3 && !garbled ? static_cast<WireFault>(fault) : WireFault::none;
        };
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
        RC_ASSERT(opened <= bench.board.pulses);
        RC_ASSERT(passed <= passages);  // none counted twice
    }));
}
