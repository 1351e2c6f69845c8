#include "edge/config/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace gatehouse::edge {

namespace {

constexpr std::string_view bus_keys[] = {"port", "tcp", "baud", "parity"};

class Checker {
public:
    Checker(const Settings& settings, Faults& faults) : settings_(settings), faults_(faults) {}

    void basics(const std::string& main_file) {
        if (settings_.node.value.empty()) add({main_file}, "[node] needs 'name'");
        if (settings_.data_dir.empty()) add({main_file}, "[node] needs 'data_dir'");
        if (!settings_.api.tls && is_host_port(settings_.api.listen) && !is_loopback(settings_.api.listen))
            add(settings_.api.place, "api.listen beyond this machine needs tls = true");
    }

    void buses() {
        std::set<std::string> seen;
        for (const BusSettings& bus : settings_.buses) {
            if (!bus.name.empty() && !seen.insert(bus.name).second)
                add(bus.place, fmt::format("two buses are named '{}'", bus.name));
            if (!bus.kind.empty() && bus.kind != "modbus" && bus.kind != "osdp")
                add(bus.place, fmt::format("unknown bus kind '{}'; there are 'modbus' and 'osdp'", bus.kind));
            for (const Setting& setting : bus.settings)
                if (std::find(std::begin(bus_keys), std::end(bus_keys), setting.key) == std::end(bus_keys))
                    add(setting.place, unknown_key(setting.key, bus_keys));
        }
    }

    void devices() {
        for (const DeviceSettings& device : settings_.devices) {
            if (!device.name.value.empty() && !families_.emplace(device.name, family(device)).second)
                add(device.place, fmt::format("two devices are named '{}'", device.name.value));
            if (!device.driver.empty() && bus_is_known(device)) driver(device);
        }
    }

    void ports() {
        std::vector<drivers::DeviceSettings> wanted;
        for (const DeviceSettings& device : settings_.devices)
            if (bus_exists(device)) wanted.push_back(driver_settings(settings_, device));
        for (const auto& found : drivers::validate_sharing(wanted))
            for (const DeviceSettings& device : settings_.devices)
                if (device.name == found.device)
                    add(device.place, fmt::format("device '{}': {} {}", device.name.value, found.key, found.message));
    }

    void lanes() {
        std::set<LaneName> seen;
        for (const LaneSettings& lane : settings_.lanes) {
            if (!lane.name.value.empty() && !seen.insert(lane.name).second)
                add(lane.place, fmt::format("two lanes are named '{}'", lane.name.value));
            auto devices = lane.scanners;
            for (const DeviceName& scanner : lane.scanners) expect(lane.place, scanner, drivers::Family::scanner);
            if (lane.turnstile) {
                expect(lane.place, *lane.turnstile, drivers::Family::turnstile);
                devices.push_back(*lane.turnstile);
            }
            for (const DeviceName& device : devices)
                if (!in_use_.insert(device).second)
                    add(lane.place, fmt::format("device '{}' serves a lane already", device.value));
        }
    }

    void windows() {
        std::set<WindowName> seen;
        for (const WindowSettings& window : settings_.windows) {
            if (!window.name.value.empty() && !seen.insert(window.name).second)
                add(window.place, fmt::format("two windows are named '{}'", window.name.value));
            if (window.printer) expect(window.place, *window.printer, drivers::Family::printer);
            for (const DeviceName& scanner : window.scanners) {
                expect(window.place, scanner, drivers::Family::scanner);
                if (!in_use_.insert(scanner).second)
                    add(window.place, fmt::format("device '{}' serves a lane or window already", scanner.value));
            }
        }
    }

private:
    void add(const Place& where, std::string message) { faults_.push_back({where, std::move(message)}); }

    [[nodiscard]] std::optional<drivers::Family> family(const DeviceSettings& device) const {
        return drivers::family_of(driver_settings(settings_, device));
    }

    bool is_bus(const Setting& setting) const {
        const auto* name = std::get_if<std::string>(&setting.value);
        return name != nullptr && std::any_of(settings_.buses.begin(), settings_.buses.end(),
                                              [&](const BusSettings& bus) { return bus.name == *name; });
    }

    bool bus_exists(const DeviceSettings& device) const {
        return std::all_of(device.settings.begin(), device.settings.end(),
                           [&](const Setting& setting) { return setting.key != "bus" || is_bus(setting); });
    }

    bool bus_is_known(const DeviceSettings& device) {
        for (const Setting& setting : device.settings) {
            if (setting.key != "bus") continue;
            if (!is_bus(setting)) add(setting.place, "'bus' must name a [[bus]]");
            for (const BusSettings& bus : settings_.buses)
                if (setting.value == drivers::SettingValue{bus.name} && bus.kind != device.driver)
                    add(setting.place, fmt::format("bus '{}' is for {} devices", bus.name, bus.kind));
        }
        return bus_exists(device);
    }

    void driver(const DeviceSettings& device) {
        for (const auto& found : drivers::validate(driver_settings(settings_, device))) {
            Place where = device.place;
            for (const Setting& setting : device.settings)
                if (setting.key == found.key) where = setting.place;
            add(where, fmt::format("device '{}': {}{}", device.name.value, found.key.empty() ? "" : found.key + ' ',
                                   found.message));
        }
    }

    void expect(const Place& where, const DeviceName& name, drivers::Family wanted) {
        const auto found = families_.find(name);
        if (found == families_.end()) {
            add(where, fmt::format("there is no [[device]] named '{}'", name.value));
        } else if (found->second && *found->second != wanted) {
            add(where, fmt::format("device '{}' is a {}, not a {}", name.value, drivers::to_string(*found->second),
                                   drivers::to_string(wanted)));
        }
    }

    const Settings& settings_;
    Faults& faults_;
    std::set<DeviceName> in_use_;  // scanners and turnstiles that a lane or window has
    std::map<DeviceName, std::optional<drivers::Family>> families_;
};

}  // namespace

void check_settings(const Settings& settings, const std::string& main_file, Faults& faults) {
    Checker checker{settings, faults};
    checker.basics(main_file);
    checker.buses();
    checker.devices();
    checker.ports();
    checker.lanes();
    checker.windows();
}

}  // namespace gatehouse::edge
