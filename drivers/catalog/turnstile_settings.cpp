#include "drivers/catalog/turnstile_settings.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::string_view, 3> pulses{"waveshare", "lctech", "timed"};
constexpr std::array<std::string_view, 6> gpio_lines{"open_entry",  "open_exit", "passed_entry",
                                                     "passed_exit", "alarm",     "fire"};
constexpr std::array<std::string_view, 2> osdp_checks{"crc", "checksum"};
constexpr std::array<std::string_view, 3> byte_words{"own", "digicon", "mach-power"};

// 3.5 characters of 11 bits, and 1.75 ms above 19200 baud: Modbus over Serial Line, 2.5.1.1.
Duration silence_of(const PortSettings& port) {
    const auto* serial = std::get_if<SerialSettings>(&port);
    if (serial == nullptr) return Duration{0};
    if (serial->baud > 19'200) return std::chrono::microseconds(1'750);
    return std::chrono::nanoseconds(38'500'000'000 / serial->baud);
}

void check_pulse(SettingReader& in, const ModbusGateOptions& gate) {
    const bool whole =
        gate.pulse_length % std::chrono::milliseconds(100) == Duration{0} && gate.pulse_length > Duration{0};
    if (gate.pulse != ModbusPulse::timed && !whole) in.blame("pulse_ms", FaultText::not_hundreds_of_board);
    if (!gate.coils[0] && !gate.coils[1]) in.blame("open_entry", FaultText::no_way_opens);
    if (gate.coils[0] && gate.coils[0] == gate.coils[1])
        in.blame("open_exit", FaultText::same_as, {{"other", "open_entry"}});
    if (gate.passed[0] && gate.passed[0] == gate.passed[1])
        in.blame("passed_exit", FaultText::same_as, {{"other", "passed_entry"}});
}

// Those of them that are wired.
template <class Wire>
Numbers wired(std::initializer_list<std::optional<Wire>> inputs) {
    Numbers numbers;
    for (const auto& input : inputs)
        if (input) numbers.push_back(*input);
    return numbers;
}

// An OSDP device's line and secure channel: the same for a turnstile and a reader.
template <class Setup>
void read_osdp_unit(SettingReader& in, const PortSettings& port, Setup& setup) {
    auto& unit = setup.unit;
    unit.address = static_cast<std::uint8_t>(in.number("address", 0, 0, 126));
    unit.crc = in.choice("check", osdp_checks) == 0;
    unit.poll = in.milliseconds("poll_ms", 50, 10, 1'000);
    unit.answer = in.milliseconds("answer_ms", 200, 20, 2'000);
    setup.keys.current = in.text("scbk_file", "");
    setup.keys.previous = in.text("scbk_previous_file", "");
    setup.keys.install = in.flag("install", false);
    unit.secure = !setup.keys.current.empty();
    if (!unit.secure && !setup.keys.previous.empty())
        in.blame("scbk_previous_file", FaultText::only_with, {{"other", "scbk_file"}});
    if (!unit.secure && setup.keys.install) in.blame("install", FaultText::only_with, {{"other", "scbk_file"}});
    const auto* serial = std::get_if<SerialSettings>(&port);
    setup.bus.octet = serial == nullptr ? Duration{0} : std::chrono::nanoseconds(10'000'000'000 / serial->baud);
    setup.bus.idle = setup.bus.octet * 2;
}

}  // namespace

TurnstileSetup read_modbus(SettingReader& in) {
    ModbusTurnstileOptions options;
    auto port = in.port(serial_or_tcp, 9600);
    const bool tcp = std::holds_alternative<TcpSettings>(port);
    options.line.framing = tcp ? ModbusFraming::tcp : ModbusFraming::rtu;
    options.line.silence = silence_of(port);
    options.line.answer = in.milliseconds("answer_ms", tcp ? 300 : 150, 20, 5'000);
    auto& gate = options.gate;
    gate.unit = static_cast<std::uint8_t>(in.number("unit", 1, 0, 255));
    gate.coils = {in.wire("open_entry", 0), in.wire("open_exit", 1)};
    gate.passed = {in.wire("passed_entry", 0), in.wire("passed_exit", 1)};
    gate.alarm = in.wire("alarm", -1);
    gate.fire = in.wire("fire", -1);
    for (const auto input :
         in.inputs("inverted_inputs", wired({gate.passed[0], gate.passed[1], gate.alarm, gate.fire})))
        gate.inverted.set(static_cast<std::size_t>(input));
    gate.pulse = static_cast<ModbusPulse>(in.choice("pulse", pulses));
    gate.pulse_length = in.milliseconds("pulse_ms", 500, 1, 10'000);
    gate.poll = in.milliseconds("poll_ms", tcp ? 20 : 50, 1, 1'000);
    gate.gap = in.milliseconds("gap_ms", 20, 0, 1'000);
    gate.rest = options.line.answer * 2;
    gate.patience = gate.pulse_length + std::chrono::milliseconds(500);
    gate.sensor.debounce = in.milliseconds("debounce_ms", 100, 0, 2'000);
    gate.sensor.stuck = in.milliseconds("stuck_ms", 30'000, 1'000, 600'000);
    check_pulse(in, gate);
    const auto pass = in.milliseconds("pass_ms", 5'000, 100, 60'000);
    return {std::move(port), options, pass};
}

CardReaderSetup read_card_reader(SettingReader& in) {
    CardReaderSetup setup{in.port(serial_or_tcp, 9600), {}, {}, {}, {}};
    read_osdp_unit(in, setup.port, setup);
    setup.reader.reader = in.wire("reader", -1);
    setup.reader.dedupe = in.milliseconds("dedupe_ms", 2'000, 0, 60'000);
    return setup;
}

TurnstileSetup read_osdp(SettingReader& in) {
    OsdpTurnstileOptions options;
    auto port = in.port(serial_or_tcp, 9600);
    read_osdp_unit(in, port, options);
    auto& gate = options.gate;
    const auto outputs = in.wires("output", {0}, 2);
    const auto inputs = in.wires("inputs", {0, 1}, 4);
    gate.outputs = {outputs[0], outputs[1]};
    gate.passed = {inputs[0], inputs[1]};
    gate.alarm = inputs[2];
    gate.fire = inputs[3];
    for (const auto input : in.inputs("inverted_inputs", wired({inputs[0], inputs[1], inputs[2], inputs[3]})))
        gate.inverted.set(static_cast<std::size_t>(input));
    gate.pulse = in.milliseconds("pulse_ms", 500, 100, 60'000);
    gate.gap = in.milliseconds("gap_ms", 20, 0, 1'000);
    gate.patience = gate.pulse + std::chrono::milliseconds(500);
    gate.sensor.debounce = in.milliseconds("debounce_ms", 100, 0, 2'000);
    gate.sensor.stuck = in.milliseconds("stuck_ms", 30'000, 1'000, 600'000);
    if (gate.pulse % std::chrono::milliseconds(100) != Duration{0}) in.blame("pulse_ms", FaultText::not_hundreds);
    if (!outputs[0] && !outputs[1]) in.blame("output", FaultText::no_output);
    if (outputs[0] && outputs[0] == outputs[1]) in.blame("output", FaultText::same_output);
    const auto pass = in.milliseconds("pass_ms", 5'000, 100, 60'000);
    return {std::move(port), std::move(options), pass};
}

TurnstileSetup read_bytes(SettingReader& in) {
    auto port = in.port(serial_or_tcp, 9600);
    const auto address = static_cast<std::uint8_t>(in.number("address", 1, 0, 255));
    BytesTurnstileOptions words;
    switch (in.choice("words", byte_words)) {
        case 1: words = digicon_words(); break;
        case 2: words = mach_power_words(address); break;
        default: break;
    }
    words.open = {in.octets("open_entry", words.open[0]), in.octets("open_exit", words.open[1])};
    words.passed = {in.octets("passed_entry", words.passed[0]), in.octets("passed_exit", words.passed[1])};
    words.free = {in.octets("free_entry", words.free[0]), in.octets("free_exit", words.free[1])};
    words.close = in.octets("close", words.close);
    words.accepted = in.octets("accepted", words.accepted);
    words.refused = in.octets("refused", words.refused);
    words.answer = in.milliseconds("answer_ms", 300, 20, 5'000);
    if (words.open[0].empty() && words.open[1].empty()) in.blame("open_entry", FaultText::no_way_opens);
    const auto pass = in.milliseconds("pass_ms", 5'000, 100, 60'000);
    words.guest = pass;
    return {std::move(port), std::move(words), pass};
}

TurnstileSetup read_gpio(SettingReader& in) {
    GpioTurnstileOptions options;
    options.open = {in.line("lines", "open_entry"), in.line("lines", "open_exit")};
    options.passed = {in.line("lines", "passed_entry"), in.line("lines", "passed_exit")};
    options.alarm = in.line("lines", "alarm");
    options.fire = in.line("lines", "fire");
    in.refuse_entries("lines", gpio_lines);
    options.pulse = in.milliseconds("pulse_ms", 500, 1, 60'000);
    options.gap = in.milliseconds("gap_ms", 20, 0, 1'000);
    options.sensor.debounce = in.milliseconds("debounce_ms", 100, 0, 2'000);
    options.sensor.stuck = in.milliseconds("stuck_ms", 30'000, 1'000, 600'000);
    if (!options.open[0] && !options.open[1]) in.blame("lines", FaultText::no_lines_to_open);
    const auto inputs = wired({options.passed[0], options.passed[1], options.alarm, options.fire});
    for (const auto input : in.inputs("inverted_inputs", inputs))
        options.inverted.insert(static_cast<std::uint16_t>(input));
    GpioSettings gpio{in.text("chip", ""), {}, {}, in.flag("active_low", false), false};
    gpio.active_low_inputs = in.flag("active_low_inputs", gpio.active_low);
    if (gpio.chip.empty()) in.blame("chip", FaultText::no_chip);
    for (const auto& line : options.open)
        if (line) gpio.outputs.push_back(*line);
    for (const auto line : inputs) gpio.inputs.push_back(static_cast<std::uint16_t>(line));
    auto lines = gpio.outputs;
    lines.insert(lines.end(), gpio.inputs.begin(), gpio.inputs.end());
    std::ranges::sort(lines);
    if (std::ranges::adjacent_find(lines) != lines.end()) in.blame("lines", FaultText::line_twice);
    const auto pass = in.milliseconds("pass_ms", 5'000, 100, 60'000);
    return {std::move(gpio), std::move(options), pass};
}

}  // namespace gatehouse::drivers
