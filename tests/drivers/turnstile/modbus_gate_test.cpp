#include "drivers/turnstile/modbus_gate.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/turnstile/turnstile_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::TurnstileBench;
using test::WireFault;

namespace {

ModbusTurnstileOptions options(ModbusFraming framing, ModbusPulse pulse = ModbusPulse::waveshare) {
    ModbusTurnstileOptions made;
    made.line.framing = framing;
    if (framing == ModbusFraming::tcp) made.line.silence = Duration{0};
    made.gate.pulse = pulse;
    made.gate.alarm = 2;
    made.gate.fire = 3;
    return made;
}

OpenRequested entry(std::uint64_t id) { return {OpenId{id}, Direction::entry}; }
bool is_pulse(const Bytes& rtu) { return rtu[1] == 5 && rtu[2] == 2; }

}  // namespace

TEST_CASE("No pulse without a request.") {
    for (const auto framing : {ModbusFraming::rtu, ModbusFraming::tcp}) {
        TurnstileBench bench(options(framing));
        bench.plug();
        bench.run_for(10s);
        CHECK(bench.board.pulses == 0);
        CHECK(bench.heard() == TurnstileEffects{ReportOnline{}});
    }
}

TEST_CASE("an open is pulsed once, reported once, and the board ends it") {
    for (const auto framing : {ModbusFraming::rtu, ModbusFraming::tcp}) {
        TurnstileBench bench(options(framing));
        bench.go_online();
        bench.tell(entry(7));
        bench.run_for(100ms);
        CHECK(bench.board.coil(0, bench.now));
        CHECK(bench.heard() == TurnstileEffects{ReportOpened{OpenId{7}}});
        bench.run_for(600ms);
        CHECK_FALSE(bench.board.coil(0, bench.now));
        CHECK(bench.board.pulses == 1);
    }
}

TEST_CASE("A pulse is never repeated blindly: after a lost answer the coil is read first.") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.run_for(20ms);
    bool lost = false;
    bench.fault = [&lost](const Bytes& frame) {
        if (!is_pulse(frame) || std::exchange(lost, true)) return WireFault::none;
        return WireFault::answer_lost;
    };
    bench.tell(entry(1));
    bench.run_for(450ms);
    CHECK(bench.heard() == TurnstileEffects{ReportOpened{OpenId{1}}});
    CHECK(bench.board.pulses == 1);
}

TEST_CASE("a pulse whose request was lost is sent once more, because the coil is off while it should be on") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.run_for(20ms);
    bool lost = false;
    bench.fault = [&lost](const Bytes& frame) {
        if (!is_pulse(frame) || std::exchange(lost, true)) return WireFault::none;
        return WireFault::request_lost;
    };
    bench.tell(entry(1));
    bench.run_for(450ms);
    CHECK(bench.heard() == TurnstileEffects{ReportOpened{OpenId{1}}});
    CHECK(bench.board.pulses == 1);
}

TEST_CASE("a pulse that may have come and gone unseen is unknown, not repeated") {
    auto slow = options(ModbusFraming::rtu);
    slow.line.answer = 300ms;
    TurnstileBench bench(slow);
    bench.go_online();
    bench.run_for(20ms);
    bool lost = false;
    bench.fault = [&lost](const Bytes& frame) {
        if (!is_pulse(frame) || std::exchange(lost, true)) return WireFault::none;
        return WireFault::answer_lost;
    };
    bench.tell(entry(1));
    bench.run_for(2s);
    CHECK(bench.heard() == TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::unknown}});
    CHECK(bench.board.pulses == 1);
}

TEST_CASE("A passage is a rising edge between two answers of one link, and counts once.") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.board.inputs[1] = true;
    bench.run_for(1s);
    bench.board.inputs[1] = false;
    bench.run_for(1s);
    CHECK(bench.heard() == TurnstileEffects{ReportPassed{Direction::exit}});

    bench.board.inputs[0] = true;
    bench.unplug();
    bench.run_for(1s);
    bench.plug();
    bench.run_for(1s);
    CHECK(bench.heard() == TurnstileEffects{ReportFault{TurnstileFault::link_down}, ReportOnline{}});
}

TEST_CASE("A sensor that does not release is a fault, not a stream of people.") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.board.inputs[0] = true;
    bench.run_for(120s);
    CHECK(bench.heard() == TurnstileEffects{ReportPassed{Direction::entry}, ReportFault{TurnstileFault::sensor_stuck}});
    bench.board.inputs[0] = false;
    bench.run_for(1s);
    CHECK(bench.heard() == TurnstileEffects{ReportOnline{}});
}

