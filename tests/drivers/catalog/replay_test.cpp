#include "drivers/catalog/replay.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::drivers;
using std::string;

namespace {

// What passed through a device's port, begun in the middle of a conversation.
struct Tape {
    explicit Tape(const DeviceSettings& settings) { recording.header = header_of(settings); }

    Tape& at(std::int64_t ms) {
        now = std::chrono::milliseconds(ms);
        return *this;
    }
    Tape& wrote(Bytes bytes) { return note(PortMoment::wrote, std::move(bytes)); }
    Tape& read(Bytes bytes) { return note(PortMoment::read, std::move(bytes)); }
    Tape& down() { return note(PortMoment::down, {}); }
    // An exchange, answered five milliseconds later.
    Tape& exchange(std::int64_t ms, Bytes request, Bytes answer) {
        return at(ms).wrote(std::move(request)).at(ms + 5).read(std::move(answer));
    }

    // What was reported, as the file would be played again.
    [[nodiscard]] std::vector<ReplayedEffect> reports() const {
        std::vector<ReplayedEffect> told;
        for (const auto& each : played())
            if (!std::holds_alternative<WriteBytes>(each.effect)) told.push_back(each.effect);
        return told;
    }
    [[nodiscard]] std::vector<Replayed> played() const {
        string text = format_header(recording.header);
        for (const auto& moment : recording.moments) text += format_moment(moment);
        return replay(parse_recording(text).value()).value().effects;
    }
    [[nodiscard]] bool goes_forward() const { return std::ranges::is_sorted(played(), {}, &Replayed::at); }

    Recording recording;
    Duration now{};

private:
    Tape& note(PortMoment what, Bytes bytes) {
        recording.moments.push_back({now, what, std::move(bytes)});
        return *this;
    }
};

using Told = std::vector<ReplayedEffect>;

DeviceSettings taped_device(const char* driver, std::vector<Setting> settings) {
    return {DeviceName{"d"}, driver, std::move(settings)};
}

Bytes seen(std::uint8_t bits) { return {2, 1, bits}; }

Bytes osdp(bool reply, std::uint8_t code, Bytes data) {
    OsdpFrame frame;
    frame.address = 5;
    frame.reply = reply;
    frame.sequence = 2;
    frame.code = code;
    frame.data = std::move(data);
    return encode_osdp(frame);
}
Bytes asks(OsdpCommandCode code, Bytes data = {}) {
    return osdp(false, static_cast<std::uint8_t>(code), std::move(data));
}
Bytes says(OsdpReplyCode code, Bytes data = {}) { return osdp(true, static_cast<std::uint8_t>(code), std::move(data)); }

}  // namespace

TEST_CASE("a setting with control characters comes back from a recording's header as it was") {
    const auto settings = taped_device(
        "line", {{"port", string("/dev/a")}, {"prefix", string("\n\x02")}, {"site_code", string("景 区")}});
    const auto recording = parse_recording(format_header(header_of(settings)));
    REQUIRE(recording.has_value());
    CHECK(recording->header.at("setting.prefix") == "octets 0a02");
    CHECK(recording->header.at("setting.site_code") == "text 景 区");
    CHECK(settings_in(recording->header).value() == settings);
    auto damaged = recording->header;
    damaged.at("setting.prefix") = "octets 0";
    CHECK(settings_in(damaged).error().code == ErrorCode::config);
}

TEST_CASE("replay: an opening, a passage and the silence of one board among several on a line") {
    Tape tape(taped_device("modbus", {{"port", string("/dev/bus")}}));
    const auto poll = rtu_frame(1, read_inputs(0, 2));
    for (int i = 0; i < 6; ++i) {
        tape.exchange(i * 50, poll, rtu_frame(1, seen(0)));
        tape.exchange(i * 50 + 20, rtu_frame(2, read_inputs(0, 2)), rtu_frame(2, seen(3)));
    }
    const auto pulse = rtu_frame(1, write_coil(0x0200, 5));
    tape.exchange(320, pulse, pulse);
    tape.exchange(350, poll, rtu_frame(1, seen(1))).exchange(400, poll, rtu_frame(1, seen(0)));
    for (int i = 0; i < 5; ++i) tape.at(600 + i * 300).wrote(poll);
    CHECK(tape.reports() == Told{ReportOnline{}, ReportOpened{OpenId{1}}, ReportPassed{Direction::entry},
                                 ReportFault{TurnstileFault::no_answer}});
}

