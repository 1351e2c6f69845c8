#include "drivers/turnstile/modbus_bus_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <map>

#include "drivers/turnstile/gate_holds.hpp"
#include "tests/drivers/turnstile/model_board.hpp"
#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::at_ms;

namespace {

// Boards of units 1, 2 and so on, three at most, on one RTU line; each may be dead, and late.
struct BusBench {
    explicit BusBench(ModbusTag first_tag = 1, std::uint8_t units = 2) {
        for (std::uint8_t unit = 1; unit <= units; ++unit) {
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
                look(write->bytes);
                if (dead[unit - 1U]) continue;
                wire.emplace(now + (late() ? 250ms : 2ms), boards[unit - 1U].answer(write->bytes, now));
            } else if (const auto* reported = std::get_if<GateReported>(&effect)) {
                reports.emplace_back(reported->position.value, reported->report);
            } else {
                hung_up = true;
            }
        }
    }
    void run_for(Duration length) {
        const auto end = now + length;
        while (true) {
            if (hung_up) replug();
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
    void replug() {
        hung_up = false;
        wire.clear();
        tell(LinkDown{});
        tell(LinkUp{});
    }
    [[nodiscard]] long count(std::uint32_t position, const GateReport& report) const {
        return std::ranges::count(reports, std::pair(position, report));
    }

    ModbusBusSession bus;
    std::array<test::ModelBoard, 3> boards{test::ModelBoard(ModbusFraming::rtu), test::ModelBoard(ModbusFraming::rtu),
                                           test::ModelBoard(ModbusFraming::rtu)};
    std::array<bool, 3> dead{};
    bool hung_up = false;
    std::function<bool()> late = [] { return false; };
    std::function<void(const Bytes&)> look = [](const Bytes&) {};
    Instant now = at_ms(0);
    std::multimap<Instant, Bytes> wire;
    std::vector<Bytes> written;
    std::vector<std::pair<std::uint32_t, GateReport>> reports;
};

}  // namespace

TEST_CASE("a board's last answer is when it last answered, whatever the other says") {
    BusBench bench;
    CHECK(bench.bus.last_answer(BusPosition{0}) == Instant{});
    bench.tell(LinkUp{});
    bench.run_for(1s);
    bench.dead[1] = true;
    const auto died = bench.now;
    bench.run_for(1s);
    CHECK(bench.bus.last_answer(BusPosition{0}) > bench.now - 100ms);
    CHECK(bench.bus.last_answer(BusPosition{1}) <= died + 2ms);
    CHECK(bench.bus.last_answer(BusPosition{1}) > died - 100ms);
}

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

namespace {

// What was asked of one of the turnstiles, and what became of it.
struct Asked {
    std::vector<std::uint64_t> opens;
    GateHolds holds;
    EachWay<Instant> held_since{};
    unsigned guests = 0;
};

struct HeardFromGate {
    std::map<std::uint64_t, int> answers;
    unsigned passed = 0;
};

HeardFromGate heard_of(const BusBench& bench, std::uint32_t position) {
    HeardFromGate heard;
    for (const auto& [from, report] : bench.reports) {
        if (from != position) continue;
        if (const auto* done = std::get_if<ReportOpened>(&report)) ++heard.answers[done->id.value];
        if (const auto* failed = std::get_if<ReportOpenFailed>(&report)) ++heard.answers[failed->id.value];
        if (std::holds_alternative<ReportPassed>(report)) ++heard.passed;
    }
    return heard;
}

// Sends what a step of a generated story says to one turnstile.
void ask(BusBench& bench, Asked& asked, std::uint32_t position, int step, std::uint64_t& next_id) {
    const auto way = *rc::gen::element(Direction::entry, Direction::exit);
    const auto hold = [&](bool on) {
        const EachWay<bool> before{asked.holds.is_held(Direction::entry), asked.holds.is_held(Direction::exit)};
        if (on)
            asked.holds.set({Hold::emergency, way});
        else
            asked.holds.release({Hold::emergency});
        for (const auto each : both_ways)
            if (before[way_index(each)] != asked.holds.is_held(each)) asked.held_since[way_index(each)] = bench.now;
    };
    auto& board = bench.boards[position];
    switch (step) {
        case 0:
        case 1:
            asked.opens.push_back(++next_id);
            bench.tell(GateAsked{BusPosition{position}, OpenRequested{OpenId{next_id}, way}});
            break;
        case 2:
            hold(true);
            bench.tell(GateAsked{BusPosition{position}, HoldOpenRequested{Hold::emergency, way}});
            break;
        case 3:
            hold(false);
            bench.tell(GateAsked{BusPosition{position}, ReleaseRequested{Hold::emergency}});
            break;
        case 4:
            if (!board.inputs[0]) ++asked.guests;
            board.inputs[0] = !board.inputs[0];
            break;
        case 5: bench.dead[position] = !bench.dead[position]; break;
        case 6: bench.replug(); break;
        case 7: bench.run_for(40ms); break;
        default: bench.run_for(700ms); break;
    }
}

}  // namespace

// Three turnstiles, one of them dead from the start, boards that die and come back, answers that come late, links that
// go: each turnstile keeps its promises.
TEST_CASE("whatever happens on a bus, each of its turnstiles answers each opening once and stays open while held") {
    CHECK(rc::check([] {
        BusBench bench(1, 3);
        std::array<Asked, 3> asked;
        std::uint64_t next_id = 0;
        const auto delays = *rc::gen::container<std::vector<bool>>(60, rc::gen::arbitrary<bool>());
        std::size_t next_delay = 0;
        bench.late = [&] { return next_delay < delays.size() && delays[next_delay++]; };
        bench.look = [&](const Bytes& frame) {
            const auto address = static_cast<std::size_t>(frame[2] << 8U | frame[3]);
            if (frame[1] != 5 || (address < 0x200 && frame[4] != 0)) return;
            const auto& its = asked.at(frame[0] - 1U);
            const auto coil = address % 0x200;
            const bool held = its.holds.is_held(static_cast<Direction>(coil));
            RC_ASSERT(!held || bench.now <= its.held_since.at(coil) + ModbusGateOptions{}.patience);
        };
        bench.dead[*rc::gen::inRange<std::size_t>(0, 3)] = true;
        bench.tell(LinkUp{});
        bench.run_for(500ms);
        for (const auto& [position, step] : *rc::gen::container<std::vector<std::pair<std::uint32_t, int>>>(
                 rc::gen::pair(rc::gen::inRange<std::uint32_t>(0, 3), rc::gen::inRange(0, 10))))
            ask(bench, asked.at(position), position, step, next_id);
        next_delay = delays.size();
        bench.run_for(20s);
        for (std::uint32_t position = 0; position < 3; ++position) {
            const auto& its = asked.at(position);
            auto& board = bench.boards.at(position);
            auto heard = heard_of(bench, position);
            RC_ASSERT(heard.answers.size() == its.opens.size());
            for (const auto id : its.opens) RC_ASSERT(heard.answers[id] == 1);
            RC_ASSERT(board.flashes <= its.opens.size());
            RC_ASSERT(heard.passed <= its.guests);
            if (bench.dead.at(position)) continue;
            for (const auto way : both_ways) RC_ASSERT(board.coil(way_index(way), bench.now) == its.holds.is_held(way));
        }
    }));
}
