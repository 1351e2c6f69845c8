#include "drivers/catalog/catalog.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "drivers/catalog/scanner_drivers.hpp"
#include "drivers/catalog/setting_reader.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::string_view, 19> modbus_keys{
    "port",         "tcp",         "baud",   "parity",      "unit",    "open_entry", "open_exit",
    "passed_entry", "passed_exit", "alarm",  "fire",        "pulse",   "pulse_ms",   "pass_ms",
    "poll_ms",      "answer_ms",   "gap_ms", "debounce_ms", "stuck_ms"};
constexpr std::array<std::string_view, 8> escpos_keys{"port",   "tcp",   "path",     "baud",
                                                      "parity", "width", "encoding", "qr"};
constexpr std::array<std::string_view, 2> serial_or_tcp{"port", "tcp"};
constexpr std::array<std::string_view, 3> any_port{"port", "path", "tcp"};

constexpr std::array<std::string_view, 3> pulses{"waveshare", "lctech", "timed"};
constexpr std::array<std::string_view, 2> encodings{"gb18030", "utf8"};
constexpr std::array<std::string_view, 2> qrs{"native", "raster"};

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
    if (gate.pulse != ModbusPulse::timed && !whole)
        in.blame("pulse_ms", "must be a multiple of 100 with a pulse that the board ends");
    if (!gate.coils[0] && !gate.coils[1]) in.blame("open_entry", "neither open_entry nor open_exit is wired");
    if (gate.coils[0] && gate.coils[0] == gate.coils[1]) in.blame("open_exit", "is the same coil as open_entry");
    if (gate.passed[0] && gate.passed[0] == gate.passed[1])
        in.blame("passed_exit", "is the same input as passed_entry");
}

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
    gate.pulse = static_cast<ModbusPulse>(in.choice("pulse", pulses));
    gate.pulse_length = in.milliseconds("pulse_ms", 500, 1, 10'000);
    gate.poll = in.milliseconds("poll_ms", tcp ? 20 : 50, 1, 1'000);
    gate.gap = in.milliseconds("gap_ms", 20, 0, 1'000);
    gate.patience = gate.pulse_length + std::chrono::milliseconds(500);
    gate.sensor.debounce = in.milliseconds("debounce_ms", 100, 0, 2'000);
    gate.sensor.stuck = in.milliseconds("stuck_ms", 30'000, 1'000, 600'000);
    check_pulse(in, gate);
    const auto pass = in.milliseconds("pass_ms", 5'000, 100, 60'000);
    return {std::move(port), options, pass};
}

PrinterSetup read_escpos(SettingReader& in) {
    PrinterSetup setup{in.port(any_port, 19'200), EscposSession{}, {}};
    EscposOptions options;
    if (const auto* serial = std::get_if<SerialSettings>(&setup.port)) options.octets_per_second = serial->baud / 10;
    setup.session = EscposSession(options);
    setup.style.width = static_cast<std::uint32_t>(in.number("width", 576, 128, 1'024));
    setup.style.encoding = static_cast<EscposEncoding>(in.choice("encoding", encodings));
    setup.style.qr = static_cast<EscposQr>(in.choice("qr", qrs));
    return setup;
}

const std::vector<DriverEntry>& drivers_known() {
    static const std::vector<DriverEntry> known = [] {
        std::vector<DriverEntry> all;
        for (const auto& scanner : scanner_drivers()) all.push_back({scanner.name, Family::scanner, scanner.keys});
        all.push_back({"modbus", Family::turnstile, modbus_keys});
        all.push_back({"escpos", Family::printer, escpos_keys});
        return all;
    }();
    return known;
}

const DriverEntry* find_driver(std::string_view name) {
    const auto found = std::ranges::find(drivers_known(), name, &DriverEntry::name);
    return found == drivers_known().end() ? nullptr : &*found;
}

void read_any(std::string_view driver, SettingReader& in) {
    if (const auto* scanner = find_scanner_driver(driver); scanner != nullptr) (void)scanner->read(in);
    if (driver == "modbus") (void)read_modbus(in);
    if (driver == "escpos") (void)read_escpos(in);
}

template <class Setup>
Result<Setup> make(const DeviceSettings& settings, bool fits, Setup (*read)(SettingReader&)) {
    if (const auto faults = validate(settings); !faults.empty()) {
        const auto& key = faults.front().key;
        return fail(ErrorCode::config,
                    settings.name.value + ": " + (key.empty() ? "" : key + " ") + faults.front().message);
    }
    if (!fits)
        return fail(ErrorCode::config, settings.name.value + ": driver " + settings.driver + " is of another family");
    SettingReader in(settings);
    return read(in);
}

// Who sits on a port.
struct Occupant {
    PortSettings port;
    std::optional<std::uint8_t> unit;  // of a device that can share it
};

Occupant occupant(const DeviceSettings& device) {
    SettingReader in(device);
    if (device.driver == "modbus") {
        const auto setup = read_modbus(in);
        return {setup.port, std::get<ModbusTurnstileOptions>(setup.driver).gate.unit};
    }
    if (const auto* scanner = find_scanner_driver(device.driver); scanner != nullptr)
        return {scanner->read(in).port, std::nullopt};
    return {read_escpos(in).port, std::nullopt};
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

std::span<const DriverEntry> driver_catalog() { return drivers_known(); }

std::optional<Family> family_of(std::string_view driver) {
    const auto* entry = find_driver(driver);
    return entry == nullptr ? std::nullopt : std::optional(entry->family);
}

std::vector<SettingFault> validate(const DeviceSettings& settings) {
    const auto* entry = find_driver(settings.driver);
    if (entry == nullptr) return {{"driver", "there is no driver \"" + settings.driver + "\""}};
    SettingReader in(settings);
    for (const auto& setting : settings.settings)
        if (std::ranges::find(entry->keys, setting.key) == entry->keys.end())
            in.blame(setting.key, "is not a setting of the driver " + settings.driver);
    read_any(settings.driver, in);
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
        if (std::holds_alternative<TcpSettings>(its.port)) continue;
        auto& others = occupants[to_string(its.port)];
        for (const auto& other : others) {
            if (!its.unit || !other.unit)
                faults.push_back({device.name, "port", "is the port of another device"});
            else if (its.port != other.port)
                faults.push_back({device.name, "baud", "differs from another device on this port, or its parity does"});
            else if (*its.unit == *other.unit)
                faults.push_back({device.name, "unit", "is taken by another device on this port"});
        }
        others.push_back(its);
    }
    return faults;
}

Result<ScannerSetup> make_scanner(const DeviceSettings& settings) {
    const auto* scanner = find_scanner_driver(settings.driver);
    return make<ScannerSetup>(settings, scanner != nullptr, scanner == nullptr ? nullptr : scanner->read);
}
Result<TurnstileSetup> make_turnstile(const DeviceSettings& settings) {
    return make(settings, settings.driver == "modbus", read_modbus);
}
Result<PrinterSetup> make_printer(const DeviceSettings& settings) {
    return make(settings, settings.driver == "escpos", read_escpos);
}

}  // namespace gatehouse::drivers
