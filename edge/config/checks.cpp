#include "edge/config/checks.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace gatehouse::edge {

namespace {

constexpr std::string_view bus_keys[] = {"port", "tcp", "baud", "parity"};

FaultText no_such(drivers::Family family) {
    switch (family) {
        case drivers::Family::scanner: return FaultText::no_scanner;
        case drivers::Family::turnstile: return FaultText::no_turnstile;
        case drivers::Family::printer: return FaultText::no_printer;
    }
    return FaultText::no_scanner;
}

class Checker {
public:
    Checker(const Settings& settings, ConfigFaults& faults) : settings_(settings), faults_(faults) {}

    void basics(const std::string& main_file) {
        if (settings_.node.value.empty()) add({main_file}, FaultText::missing, {{"key", "node.name"}});
        if (settings_.data_dir.empty()) add({main_file}, FaultText::missing, {{"key", "node.data_dir"}});
        if (!settings_.api.tls && is_host_port(settings_.api.listen) && !is_loopback(settings_.api.listen))
            add(settings_.api.place, FaultText::needs_tls, {{"key", "api.listen"}});
    }

    void buses() {
        std::set<std::string> seen;
        for (const BusSettings& bus : settings_.buses) {
            if (!bus.name.empty() && !seen.insert(bus.name).second)
                add(bus.place, FaultText::bus_twice, {{"bus", bus.name}});
            if (!bus.kind.empty() && bus.kind != "modbus" && bus.kind != "osdp")
                add(bus.place, FaultText::unknown_bus_kind, {{"kind", bus.kind}});
            for (const Setting& setting : bus.settings)
                if (std::find(std::begin(bus_keys), std::end(bus_keys), setting.key) == std::end(bus_keys))
                    faults_.push_back({setting.place, unknown_key("bus", setting.key, bus_keys), {}});
        }
    }

    void devices() {
        for (const DeviceSettings& device : settings_.devices) {
            if (!device.name.value.empty() && !families_.emplace(device.name, family(device)).second)
                add(device.place, FaultText::device_twice, {{"device", device.name.value}});
            if (!device.driver.empty() && bus_is_known(device)) driver(device);
        }
    }

    void ports() {
        std::vector<drivers::DeviceSettings> wanted;
        for (const DeviceSettings& device : settings_.devices)
            if (bus_exists(device)) wanted.push_back(driver_settings(settings_, device));
        for (const auto& found : drivers::validate_sharing(wanted))
            for (const DeviceSettings& device : settings_.devices)
                if (device.name == found.device) faults_.push_back({device.place, found.what, device.name.value});
    }

    void lanes() {
        std::set<LaneName> seen;
        for (const LaneSettings& lane : settings_.lanes) {
            if (!lane.name.value.empty() && !seen.insert(lane.name).second)
                add(lane.place, FaultText::lane_twice, {{"lane", lane.name.value}});
            auto devices = lane.scanners;
            for (const DeviceName& scanner : lane.scanners) expect(lane.place, scanner, drivers::Family::scanner);
            if (lane.turnstile) {
                expect(lane.place, *lane.turnstile, drivers::Family::turnstile);
                devices.push_back(*lane.turnstile);
            }
            for (const DeviceName& device : devices)
                if (!in_use_.insert(device).second)
                    add(lane.place, FaultText::device_serves_already, {{"device", device.value}});
        }
    }

    void windows() {
        std::set<WindowName> seen;
        for (const WindowSettings& window : settings_.windows) {
            if (!window.name.value.empty() && !seen.insert(window.name).second)
                add(window.place, FaultText::window_twice, {{"window", window.name.value}});
            if (window.printer) expect(window.place, *window.printer, drivers::Family::printer);
            for (const DeviceName& scanner : window.scanners) {
                expect(window.place, scanner, drivers::Family::scanner);
                if (!in_use_.insert(scanner).second)
                    add(window.place, FaultText::device_serves_already, {{"device", scanner.value}});
            }
        }
    }

private:
    void add(const ConfigPlace& where, FaultText text, std::vector<TextParameter> with) {
        faults_.push_back({where, {text, std::move(with)}, {}});
    }

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
            if (!is_bus(setting)) add(setting.place, FaultText::unknown_bus, {});
            for (const BusSettings& bus : settings_.buses)
                if (setting.value == drivers::SettingValue{bus.name} && bus.kind != device.driver)
                    add(setting.place, FaultText::bus_of_another_kind, {{"bus", bus.name}, {"kind", bus.kind}});
        }
        return bus_exists(device);
    }

    void driver(const DeviceSettings& device) {
        for (const auto& found : drivers::validate(driver_settings(settings_, device))) {
            ConfigPlace where = device.place;
            for (const Setting& setting : device.settings)
                if (setting.key == found.key) where = setting.place;
            faults_.push_back({where, found.what, device.name.value});
        }
    }

    [[nodiscard]] std::string driver_of(const DeviceName& name) const {
        const auto found = std::ranges::find(settings_.devices, name, &DeviceSettings::name);
        return found == settings_.devices.end() ? "" : found->driver;
    }

    void expect(const ConfigPlace& where, const DeviceName& name, drivers::Family wanted) {
        const auto found = families_.find(name);
        if (found == families_.end()) {
            add(where, FaultText::unknown_device, {{"device", name.value}});
        } else if (found->second && *found->second != wanted) {
            add(where, no_such(wanted), {{"device", name.value}, {"driver", driver_of(name)}});
        }
    }

    const Settings& settings_;
    ConfigFaults& faults_;
    std::set<DeviceName> in_use_;  // scanners and turnstiles that a lane or window has
    std::map<DeviceName, std::optional<drivers::Family>> families_;
};

}  // namespace

void check_settings(const Settings& settings, const std::string& main_file, ConfigFaults& faults) {
    Checker checker{settings, faults};
    checker.basics(main_file);
    checker.buses();
    checker.devices();
    checker.ports();
    checker.lanes();
    checker.windows();
}

}  // namespace gatehouse::edge
