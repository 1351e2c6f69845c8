#include "drivers/catalog/replay.hpp"

#include <charconv>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::string_view setting_prefix = "setting.";
// A machine that asks again and again would play for ever.
constexpr Duration longest_after = std::chrono::seconds(10);

std::string spelled(const SettingValue& value) {
    return std::visit(Match{[](bool flag) { return std::string(flag ? "bool true" : "bool false"); },
                            [](std::int64_t number) { return "number " + std::to_string(number); },
                            [](const std::string& text) { return "text " + text; },
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

std::optional<SettingValue> value_in(std::string_view text) {
    if (text == "bool true") return true;
    if (text == "bool false") return false;
    if (text.starts_with("text ")) return std::string(text.substr(5));
    if (text == "numbers" || text.starts_with("numbers ")) return numbers_in(text);
    if (text == "table" || text.starts_with("table ")) return table_in(text);
    if (!text.starts_with("number ")) return std::nullopt;
    return number_in(text.substr(7));
}

std::optional<ScannerEvent> event_of(const RecordedMoment& moment) {
    switch (moment.what) {
        case PortMoment::up: return LinkUp{};
        case PortMoment::down: return LinkDown{};
        case PortMoment::read: return BytesRead{moment.bytes};
        case PortMoment::wrote: return std::nullopt;
    }
    return std::nullopt;
}

class Player {
public:
    explicit Player(ScannerSession session) : session_(std::move(session)) {}

    void play_until(Duration end) {
        for (auto due = deadline(); due && *due <= Instant{end}; due = deadline()) step(Ticked{}, *due);
    }
    void step(const ScannerEvent& event, Instant now) {
        auto effects = std::visit([&](auto& session) { return session.step(event, now); }, session_);
        for (auto& effect : effects) replayed_.push_back({now.time_since_epoch(), std::move(effect)});
    }
    [[nodiscard]] std::vector<Replayed> take() { return std::move(replayed_); }

private:
    [[nodiscard]] std::optional<Instant> deadline() const {
        return std::visit([](const auto& session) { return session.deadline(); }, session_);
    }
    ScannerSession session_;
    std::vector<Replayed> replayed_;
};

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

std::vector<Replayed> replay(const Recording& recording, ScannerSession session) {
    Player player(std::move(session));
    Duration last{};
    for (const auto& moment : recording.moments) {
        player.play_until(moment.at);
        last = moment.at;
        if (const auto event = event_of(moment)) player.step(*event, Instant{moment.at});
    }
    player.play_until(last + longest_after);
    return player.take();
}

}  // namespace gatehouse::drivers
