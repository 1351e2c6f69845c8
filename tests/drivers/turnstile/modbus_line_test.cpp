#include "drivers/turnstile/modbus_line.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;

namespace {

ModbusRequest poll(std::uint32_t tag) { return {tag, 1, read_inputs(0, 2), false, at_ms(100'000), false}; }
ModbusRequest open(std::uint32_t tag) { return {tag, 1, write_coil(0x200, 5), true, at_ms(100'000), false}; }
ModbusRequest probe(std::uint32_t tag) { return {tag, 2, read_inputs(0, 2), false, at_ms(100'000), true}; }
const Bytes nobody = from_hex("020100").value();
const Bytes somebody = from_hex("020101").value();

ModbusLineOptions over_tcp() {
    ModbusLineOptions options;
    options.framing = ModbusFraming::tcp;
    options.silence = Duration{0};
    return options;
}

ModbusLine up(ModbusLineOptions options = {}) {
    ModbusLine line(options);
    (void)line.step(LinkUp{}, at_ms(0));
    return line;
}

}  // namespace

TEST_CASE("An urgent request on an idle line is written in the same step.") {
    auto rtu = up();
    CHECK(rtu.step(open(1), at_ms(5)) == ModbusLineEffects{WriteBytes{rtu_frame(1, open(1).pdu)}});
    auto net = up(over_tcp());
    CHECK(net.step(open(1), at_ms(5)) == ModbusLineEffects{WriteBytes{tcp_frame(1, 1, open(1).pdu)}});
}

TEST_CASE("At most one request is in flight; on TCP one urgent request may join a routine one.") {
    auto rtu = up();
    (void)rtu.step(poll(1), at_ms(0));
    CHECK(rtu.step(poll(2), at_ms(1)).empty());
    CHECK(rtu.step(open(3), at_ms(2)).empty());
    const auto answered = rtu.step(BytesRead{rtu_frame(1, nobody)}, at_ms(10));
    CHECK(answered == ModbusLineEffects{ReportAnswered{1, ModbusBits{{false, false}}}});
    CHECK(rtu.step(Ticked{}, *rtu.deadline()) == ModbusLineEffects{WriteBytes{rtu_frame(1, open(3).pdu)}});

    auto net = up(over_tcp());
    (void)net.step(poll(1), at_ms(0));
    CHECK(net.step(poll(2), at_ms(1)).empty());
    CHECK(net.step(open(3), at_ms(2)) == ModbusLineEffects{WriteBytes{tcp_frame(2, 1, open(3).pdu)}});
    CHECK(net.step(open(4), at_ms(2)).empty());
}

TEST_CASE("An answer is paired only with the request that it can answer.") {
    auto net = up(over_tcp());
    (void)net.step(poll(1), at_ms(0));
    (void)net.step(open(2), at_ms(0));
    CHECK(net.step(BytesRead{tcp_frame(2, 1, somebody)}, at_ms(1))
              .empty());  // transaction of the open, words of the poll
    CHECK(net.step(BytesRead{tcp_frame(1, 9, somebody)}, at_ms(1)).empty());  // another unit
    CHECK(net.step(BytesRead{tcp_frame(2, 1, open(2).pdu)}, at_ms(2)) ==
          ModbusLineEffects{ReportAnswered{2, ModbusWritten{}}});
    CHECK(net.step(BytesRead{tcp_frame(1, 1, somebody)}, at_ms(2)) ==
          ModbusLineEffects{ReportAnswered{1, ModbusBits{{true, false}}}});
}

TEST_CASE("A late answer is never taken for the answer to a later request.") {
    auto rtu = up();
    (void)rtu.step(poll(1), at_ms(0));
    CHECK(rtu.step(Ticked{}, at_ms(150)) == ModbusLineEffects{ReportUnanswered{1, true}});
    CHECK(rtu.step(poll(2), at_ms(151)).empty());
    CHECK(rtu.step(BytesRead{rtu_frame(1, somebody)}, at_ms(200)).empty());
    CHECK(rtu.deadline() == at_ms(350));
    CHECK(rtu.step(Ticked{}, at_ms(350)) == ModbusLineEffects{WriteBytes{rtu_frame(1, poll(2).pdu)}});
    CHECK(rtu.step(BytesRead{rtu_frame(1, nobody)}, at_ms(360)) ==
          ModbusLineEffects{ReportAnswered{2, ModbusBits{{false, false}}}});

    auto net = up(over_tcp());
    (void)net.step(poll(1), at_ms(0));
    (void)net.step(Ticked{}, at_ms(150));
    (void)net.step(poll(2), at_ms(150));
    CHECK(net.step(BytesRead{tcp_frame(1, 1, somebody)}, at_ms(160)).empty());
}

TEST_CASE("Every request ends in one answered or unanswered.") {
    auto line = up();
    (void)line.step(open(1), at_ms(0));
    (void)line.step(poll(2), at_ms(0));
    CHECK(line.step(LinkDown{}, at_ms(1)) == ModbusLineEffects{ReportUnanswered{1, true}, ReportUnanswered{2, false}});
    CHECK(line.step(poll(3), at_ms(2)) == ModbusLineEffects{ReportUnanswered{3, false}});
    CHECK(line.deadline() == std::nullopt);
}

TEST_CASE("a request that waited too long is not sent any more") {
    auto line = up();
    (void)line.step(poll(1), at_ms(0));
    auto late = open(2);
    late.expires = at_ms(100);
    (void)line.step(late, at_ms(0));
    CHECK(line.step(Ticked{}, at_ms(100)) == ModbusLineEffects{ReportUnanswered{2, false}});
}

TEST_CASE("a withdrawn request is not sent any more") {
    auto line = up();
    (void)line.step(poll(1), at_ms(0));
    (void)line.step(open(2), at_ms(0));
    CHECK(line.step(RequestsWithdrawn{1}, at_ms(1)) == ModbusLineEffects{ReportUnanswered{2, false}});
    CHECK(line.step(BytesRead{rtu_frame(1, nobody)}, at_ms(10)).size() == 1);
    CHECK(line.deadline() == std::nullopt);
}

TEST_CASE("a TCP device that answers nothing, or something else than Modbus, is hung up on") {
    auto silent = up(over_tcp());
    for (std::uint32_t tag = 1; tag <= 2; ++tag) {
        (void)silent.step(poll(tag), at_ms(tag * 1'000));
        CHECK(silent.step(Ticked{}, at_ms(tag * 1'000 + 150)) == ModbusLineEffects{ReportUnanswered{tag, true}});
    }
    (void)silent.step(poll(3), at_ms(3'000));
    CHECK(silent.step(Ticked{}, at_ms(3'150)) == ModbusLineEffects{ReportUnanswered{3, true}, HangUp{}});

    auto stranger = up(over_tcp());
    CHECK(stranger.step(BytesRead{bytes_of("HTTP/1.1 400 Bad Request")}, at_ms(0)) == ModbusLineEffects{HangUp{}});
}

TEST_CASE("Noise delays a request, but not for ever; a line of nothing but noise is hung up on.") {
    auto line = up();
    (void)line.step(poll(1), at_ms(0));
    std::vector<std::int64_t> lost;
    std::vector<std::int64_t> sent;
    std::vector<std::int64_t> hung_up;
    std::uint32_t tag = 1;
    for (std::int64_t ms = 1; ms <= 2'500 && hung_up.empty(); ++ms) {
        for (const auto& effect : line.step(BytesRead{{0x55}}, at_ms(ms))) {
            if (std::holds_alternative<WriteBytes>(effect)) sent.push_back(ms);
            if (std::holds_alternative<HangUp>(effect)) hung_up.push_back(ms);
            if (effect == ModbusLineEffect{ReportUnanswered{tag, true}}) lost.push_back(ms);
        }
        if (lost.size() == tag) (void)line.step(poll(++tag), at_ms(ms));
    }
    CHECK(lost == std::vector<std::int64_t>{150, 950, 1'750});
    CHECK(sent == std::vector<std::int64_t>{800, 1'600});
    CHECK(hung_up == std::vector<std::int64_t>{2'400});

    // Noise between two requests: the next goes into it, and its answer is found there.
    auto other = up();
    for (std::int64_t ms = 0; ms < 400; ++ms) (void)other.step(BytesRead{{0x55}}, at_ms(ms));
    CHECK(other.step(poll(1), at_ms(400)).empty());
    for (std::int64_t ms = 400; ms < 505; ++ms) CHECK(other.step(BytesRead{{0x55}}, at_ms(ms)).empty());
    CHECK(other.step(BytesRead{{0x55}}, at_ms(505)) == ModbusLineEffects{WriteBytes{rtu_frame(1, poll(1).pdu)}});
    (void)other.step(BytesRead{{0x55}}, at_ms(506));
    CHECK(other.step(BytesRead{rtu_frame(1, nobody)}, at_ms(510)) ==
          ModbusLineEffects{ReportAnswered{1, ModbusBits{{false, false}}}});
}

TEST_CASE(
    "A probe of a board that seems absent takes a fraction of the time that an answer may take, and of the line's "
    "time.") {
    auto line = up();
    (void)line.step(probe(1), at_ms(0));
    const auto window = at_ms(0) + ModbusLineOptions{}.quick_answer + ModbusLineOptions{}.silence * 4;
    CHECK(line.deadline() == window);
    CHECK(line.step(Ticked{}, window) == ModbusLineEffects{ReportUnanswered{1, true}});
    (void)line.step(probe(2), window);
    (void)line.step(poll(3), window);
    const auto drained = window + ModbusLineOptions{}.quick_answer;
    CHECK(line.deadline() == drained);
    CHECK(line.step(Ticked{}, drained) == ModbusLineEffects{WriteBytes{rtu_frame(1, poll(3).pdu)}});
    CHECK(line.step(BytesRead{rtu_frame(1, nobody)}, drained + Duration{1}).size() == 1);
    (void)line.step(poll(4), drained + Duration{1});
    CHECK(line.step(Ticked{}, at_ms(150)) == ModbusLineEffects{WriteBytes{rtu_frame(1, poll(4).pdu)}});
    (void)line.step(BytesRead{rtu_frame(1, nobody)}, at_ms(160));
    (void)line.step(poll(5), at_ms(160));
    CHECK(line.step(Ticked{}, at_ms(190)) == ModbusLineEffects{WriteBytes{rtu_frame(2, probe(2).pdu)}});

    // A board that was slow when it was there gets three times as long.
    auto slow = up();
    auto known = probe(1);
    known.probe = false;
    (void)slow.step(known, at_ms(0));
    CHECK(slow.step(BytesRead{rtu_frame(2, nobody)}, at_ms(25)).size() == 1);
    (void)slow.step(probe(2), at_ms(100));
    CHECK(slow.deadline() == at_ms(175));
}
