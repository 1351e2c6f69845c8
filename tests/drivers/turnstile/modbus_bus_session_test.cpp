#include "drivers/turnstile/modbus_bus_session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "tests/drivers/turnstile/model_board.hpp"
#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::at_ms;

namespace {

// Two boards of units 1 and 2 on one RTU line; either may be dead.
struct BusBench {
    explicit BusBench(ModbusTag first_tag = 1) {
        for (const std::uint8_t unit : {std::uint8_t{1}, std::uint8_t{2}}) {
            ModbusGateOptions gate;
            gate.unit = unit;
            gate.first_tag = first_tag;
            (void)bus.add(gate);
        }
    }
    void tell(const ModbusBusEvent& event) {
        for (const auto& effect : bus.step(event, now)) {
            if (const auto* write = std::get_if<WriteBytes>(&effect)) {
                const auto unit = write->bytes[0];
                written.push_back(write->bytes);
                if (!dead[unit - 1U]) wire.emplace(now + 2ms, boards[unit - 1U].answer(write->bytes, now));
            } else if (const auto* reported = std::get_if<GateReported>(&effect)) {
                reports.emplace_back(reported->position.value, reported->report);
            }
        }
    }
    void run_for(Duration length) {
        const auto end = now + length;
        while (true) {
            const auto answer = wire.empty() ? end : wire.begin()->first;
            const auto next = std::min(bus.deadline().value_or(end), answer);
            if (next >= end) break;
            now = std::max(now, next);
            if (!wire.empty() && answer <= now) {
                const auto bytes = wire.begin()->second;
                wire.erase(wire.begin());
                tell(BytesRead{bytes});
            } else {
                tell(Ticked{});
            }
        }
        now = end;
    }
    [[nodiscard]] long count(std::uint32_t position, const GateReport& report) const {
        return std::ranges::count(reports, std::pair(position, report));
    }

    ModbusBusSession bus;
    std::array<test::ModelBoard, 2> boards{test::ModelBoard(ModbusFraming::rtu), test::ModelBoard(ModbusFraming::rtu)};
    std::array<bool, 2> dead{};
    Instant now = at_ms(0);
    std::multimap<Instant, Bytes> wire;
    std::vector<Bytes> written;
    std::vector<std::pair<std::uint32_t, GateReport>> reports;
};

}  // namespace

TEST_CASE("A request for one turnstile goes before the polls of all others.") {
    BusBench bench;
    bench.tell(LinkUp{});
    bench.run_for(500ms);
    while (bench.wire.empty()) bench.run_for(1ms);  // a poll is in flight
    bench.written.clear();
    bench.tell(GateAsked{BusPosition{1}, OpenRequested{OpenId{1}, Direction::entry}});
    CHECK(bench.written.empty());
    while (bench.written.empty()) bench.run_for(1ms);
    CHECK(bench.written.front() == rtu_frame(2, write_coil(0x200, 5)));
}

TEST_CASE("What one board answers never reaches another's gate.") {
    BusBench bench;
    bench.tell(LinkUp{});
    bench.run_for(500ms);
    bench.boards[1].inputs[0] = true;
    bench.tell(GateAsked{BusPosition{0}, OpenRequested{OpenId{7}, Direction::exit}});
    bench.run_for(500ms);
    CHECK(bench.count(1, ReportPassed{Direction::entry}) == 1);
    CHECK(bench.count(0, ReportPassed{Direction::entry}) == 0);
    CHECK(bench.count(0, ReportOpened{OpenId{7}}) == 1);
    CHECK(bench.boards[0].pulses == 1);
    CHECK(bench.boards[1].pulses == 0);
}

TEST_CASE("A board that is silent is asked less and less, so that it does not hold up the others.") {
    BusBench bench;
    bench.dead[0] = true;
    bench.tell(LinkUp{});
    bench.run_for(20s);
    CHECK(bench.count(0, ReportFault{TurnstileFault::no_answer}) == 1);
    CHECK(bench.count(1, ReportOnline{}) == 1);
    bench.written.clear();
    bench.run_for(60s);
    const auto probes = std::ranges::count_if(bench.written, [](const Bytes& frame) { return frame[0] == 1; });
    const auto polls = std::ranges::count_if(bench.written, [](const Bytes& frame) { return frame[0] == 2; });
    CHECK(probes <= 31);
    CHECK(polls >= 1'100);
    bench.dead[0] = false;
    bench.run_for(3s);
    CHECK(bench.count(0, ReportOnline{}) == 1);
}

TEST_CASE("no short passage at one turnstile is missed while another is looked for") {
    BusBench bench;
    bench.dead[0] = true;
    bench.tell(LinkUp{});
    bench.run_for(20s);
    for (int guest = 0; guest < 300; ++guest) {
        bench.boards[1].inputs[0] = true;
        bench.run_for(220ms);
        bench.boards[1].inputs[0] = false;
        bench.run_for(487ms);
    }
    CHECK(bench.count(1, ReportPassed{Direction::entry}) == 300);
}

TEST_CASE("a turnstile that was polled for months is polled on, and opens") {
    for (const ModbusTag limit : {ModbusTag{1} << 24U, ModbusTag{1} << 32U}) {
        BusBench bench(limit - 20);
        bench.tell(LinkUp{});
        bench.run_for(10s);
        bench.written.clear();
        bench.run_for(1s);
        for (const std::uint8_t unit : {std::uint8_t{1}, std::uint8_t{2}}) {
            const auto polls =
                std::ranges::count_if(bench.written, [&](const Bytes& frame) { return frame[0] == unit; });
            CHECK(polls >= 15);
        }
        bench.tell(GateAsked{BusPosition{1}, OpenRequested{OpenId{1}, Direction::entry}});
        bench.run_for(100ms);
        CHECK(bench.count(1, ReportOpened{OpenId{1}}) == 1);
    }
}
