#include "drivers/catalog/catalog.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <type_traits>
#include <utility>

#include "drivers/catalog/printer_settings.hpp"
#include "drivers/catalog/scanner_drivers.hpp"
#include "drivers/catalog/setting_reader.hpp"
#include "drivers/catalog/turnstile_settings.hpp"

namespace gatehouse::drivers {

namespace {

// A further driver is one line of these; scanners have a table of their own.
template <class Setup>
struct Driver {
    std::string_view name;
    std::span<const std::string_view> keys;
    Setup (*read)(SettingReader&);
};
constexpr std::array card_readers{
    Driver<CardReaderSetup>{"osdp", osdp_reader_keys, read_card_reader},
};
constexpr std::array turnstiles{
    Driver<TurnstileSetup>{"modbus", modbus_keys, read_modbus},
    Driver<TurnstileSetup>{"osdp", osdp_turnstile_keys, read_osdp},
    Driver<TurnstileSetup>{"bytes", bytes_keys, read_bytes},
    Driver<TurnstileSetup>{"gpio", gpio_keys, read_gpio},
};
constexpr std::array printers{
    Driver<PrinterSetup>{"escpos", escpos_keys, read_escpos},
    Driver<PrinterSetup>{"fgl", printer_keys, read_fgl},
    Driver<PrinterSetup>{"zpl", printer_keys, read_zpl},
};

bool has_setting(const DeviceSettings& device, std::string_view key) {
    return std::ranges::find(device.settings, key, &Setting::key) != device.settings.end();
}

// Calls `use` with the driver of a device; false when there is none of that name.
template <class Use>
bool with_driver(const DeviceSettings& device, Use use) {
    const auto in = [&](const auto& drivers, Family family) {
        const auto found = std::ranges::find_if(drivers, [&](const auto& each) { return each.name == device.driver; });
        if (found == drivers.end()) return false;
        use(*found, family);
        return true;
    };
    const bool opens = has_setting(device, "output") || has_setting(device, "inputs");
    if (device.driver == "osdp" && !opens) return in(card_readers, Family::scanner);
    return in(scanner_drivers(), Family::scanner) || in(turnstiles, Family::turnstile) || in(printers, Family::printer);
}

template <class Setup>
Result<Setup> make(const DeviceSettings& settings) {
    if (const auto faults = validate(settings); !faults.empty()) {
        return fail(ErrorCode::config, settings.name.value + ": " + said(faults.front().what, Language::en));
    }
    std::optional<Setup> made;
    (void)with_driver(settings, [&](const auto& driver, Family) {
        if constexpr (std::is_same_v<decltype(driver.read), Setup (*)(SettingReader&)>) {
            SettingReader in(settings);
            made = driver.read(in);
        }
    });
    if (!made)
        return fail(ErrorCode::config, settings.name.value + ": driver " + settings.driver + " is of another family");
    return std::move(*made);
}

// Who sits on a port. Those of one bus have the same kind and each its own place.
struct Occupant {
    PortSettings port;
    std::string bus;  // empty: the port is for it alone
    int place = 0;
    std::string key;  // that says its place
};

Occupant occupant_of(const TurnstileSetup& setup) {
    if (const auto* modbus = std::get_if<ModbusTurnstileOptions>(&setup.driver))
        return {setup.port, "modbus", modbus->gate.unit, "unit"};
    if (const auto* osdp = std::get_if<OsdpTurnstileOptions>(&setup.driver))
        return {setup.port, "osdp", osdp->unit.address, "address"};
    return {setup.port, "", 0, ""};
}
// A turnstile and a reader may be one OSDP device.
Occupant occupant_of(const CardReaderSetup& setup) { return {setup.port, "osdp", setup.unit.address + 256, "address"}; }
Occupant occupant_of(const ScannerSetup& setup) { return {setup.port, "", 0, ""}; }
Occupant occupant_of(const PrinterSetup& setup) { return {setup.port, "", 0, ""}; }

Occupant occupant(const DeviceSettings& device) {
    Occupant its;
    (void)with_driver(device, [&](const auto& driver, Family) {
        SettingReader in(device);
        its = occupant_of(driver.read(in));
    });
    return its;
}

template <class Drivers>
void list(const Drivers& drivers, Family family, std::vector<DriverEntry>& into) {
    for (const auto& driver : drivers) into.push_back({driver.name, family, driver.keys});
}

}  // namespace

std::string_view to_string(Family family) {
    switch (family) {
        case Family::scanner: return "scanner";
        case Family::turnstile: return "turnstile";
        case Family::printer: return "printer";
    }
    return "scanner";
}

std::span<const DriverEntry> driver_catalog() {
    static const auto all = [] {
        std::vector<DriverEntry> entries;
        list(scanner_drivers(), Family::scanner, entries);
        list(card_readers, Family::scanner, entries);
        list(turnstiles, Family::turnstile, entries);
        list(printers, Family::printer, entries);
        return entries;
    }();
    return all;
}

std::optional<Family> family_of(const DeviceSettings& settings) {
    std::optional<Family> found;
    (void)with_driver(settings, [&](const auto&, Family family) { found = family; });
    return found;
}

namespace {
std::string driver_names() {
    std::set<std::string_view> names;
    for (const auto& driver : driver_catalog()) names.insert(driver.name);
    std::string list;
    for (const auto name : names) list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}
}  // namespace

bool shares_line(const DeviceSettings& scanner) {
    return scanner.driver == "osdp" && family_of(scanner) == Family::scanner;
}

std::vector<SettingFault> validate(const DeviceSettings& settings) {
    SettingReader in(settings);
    const bool known = with_driver(settings, [&](const auto& driver, Family) {
        for (const auto& setting : settings.settings)
            if (std::ranges::find(driver.keys, setting.key) == driver.keys.end())
                in.blame(setting.key, FaultText::not_of_driver, {{"driver", settings.driver}});
        (void)driver.read(in);
    });
    if (!known)
        return {{"driver", {FaultText::unknown_driver, {{"driver", settings.driver}, {"drivers", driver_names()}}}}};
    return std::move(in).faults();
}

std::optional<std::string> address_of(const DeviceSettings& settings) {
    if (!validate(settings).empty()) return std::nullopt;
    return to_string(occupant(settings).port);
}

std::vector<SharingFault> validate_sharing(std::span<const DeviceSettings> devices) {
    std::vector<SharingFault> faults;
    std::map<std::string, std::vector<Occupant>> occupants;
    for (const auto& device : devices) {
        if (!validate(device).empty()) continue;
        const auto its = occupant(device);
        // A TCP server may have several clients, each Modbus device a connection of its own; an OSDP line is one
        // panel's.
        if (std::holds_alternative<TcpSettings>(its.port) && its.bus != "osdp") continue;
        const auto add = [&](FaultText text, const std::string& key) {
            faults.push_back({device.name, key, {text, {{"key", key}}}});
        };
        auto& others = occupants[to_string(its.port)];
        for (const auto& other : others) {
            if (its.bus.empty() || its.bus != other.bus)
                add(FaultText::port_taken, "port");
            else if (its.port != other.port)
                add(FaultText::speed_differs, "baud");
            else if (its.place == other.place)
                add(FaultText::place_taken, its.key);
        }
        others.push_back(its);
    }
    return faults;
}

Result<ScannerSetup> make_scanner(const DeviceSettings& settings) { return make<ScannerSetup>(settings); }
Result<CardReaderSetup> make_card_reader(const DeviceSettings& settings) { return make<CardReaderSetup>(settings); }
Result<TurnstileSetup> make_turnstile(const DeviceSettings& settings) { return make<TurnstileSetup>(settings); }
Result<PrinterSetup> make_printer(const DeviceSettings& settings) { return make<PrinterSetup>(settings); }

}  // namespace gatehouse::drivers