TEST_CASE("An inverted input is active when it reads off.") {
    auto closed = options(ModbusFraming::tcp);
    closed.gate.inverted.set(3);
    TurnstileBench bench(closed);
    bench.board.inputs[3] = true;  // a fire loop at rest
    bench.plug();
    bench.run_for(1s);
    CHECK(bench.heard() == TurnstileEffects{ReportOnline{}});
    bench.board.inputs[3] = false;  // the loop is cut
    bench.run_for(1s);
    CHECK(bench.heard() ==
          TurnstileEffects{ReportInput{GateInput::fire, true}, ReportHeld{true, false}, ReportHeld{true, true}});
    bench.board.inputs[3] = true;
    bench.run_for(1s);
    CHECK(bench.heard() == TurnstileEffects{ReportInput{GateInput::fire, false}});
}

TEST_CASE("The start-up \"all off\" is skipped while held open or while the fire input is active.") {
    const auto left_on = [](TurnstileBench& bench) {
        (void)bench.board.answer(tcp_frame(1, 1, write_coil(0, 0xff00)), bench.now);
    };
    TurnstileBench plain(options(ModbusFraming::tcp));
    left_on(plain);
    plain.plug();
    plain.run_for(100ms);
    CHECK_FALSE(plain.board.coil(0, plain.now));

    TurnstileBench held(options(ModbusFraming::tcp));
    held.tell(HoldOpenRequested{Hold::emergency, std::nullopt});
    left_on(held);
    held.plug();
    held.run_for(100ms);
    CHECK(held.board.coil(0, held.now));
    CHECK(held.board.coil(1, held.now));

    TurnstileBench burning(options(ModbusFraming::tcp));
    burning.board.inputs[3] = true;
    left_on(burning);
    burning.plug();
    burning.run_for(100ms);
    CHECK(burning.board.coil(0, burning.now));
    CHECK(burning.board.coil(1, burning.now));
    for (const auto* bench : {&plain, &held, &burning})
        for (const auto& frame : bench->written) {
            const bool is_off = frame[7] == 5 && frame[10] == 0;
            CHECK((bench == &plain || !is_off));
        }
}

TEST_CASE("fire opens both ways by itself and holds until the input has ended and the operator has released it") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.board.inputs[3] = true;
    bench.run_for(100ms);
    CHECK(bench.board.coil(0, bench.now));
    CHECK(bench.board.coil(1, bench.now));
    CHECK(bench.heard() ==
          TurnstileEffects{ReportInput{GateInput::fire, true}, ReportHeld{true, false}, ReportHeld{true, true}});
    bench.tell(ReleaseRequested{Hold::emergency});
    bench.run_for(1s);
    CHECK(bench.board.coil(0, bench.now));
    bench.board.inputs[3] = false;
    bench.run_for(100ms);
    CHECK_FALSE(bench.board.coil(0, bench.now));
    CHECK(bench.heard() ==
          TurnstileEffects{ReportInput{GateInput::fire, false}, ReportHeld{false, true}, ReportHeld{false, false}});
}

TEST_CASE("a released mode does not end an emergency, nor the other way round") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.tell(HoldOpenRequested{Hold::free, Direction::entry});
    bench.tell(HoldOpenRequested{Hold::emergency, std::nullopt});
    bench.run_for(50ms);
    bench.tell(ReleaseRequested{Hold::emergency});
    bench.run_for(50ms);
    CHECK(bench.board.coil(0, bench.now));
    CHECK_FALSE(bench.board.coil(1, bench.now));
    bench.tell(ReleaseRequested{Hold::free});
    bench.run_for(50ms);
    CHECK_FALSE(bench.board.coil(0, bench.now));
}

TEST_CASE("An open request while the barrier is held writes nothing: a board's pulse would end in off.") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.tell(HoldOpenRequested{Hold::free, Direction::entry});
    bench.run_for(100ms);
    bench.reports.clear();
    const auto pulses = bench.board.pulses;
    bench.tell(entry(3));
    CHECK(bench.heard() == TurnstileEffects{ReportOpened{OpenId{3}}});
    bench.run_for(1s);
    CHECK(bench.board.pulses == pulses);
    CHECK(bench.board.coil(0, bench.now));
}

TEST_CASE("a hold that comes during a pulse outlasts it") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.tell(entry(1));
    bench.run_for(100ms);
    bench.tell(HoldOpenRequested{Hold::emergency, std::nullopt});
    bench.run_for(3s);
    CHECK(bench.board.coil(0, bench.now));
    CHECK(bench.board.coil(1, bench.now));
}