TEST_CASE("replay: a Modbus TCP board is played whatever number its conversation had come to") {
    Tape tape(taped_device("modbus", {{"tcp", string("board:502")}, {"fire", std::int64_t{3}}}));
    std::uint16_t number = 40'000;
    const auto ask = [&](std::int64_t ms, const Bytes& request, const Bytes& answer) {
        ++number;
        tape.exchange(ms, tcp_frame(number, 1, request), tcp_frame(number, 1, answer));
    };
    for (int i = 0; i < 4; ++i) ask(i * 20, read_inputs(0, 4), seen(0));
    ask(90, read_inputs(0, 4), seen(8));
    ask(100, write_coil(0, 0xff00), write_coil(0, 0xff00));
    ask(106, write_coil(1, 0xff00), write_coil(1, 0xff00));
    ask(120, read_inputs(0, 4), seen(0));
    tape.at(150).down();
    CHECK(tape.reports() == Told{ReportOnline{}, ReportInput{GateInput::fire, true}, ReportHeld{true, false},
                                 ReportHeld{true, true}, ReportInput{GateInput::fire, false},
                                 ReportFault{TurnstileFault::link_down}});
}

TEST_CASE("replay: an OSDP turnstile tells what it told, but for what its secure channel keeps") {
    const auto settings = taped_device("osdp", {{"port", string("/dev/bus")},
                                                {"address", std::int64_t{5}},
                                                {"output", std::int64_t{0}},
                                                {"inputs", Numbers{0, 1}}});
    Tape tape(settings);
    tape.exchange(0, asks(OsdpCommandCode::poll), says(OsdpReplyCode::ack));
    tape.exchange(50, asks(OsdpCommandCode::istat), says(OsdpReplyCode::istatr, {0, 0}));
    const auto pulse = osdp_out(0, OsdpOutput::pulse, 5);
    tape.exchange(100, asks(pulse.code, pulse.data), says(OsdpReplyCode::ack));
    tape.exchange(150, asks(OsdpCommandCode::poll), says(OsdpReplyCode::istatr, {1, 0}));
    tape.exchange(200, asks(OsdpCommandCode::poll), says(OsdpReplyCode::istatr, {0, 0}));
    for (int i = 0; i < 8; ++i) tape.at(300 + i * 250).wrote(asks(OsdpCommandCode::poll));
    CHECK(tape.reports() == Told{ReportOnline{}, ReportOpened{OpenId{1}}, ReportPassed{Direction::entry},
                                 ReportFault{TurnstileFault::no_answer}});

    Tape secret(settings);
    OsdpFrame reply;
    reply.address = 5;
    reply.reply = true;
    reply.code = static_cast<std::uint8_t>(OsdpReplyCode::raw);
    reply.security = OsdpSecurityBlock{static_cast<std::uint8_t>(OsdpSecurity::reply_secret), {}};
    reply.data = Bytes(16, 0x5a);
    reply.mac = OsdpMac{};
    secret.exchange(0, asks(OsdpCommandCode::poll), encode_osdp(reply));
    CHECK(replay(secret.recording).value().enciphered == 1);
}

TEST_CASE("replay: a card at an OSDP reader is a scan, and its tamper switch a trouble") {
    Tape tape(taped_device("osdp", {{"port", string("/dev/bus")}, {"address", std::int64_t{5}}}));
    tape.exchange(0, asks(OsdpCommandCode::poll), says(OsdpReplyCode::raw, from_hex("0000200004a1b2c3").value()));
    tape.exchange(50, asks(OsdpCommandCode::poll), says(OsdpReplyCode::lstatr, {1, 0}));
    CHECK(tape.reports() ==
          Told{ReportAnswering{true}, ReportScan{"04A1B2C3", ""}, ReportReaderTrouble{ReaderTrouble::tampered}});
}

