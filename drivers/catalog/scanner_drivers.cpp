#include "drivers/catalog/scanner_drivers.hpp"

#include <algorithm>
#include <array>

#include "drivers/catalog/setting_reader.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::string_view, 8> line_keys{"port",   "tcp",    "baud",    "parity",
                                                    "prefix", "suffix", "idle_ms", "dedupe_ms"};
constexpr std::array<std::string_view, 6> ssi_keys{"port", "tcp", "baud", "parity", "prefix", "dedupe_ms"};
constexpr std::array<std::string_view, 9> gm65_keys{"port",   "tcp",     "baud",      "parity", "prefix",
                                                    "suffix", "idle_ms", "dedupe_ms", "mode"};
constexpr std::array<std::string_view, 5> keyboard_keys{"path", "layout", "prefix", "idle_ms", "dedupe_ms"};
constexpr std::array<std::string_view, 3> hid_pos_keys{"path", "prefix", "dedupe_ms"};
constexpr std::array<std::string_view, 2> pcsc_keys{"reader", "dedupe_ms"};
constexpr std::array<std::string_view, 6> id_card_keys{"port", "tcp", "baud", "parity", "poll_ms", "dedupe_ms"};

// "auto" ends a code at whatever a scanner may send; "none" at the pause after it.
constexpr std::array<std::string_view, 7> suffixes{"auto", "cr", "lf", "crlf", "tab", "etx", "none"};
constexpr std::array<std::string_view, 7> terminators{"\r\n\t\x03", "\r", "\n", "\r\n", "\t", "\x03", ""};
constexpr std::array<std::string_view, 3> layouts{"us", "de", "fr"};
constexpr std::array<std::string_view, 3> gm65_modes{"as_it_is", "continuous", "sensing"};
constexpr std::array<Gm65Mode, 3> gm65_mode_values{Gm65Mode::as_it_is, Gm65Mode::continuous, Gm65Mode::sensing};

Duration read_dedupe(SettingReader& in) { return in.milliseconds("dedupe_ms", 2'000, 0, 60'000); }

LineOptions read_text(SettingReader& in) {
    LineOptions options;
    options.prefix = in.text("prefix", "");
    options.idle = in.milliseconds("idle_ms", 80, 10, 2'000);
    options.dedupe = read_dedupe(in);
    return options;
}

LineOptions read_suffixed_text(SettingReader& in) {
    auto options = read_text(in);
    options.terminators = terminators[in.choice("suffix", suffixes)];
    return options;
}

std::string read_path(SettingReader& in) {
    auto path = in.text("path", "");
    if (path.empty()) in.blame("path", FaultText::missing);
    return path;
}

ScannerSetup read_line(SettingReader& in) {
    return {in.port(serial_or_tcp, 9600), LineSession(read_suffixed_text(in))};
}

ScannerSetup read_ssi(SettingReader& in) {
    SsiOptions options;
    options.prefix = in.text("prefix", "");
    options.dedupe = read_dedupe(in);
    return {in.port(serial_or_tcp, 9600), SsiSession(options)};
}

ScannerSetup read_gm65(SettingReader& in) {
    Gm65Options options;
    options.line = read_suffixed_text(in);
    options.mode = gm65_mode_values[in.choice("mode", gm65_modes)];
    return {in.port(serial_or_tcp, 9600), Gm65Session(options)};
}

ScannerSetup read_keyboard(SettingReader& in) {
    KeyboardOptions options;
    options.line = read_text(in);
    options.line.foreseen_from = std::string::npos;  // keys come one by one: there is no line to wait for
    options.layout = static_cast<KeyboardLayout>(in.choice("layout", layouts));
    return {KeyboardSettings{read_path(in)}, KeyboardSession(options)};
}

ScannerSetup read_hid_pos(SettingReader& in) {
    HidPosOptions options;
    options.prefix = in.text("prefix", "");
    options.dedupe = read_dedupe(in);
    return {HidSettings{read_path(in)}, HidPosSession(options)};
}

ScannerSetup read_pcsc(SettingReader& in) {
    PcscOptions options;
    options.dedupe = read_dedupe(in);
    return {CardReaderSettings{in.text("reader", "")}, PcscSession(options)};
}

ScannerSetup read_id_card(SettingReader& in) {
    IdCardOptions options;
    options.poll = in.milliseconds("poll_ms", 300, 50, 5'000);
    options.dedupe = in.milliseconds("dedupe_ms", 3'000, 0, 60'000);
    return {in.port(serial_or_tcp, 115'200), IdCardSession(options)};
}

constexpr std::array<ScannerDriver, 7> known{{
    {"line", line_keys, read_line},
    {"ssi", ssi_keys, read_ssi},
    {"gm65", gm65_keys, read_gm65},
    {"hid-keyboard", keyboard_keys, read_keyboard},
    {"hid-pos", hid_pos_keys, read_hid_pos},
    {"pcsc", pcsc_keys, read_pcsc},
    {"id-card", id_card_keys, read_id_card},
}};

}  // namespace

std::span<const ScannerDriver> scanner_drivers() { return known; }

const ScannerDriver* find_scanner_driver(std::string_view name) {
    const auto* const found = std::ranges::find(known, name, &ScannerDriver::name);
    return found == known.end() ? nullptr : found;
}

}  // namespace gatehouse::drivers
