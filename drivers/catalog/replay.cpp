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
                            [](const std::string& text) { return "text " + text; }},
                      value);
}

std::optional<SettingValue> value_in(std::string_view text) {
    if (text == "bool true") return true;
    if (text == "bool false") return false;
    if (text.starts_with("text ")) return std::string(text.substr(5));
    if (!text.starts_with("number ")) return std::nullopt;
    text.remove_prefix(7);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
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