TEST_CASE("replay: an ESC/POS printer that is asked for its marker once more prints one paper") {
    Tape tape(taped_device("escpos", {{"tcp", string("printer:9100")}}));
    tape.at(0).wrote(status_request(StatusQuery::paper)).at(2).read({0x12});
    const auto round = [&](std::int64_t ms) {
        for (const auto query :
             {StatusQuery::printer, StatusQuery::offline_cause, StatusQuery::error_cause, StatusQuery::paper}) {
            tape.exchange(ms, status_request(query), {0x12});
            ms += 5;
        }
    };
    round(10);
    round(1'040);
    tape.wrote(bytes_of("\x1b@A ticket\n\x1dr\x01")).at(1'500).read({0x00});
    tape.wrote(status_request(StatusQuery::printer)).at(2'000).wrote(bytes_of("\x1dr\x01")).at(2'010).read({0x00});
    round(2'500);
    tape.at(2'600).read({0x00});  // which answers no second paper
    round(2'600);
    CHECK(tape.reports() == Told{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});
}

TEST_CASE("replay: an ESC/POS printer prints a paper and then lacks paper") {
    Tape tape(taped_device("escpos", {{"tcp", string("printer:9100")}}));
    tape.at(0).wrote(status_request(StatusQuery::paper)).at(2).read({0x12});  // the end of a round
    const auto round = [&](std::int64_t ms, std::uint8_t paper) {
        for (const auto query : {StatusQuery::printer, StatusQuery::offline_cause, StatusQuery::error_cause}) {
            tape.exchange(ms, status_request(query), {0x12});
            ms += 5;
        }
        tape.exchange(ms, status_request(StatusQuery::paper), {paper});
    };
    round(10, 0x12);
    round(1'040, 0x12);
    tape.wrote(bytes_of("\x1b@A ticket\n\x1dr\x01")).at(1'500).read({0x00});
    round(1'500, 0x12);
    round(2'530, 0x72);
    CHECK(tape.reports() == Told{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}},
                                 ReportPrinterState{PrinterState::paper_out}});
}

TEST_CASE("replay: a ticket printer and a controller of a few words tell what they said") {
    Tape printer(taped_device("fgl", {{"tcp", string("printer:9100")}}));
    printer.at(0).wrote(fgl_status_request()).at(5).read({0x11});
    printer.at(310).wrote(fgl_status_request()).at(315).read({0x11}).wrote(bytes_of("<RC1,1>A<p>"));
    printer.at(900).read({0x06}).at(950).read({0x10});
    CHECK(printer.reports() == Told{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}},
                                    ReportPrinterState{PrinterState::paper_out}});

    const auto words = digicon_words();
    Tape gate(taped_device("bytes", {{"port", string("/dev/gate")}, {"words", string("digicon")}}));
    gate.exchange(0, words.close, words.accepted);
    gate.exchange(100, words.open[0], words.accepted).at(900).read(words.passed[0]);
    const auto told = gate.reports();
    CHECK(std::ranges::count(told, ReplayedEffect{ReportOpened{OpenId{1}}}) == 1);
    CHECK(told.back() == ReplayedEffect{ReportPassed{Direction::entry}});
}

TEST_CASE("replay: both ways of an OSDP turnstile are held and released one after the other") {
    Tape tape(taped_device("osdp", {{"port", string("/dev/bus")},
                                    {"address", std::int64_t{5}},
                                    {"output", Numbers{0, 1}},
                                    {"inputs", Numbers{0, 1}}}));
    tape.exchange(0, asks(OsdpCommandCode::poll), says(OsdpReplyCode::ack));
    tape.exchange(50, asks(OsdpCommandCode::istat), says(OsdpReplyCode::istatr, {0, 0}));
    const auto set = [&](std::int64_t ms, std::uint8_t output, OsdpOutput control) {
        const auto command = osdp_out(output, control, 0);
        tape.exchange(ms, asks(command.code, command.data), says(OsdpReplyCode::ack));
    };
    set(100, 0, OsdpOutput::on);
    set(110, 1, OsdpOutput::on);
    set(600, 0, OsdpOutput::off);
    set(610, 1, OsdpOutput::off);
    CHECK(tape.reports() == Told{ReportOnline{}, ReportHeld{true, false}, ReportHeld{true, true},
                                 ReportHeld{false, true}, ReportHeld{false, false}});
    CHECK(tape.goes_forward());
}

TEST_CASE("replay: an opening without an answer is unknown when that is missed, not when something else was recorded") {
    Tape tape(taped_device("osdp", {{"port", string("/dev/bus")},
                                    {"address", std::int64_t{5}},
                                    {"output", std::int64_t{0}},
                                    {"inputs", Numbers{0, 1}}}));
    tape.exchange(0, asks(OsdpCommandCode::poll), says(OsdpReplyCode::ack));
    tape.exchange(50, asks(OsdpCommandCode::istat), says(OsdpReplyCode::istatr, {0, 0}));
    const auto pulse = osdp_out(0, OsdpOutput::pulse, 5);
    tape.at(100).wrote(asks(pulse.code, pulse.data)).at(20'000).down();
    const auto played = tape.played();
    const Replayed unknown{std::chrono::milliseconds(3'100), ReportOpenFailed{OpenId{1}, OpenFailure::unknown}};
    CHECK(std::ranges::count(played, unknown) == 1);
    CHECK(tape.goes_forward());
}

TEST_CASE("replay: one way of a Modbus board is released while the other stays held") {
    Tape tape(taped_device("modbus", {{"tcp", string("board:502")}}));
    std::uint16_t number = 0;
    const auto ask = [&](std::int64_t ms, const Bytes& request, const Bytes& answer) {
        ++number;
        tape.exchange(ms, tcp_frame(number, 1, request), tcp_frame(number, 1, answer));
    };
    const auto set = [&](std::int64_t ms, std::uint16_t coil, std::uint16_t level) {
        ask(ms, write_coil(coil, level), write_coil(coil, level));
    };
    for (int i = 0; i < 4; ++i) ask(i * 20, read_inputs(0, 2), seen(0));
    set(100, 0, 0xff00);
    set(106, 1, 0xff00);
    ask(120, read_inputs(0, 2), seen(0));
    set(140, 0, 0);
    ask(160, read_inputs(0, 2), seen(0));
    set(180, 1, 0);
    CHECK(tape.reports() == Told{ReportOnline{}, ReportHeld{true, false}, ReportHeld{true, true},
                                 ReportHeld{false, true}, ReportHeld{false, false}});
    CHECK(tape.goes_forward());
}

TEST_CASE("replay: a controller of a few words is left free both ways, then one way, then closed") {
    const auto words = digicon_words();
    Tape gate(taped_device("bytes", {{"port", string("/dev/gate")}, {"words", string("digicon")}}));
    gate.exchange(0, words.close, words.accepted);
    for (const int repeat : {100, 1'100}) gate.at(repeat).wrote(words.free[0]).wrote(words.free[1]);
    gate.at(1'500).wrote(words.close).wrote(words.free[1]);
    gate.at(2'500).wrote(words.free[1]);
    gate.exchange(3'000, words.close, words.accepted);
    CHECK(gate.reports() ==
          Told{ReportOnline{}, ReportHeld{true, true}, ReportHeld{false, true}, ReportHeld{false, false}});
    CHECK(gate.goes_forward());

    const auto one_word = mach_power_words(1);
    Tape pole(taped_device("bytes", {{"port", string("/dev/gate")}, {"words", string("mach-power")}}));
    pole.at(0).wrote(one_word.close);
    pole.at(100).wrote(one_word.free[0]).wrote(one_word.free[1]).at(500).wrote(one_word.close);
    pole.at(900).wrote(one_word.free[0]).at(1'200).wrote(one_word.close);
    CHECK(pole.reports() == Told{ReportOnline{}, ReportHeld{true, true}, ReportHeld{false, false},
                                 ReportHeld{true, false}, ReportHeld{false, false}});
}

TEST_CASE("replay: a recording of no device, or of one whose settings are wrong, is refused") {
    CHECK(replay({}).error().code == ErrorCode::config);
    CHECK(replay({{{"device", "d"}, {"driver", "magic"}}, {}}).error().code == ErrorCode::config);
}