// A board whose pulses end in off whatever was written meanwhile, with a clock that is slow by a twentieth, too.
TEST_CASE("A hold that begins is not undone by what was written before and never answered.") {
    const auto lose_one = [](TurnstileBench& bench, auto which, WireFault how) {
        bench.fault = [which, how, lost = false](const Bytes& frame) mutable {
            return which(frame) && !std::exchange(lost, true) ? how : WireFault::none;
        };
    };
    const auto is_off = [](const Bytes& rtu) { return rtu[1] == 5 && rtu[2] == 0 && rtu[4] == 0; };
    for (const auto length : {500ms, 525ms}) {
        for (const auto how : {WireFault::answer_lost, WireFault::answer_late, WireFault::request_lost}) {
            auto slow = options(ModbusFraming::rtu);
            slow.gate.pulse_length = 500ms;
            TurnstileBench bench(slow);
            bench.board.stubborn = true;
            bench.board.tenth = length / 5;
            bench.go_online();
            bench.run_for(20ms);
            lose_one(bench, is_pulse, how);
            bench.tell(entry(1));
            bench.run_for(20ms);
            bench.tell(HoldOpenRequested{Hold::emergency, std::nullopt});
            bench.run_for(480ms);
            CHECK(bench.longest_off(0, 5s) <= 100ms);
            CHECK(bench.heard() ==
                  TurnstileEffects{ReportHeld{true, false}, ReportHeld{true, true}, ReportOpened{OpenId{1}}});
        }
    }
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.tell(HoldOpenRequested{Hold::free, std::nullopt});
    bench.run_for(100ms);
    lose_one(bench, is_off, WireFault::answer_lost);
    bench.tell(ReleaseRequested{Hold::free});
    bench.run_for(20ms);
    bench.tell(HoldOpenRequested{Hold::emergency, std::nullopt});
    CHECK(bench.longest_off(0, 5s) <= 400ms);
    CHECK(bench.board.coil(1, bench.now));
}

TEST_CASE("a pulse that has not left when a hold begins never leaves, and its guest finds the barrier open") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.fault = [](const Bytes&) { return WireFault::answer_lost; };
    bench.run_for(100ms);  // a poll is being waited for
    const auto written = bench.written.size();
    bench.tell(entry(1));
    REQUIRE(bench.written.size() == written);
    bench.fault = [](const Bytes&) { return WireFault::none; };
    bench.tell(HoldOpenRequested{Hold::emergency, Direction::entry});
    bench.run_for(2s);
    CHECK(bench.heard() == TurnstileEffects{ReportHeld{true, false}, ReportOpened{OpenId{1}}});
    CHECK(std::ranges::count_if(bench.written, is_pulse) == 0);
}

TEST_CASE("a board that dies while a hold waits behind a lost pulse leaves the opening unknown, not unanswered") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.run_for(20ms);
    bench.fault = [](const Bytes&) { return WireFault::request_lost; };
    bench.tell(entry(1));
    bench.tell(HoldOpenRequested{Hold::emergency, std::nullopt});
    bench.run_for(5s);
    CHECK(bench.heard() ==
          TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::unknown}, ReportFault{TurnstileFault::no_answer}});
}

TEST_CASE("A passage ends its pulse, so that nobody follows through an arm that is still released.") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.tell(entry(1));
    bench.run_for(60ms);
    bench.board.inputs[0] = true;
    bench.run_for(60ms);
    CHECK_FALSE(bench.board.coil(0, bench.now));
    CHECK(bench.heard() == TurnstileEffects{ReportOpened{OpenId{1}}, ReportPassed{Direction::entry}});
    bench.tell(entry(2));
    bench.run_for(60ms);
    CHECK(bench.board.pulses == 2);
}

TEST_CASE("the next pulse of a coil waits until the former is over; the other direction does not") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.tell(entry(1));
    bench.run_for(50ms);
    bench.tell(entry(2));
    bench.tell(OpenRequested{OpenId{3}, Direction::exit});
    bench.run_for(100ms);
    CHECK(bench.heard() == TurnstileEffects{ReportOpened{OpenId{1}}, ReportOpened{OpenId{3}}});
    bench.run_for(500ms);
    CHECK(bench.heard() == TurnstileEffects{ReportOpened{OpenId{2}}});
}

TEST_CASE("a timed pulse is switched off by the driver, also after a passage and after the link was lost") {
    TurnstileBench bench(options(ModbusFraming::tcp, ModbusPulse::timed));
    bench.go_online();
    bench.tell(entry(1));
    bench.run_for(400ms);
    CHECK(bench.board.coil(0, bench.now));
    bench.run_for(200ms);
    CHECK_FALSE(bench.board.coil(0, bench.now));
    bench.tell(entry(2));
    bench.run_for(50ms);
    bench.unplug();
    bench.run_for(2s);
    CHECK(bench.board.coil(0, bench.now));
    bench.plug();
    bench.run_for(100ms);
    CHECK_FALSE(bench.board.coil(0, bench.now));
}

