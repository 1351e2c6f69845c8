#include "edge/config/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

// A TOML basic string.
std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if ((c >= 0 && c < ' ') || c == '\x7f') {
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

template <class Items, class Text>
std::string listed(const Items& items, Text text) {
    std::string out = "[";
    for (const auto& item : items) {
        if (out.size() > 1) out += ", ";
        out += toml_text(text(item));
    }
    return out + "]";
}

std::string value_text(const drivers::SettingValue& value) {
    return std::visit(
        Match{[](bool flag) { return std::string{flag ? "true" : "false"}; },
              [](std::int64_t number) { return fmt::format("{}", number); },
              [](const std::string& text) { return toml_text(text); },
              [](const drivers::Numbers& numbers) { return fmt::format("[{}]", fmt::join(numbers, ", ")); },
              [](const drivers::NumberTable& table) {
                  std::string out = "{";
                  for (const auto& [key, number] : table)
                      out += fmt::format("{} {} = {}", out.size() > 1 ? "," : "", key, number);
                  return out + " }";
              }},
        value);
}

std::string settings_text(const std::vector<Setting>& settings) {
    std::string out;
    for (const Setting& setting : settings) out += fmt::format("{} = {}\n", setting.key, value_text(setting.value));
    return out;
}

std::string_view direction_text(LaneDirection direction) {
    switch (direction) {
        case LaneDirection::entry: return "entry";
        case LaneDirection::exit: return "exit";
        case LaneDirection::both: return "both";
    }
    return "entry";
}

std::string lanes_text(const std::vector<LaneSettings>& lanes) {
    std::string out;
    for (const LaneSettings& lane : lanes) {
        out += fmt::format("\n[[lane]]\nname = {}\ngate = {}\nzone = {}\ndirection = {}\nscanners = {}\n",
                           toml_text(lane.name.value), toml_text(lane.gate.value), toml_text(lane.zone.value),
                           toml_text(direction_text(lane.direction)),
                           listed(lane.scanners, [](const DeviceName& device) { return device.value; }));
        if (lane.turnstile) out += fmt::format("turnstile = {}\n", toml_text(lane.turnstile->value));
    }
    return out;
}

}  // namespace

std::filesystem::path api_socket(const Settings& settings) {
    return settings.api.socket.empty() ? settings.data_dir / "api.sock" : settings.api.socket;
}

drivers::DeviceSettings driver_settings(const Settings& settings, const DeviceSettings& device) {
    drivers::DeviceSettings wanted{device.name, device.driver, {}};
    for (const Setting& setting : device.settings) {
        if (setting.key != "bus") {
            wanted.settings.push_back({setting.key, setting.value});
            continue;
        }
        for (const BusSettings& bus : settings.buses) {
            if (setting.value != drivers::SettingValue{bus.name}) continue;
            for (const Setting& shared : bus.settings) wanted.settings.push_back({shared.key, shared.value});
        }
    }
    return wanted;
}

std::string printed(const Settings& settings) {
    const auto same = [](const std::string& text) { return text; };
    std::string out = fmt::format("[node]\nname = {}\ndata_dir = {}\n\n[central]\nurls = {}\n\n[peers]\n",
                                  toml_text(settings.node.value), toml_text(settings.data_dir.string()),
                                  listed(settings.central.urls, same));
    if (!settings.peers.listen.empty()) out += fmt::format("listen = {}\n", toml_text(settings.peers.listen));
    out += fmt::format("static = {}\ndiscovery = {}\n\n[api]\nlisten = {}\nsocket = {}\ntls = {}\nhosts = {}\n",
                       listed(settings.peers.dialled, same), settings.peers.discovery, toml_text(settings.api.listen),
                       toml_text(api_socket(settings).string()), settings.api.tls, listed(settings.api.hosts, same));
    for (const BusSettings& bus : settings.buses)
        out += fmt::format("\n[[bus]]\nname = {}\nkind = {}\n{}", toml_text(bus.name), toml_text(bus.kind),
                           settings_text(bus.settings));
    for (const DeviceSettings& device : settings.devices)
        out += fmt::format("\n[[device]]\nname = {}\ndriver = {}\n{}", toml_text(device.name.value),
                           toml_text(device.driver), settings_text(device.settings));
    out += lanes_text(settings.lanes);
    for (const WindowSettings& window : settings.windows) {
        out += fmt::format("\n[[window]]\nname = {}\n", toml_text(window.name.value));
        if (window.printer) out += fmt::format("printer = {}\n", toml_text(window.printer->value));
        out += fmt::format("scanners = {}\n",
                           listed(window.scanners, [](const DeviceName& device) { return device.value; }));
    }
    return out;
}

}  // namespace gatehouse::edge
