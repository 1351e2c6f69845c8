#include "drivers/catalog/replay.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/catalog/replay_players.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::string_view setting_prefix = "setting.";

// A header is lines: a prefix of a scanner may be the end of one.
std::string spelled(const std::string& text) {
    const bool fits = std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
    return fits ? "text " + text : "octets " + to_hex(view_of(text));
}

std::string spelled(const SettingValue& value) {
    return std::visit(Match{[](bool flag) { return std::string(flag ? "bool true" : "bool false"); },
                            [](std::int64_t number) { return "number " + std::to_string(number); },
                            [](const std::string& text) { return spelled(text); },
                            [](const Numbers& numbers) {
                                std::string out = "numbers";
                                for (const auto number : numbers) out += " " + std::to_string(number);
                                return out;
                            },
                            [](const NumberTable& table) {
                                std::string out = "table";
                                for (const auto& [key, number] : table) out += " " + key + "=" + std::to_string(number);
                                return out;
                            }},
                      value);
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// The words after the first, which says of what kind they are.
std::vector<std::string_view> words_after_first(std::string_view text) {
    std::vector<std::string_view> words;
    for (auto at = text.find(' '); at != std::string_view::npos;) {
        const auto next = text.find(' ', at + 1);
        words.push_back(text.substr(at + 1, next == std::string_view::npos ? next : next - at - 1));
        at = next;
    }
    return words;
}

std::optional<SettingValue> numbers_in(std::string_view text) {
    Numbers numbers;
    for (const auto word : words_after_first(text)) {
        const auto number = number_in(word);
        if (!number) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

std::optional<SettingValue> table_in(std::string_view text) {
    NumberTable table;
    for (const auto word : words_after_first(text)) {
        const auto equals = word.find('=');
        const auto number = equals == std::string_view::npos ? std::nullopt : number_in(word.substr(equals + 1));
        if (!number) return std::nullopt;
        table.emplace_back(std::string(word.substr(0, equals)), *number);
    }
    return table;
}

std::optional<SettingValue> octets_in(std::string_view hex) {
    const auto octets = from_hex(hex);
    if (!octets) return std::nullopt;
    return std::string(octets->begin(), octets->end());
}

std::optional<SettingValue> value_in(std::string_view text) {
    if (text == "bool true") return true;
    if (text == "bool false") return false;
    if (text.starts_with("text ")) return std::string(text.substr(5));
    if (text.starts_with("octets ")) return octets_in(text.substr(7));
    if (text == "numbers" || text.starts_with("numbers ")) return numbers_in(text);
    if (text == "table" || text.starts_with("table ")) return table_in(text);
    if (!text.starts_with("number ")) return std::nullopt;
    return number_in(text.substr(7));
}

}  // namespace

RecordingHeader header_of(const DeviceSettings& settings) {
    RecordingHeader header{{"device", settings.name.value}, {"driver", settings.driver}};
    for (const auto& setting : settings.settings)
        header.emplace(std::string(setting_prefix) + setting.key, spelled(setting.value));
    return header;
}

Result<DeviceSettings> settings_in(const RecordingHeader& header) {
    const auto name = header.find("device");
    const auto driver = header.find("driver");
    if (name == header.end() || driver == header.end())
        return fail(ErrorCode::config, "the recording does not say which driver it is of");
    DeviceSettings settings{DeviceName{name->second}, driver->second, {}};
    for (const auto& [key, text] : header) {
        if (!key.starts_with(setting_prefix)) continue;
        auto value = value_in(text);
        if (!value) return fail(ErrorCode::config, "the recording's " + key + " cannot be read");
        settings.settings.push_back({key.substr(setting_prefix.size()), std::move(*value)});
    }
    return settings;
}

namespace {

Result<Replay> play_turnstile(const Recording& recording, const DeviceSettings& settings) {
    const auto setup = make_turnstile(settings);
    if (!setup) return setup.error();
    return std::visit(
        Match{[&](const ModbusTurnstileOptions& modbus) { return Replay{play_board(recording, modbus), 0}; },
              [&](const OsdpTurnstileOptions& osdp) { return play_osdp_gate(recording, osdp.unit.address, osdp.gate); },
              [&](const BytesTurnstileOptions& bytes) { return Replay{play_words(recording, bytes), 0}; },
              [&](const GpioTurnstileOptions& gpio) { return Replay{play_lines(recording, gpio), 0}; }},
        setup->driver);
}

}  // namespace

Result<Replay> replay(const Recording& recording) {
    const auto settings = settings_in(recording.header);
    if (!settings) return settings.error();
    const auto family = family_of(*settings);
    if (family == Family::turnstile) return play_turnstile(recording, *settings);
    if (family == Family::printer) {
        auto setup = make_printer(*settings);
        if (!setup) return setup.error();
        return Replay{play_printer(recording, std::move(setup->session)), 0};
    }
    if (shares_line(*settings)) {
        const auto setup = make_card_reader(*settings);
        if (!setup) return setup.error();
        return play_osdp_reader(recording, setup->unit.address, setup->reader);
    }
    auto setup = make_scanner(*settings);
    if (!setup) return setup.error();
    return Replay{play_scanner(recording, std::move(setup->session)), 0};
}

}  // namespace gatehouse::drivers