TEST_CASE("LC-Tech boards are pulsed through their registers") {
    TurnstileBench bench(options(ModbusFraming::rtu, ModbusPulse::lctech));
    bench.go_online();
    bench.tell(OpenRequested{OpenId{1}, Direction::exit});
    bench.run_for(60ms);
    const auto expected = rtu_frame(1, from_hex("10000800020400020005").value());
    CHECK(std::ranges::count(bench.written, expected) == 1);
}

TEST_CASE("a board that answers no more is a fault; opens fail at once; it is found again by itself") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.fault = [](const Bytes&) { return WireFault::request_lost; };
    bench.run_for(5s);
    CHECK(bench.heard() == TurnstileEffects{ReportFault{TurnstileFault::no_answer}});
    bench.tell(entry(1));
    CHECK(bench.heard() == TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::not_reachable}});
    bench.fault = [](const Bytes&) { return WireFault::none; };
    bench.run_for(2s);
    CHECK(bench.heard() == TurnstileEffects{ReportOnline{}});
    CHECK(bench.board.pulses == 0);
}

TEST_CASE("a board that is slower when it comes back is found, and never asked while it still owes an answer") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.fault = [](const Bytes&) { return WireFault::request_lost; };
    while (bench.reports.empty()) bench.run_for(1ms);  // silent from now on, and looked for again and again
    bench.turnaround = 120ms;
    bench.fault = [&](const Bytes&) {
        CHECK(bench.wire.empty());
        return WireFault::none;
    };
    bench.run_for(10s);
    CHECK(bench.heard() == TurnstileEffects{ReportFault{TurnstileFault::no_answer}, ReportOnline{}});
}

TEST_CASE("an open that was given up is not sent afterwards") {
    TurnstileBench bench(options(ModbusFraming::rtu));
    bench.go_online();
    bench.fault = [](const Bytes&) { return WireFault::request_lost; };
    bench.run_for(700ms);
    bench.tell(entry(1));
    bench.run_for(3s);
    bench.fault = [](const Bytes&) { return WireFault::none; };
    bench.run_for(5s);
    CHECK(bench.board.pulses == 0);
}

TEST_CASE("an open request while the link is down fails at once") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.tell(entry(1));
    CHECK(bench.heard() == TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::not_reachable},
                                            ReportFault{TurnstileFault::link_down}});
}

TEST_CASE("a link lost with a pulse in flight leaves it unknown") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.tell(entry(1));
    bench.unplug();
    CHECK(bench.heard() ==
          TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::unknown}, ReportFault{TurnstileFault::link_down}});
}

TEST_CASE("the alarm input is told when it changes") {
    TurnstileBench bench(options(ModbusFraming::tcp));
    bench.go_online();
    bench.board.inputs[2] = true;
    bench.run_for(100ms);
    bench.board.inputs[2] = false;
    bench.run_for(100ms);
    CHECK(bench.heard() == TurnstileEffects{ReportInput{GateInput::alarm, true}, ReportInput{GateInput::alarm, false}});
}

TEST_CASE("A link that goes takes with it what was asked for over it: the next one begins anew.") {
    ModbusGate gate;
    const auto asked = [&](const ModbusGateEvent& event, std::int64_t ms) {
        std::vector<ModbusRequest> requests;
        for (const auto& effect : gate.step(event, test::at_ms(ms)))
            if (const auto* request = std::get_if<ModbusRequest>(&effect)) requests.push_back(*request);
        return requests;
    };
    const auto poll = asked(LinkUp{}, 0);
    REQUIRE(poll.size() == 1);
    auto next = asked(ReportAnswered{poll[0].tag, ModbusBits{{false, false}}}, 5);
    for (int coil = 0; coil < 2; ++coil) {
        REQUIRE(next.size() == 1);
        next = asked(ReportAnswered{next[0].tag, ModbusWritten{}}, 10);
    }
    REQUIRE(asked(entry(1), 20).size() == 1);
    REQUIRE(asked(Ticked{}, 60).size() == 1);

    // Neither the pulse nor the poll is ever answered.
    const auto lost = gate.step(LinkDown{}, test::at_ms(70));
    CHECK(lost ==
          ModbusGateEffects{ReportOpenFailed{OpenId{1}, OpenFailure::unknown}, ReportFault{TurnstileFault::link_down}});
    CHECK(asked(LinkUp{}, 1'000).size() == 1);
}
