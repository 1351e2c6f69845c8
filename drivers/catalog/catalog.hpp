// From a driver's name and its settings to a machine and a port. A further driver is one folder and one line here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "drivers/link/port_settings.hpp"
#include "drivers/osdp/osdp_bus_session.hpp"
#include "drivers/printer/escpos_codec.hpp"
#include "drivers/printer/escpos_session.hpp"
#include "drivers/printer/fgl_session.hpp"
#include "drivers/printer/zpl_session.hpp"
#include "drivers/scanner/gm65_session.hpp"
#include "drivers/scanner/hid_pos_session.hpp"
#include "drivers/scanner/id_card_session.hpp"
#include "drivers/scanner/keyboard_session.hpp"
#include "drivers/scanner/line_session.hpp"
#include "drivers/scanner/pcsc_session.hpp"
#include "drivers/scanner/ssi_session.hpp"
#include "drivers/turnstile/bytes_session.hpp"
#include "drivers/turnstile/gpio_session.hpp"
#include "drivers/turnstile/modbus_turnstile_session.hpp"
#include "schemas/base/ids.hpp"
#include "schemas/base/result.hpp"
#include "schemas/words/fault_words.hpp"

namespace gatehouse::drivers {

enum class Family : std::uint8_t { scanner, turnstile, printer };
[[nodiscard]] std::string_view to_string(Family family);

using Numbers = std::vector<std::int64_t>;
using NumberTable = std::vector<std::pair<std::string, std::int64_t>>;  // an inline table of whole numbers
using SettingValue = std::variant<bool, std::int64_t, std::string, Numbers, NumberTable>;
struct Setting {
    std::string key;
    SettingValue value;
    friend bool operator==(const Setting&, const Setting&) = default;
};

// One [[device]] of the configuration. `settings` holds every key but `name` and `driver`. A device on a bus is
// handed in with the bus's `port`, `baud` and `parity` among its settings, in place of `bus`.
struct DeviceSettings {
    DeviceName name;
    std::string driver;
    std::vector<Setting> settings;
    friend bool operator==(const DeviceSettings&, const DeviceSettings&) = default;
};

struct SettingFault {
    std::string key;
    FaultWords what;  // its {key} is `key`
    friend bool operator==(const SettingFault&, const SettingFault&) = default;
};

struct DriverEntry {
    std::string_view name;
    Family family{};
    std::span<const std::string_view> keys;
};
// `osdp` is there twice: with `output` or `inputs` among its settings it is a turnstile, else a card reader.
[[nodiscard]] std::span<const DriverEntry> driver_catalog();
[[nodiscard]] std::optional<Family> family_of(const DeviceSettings& settings);

// All faults: unknown driver or key, wrong type, out of range, missing, contradictory. Touches no device.
[[nodiscard]] std::vector<SettingFault> validate(const DeviceSettings& settings);

// What to_string() says of the port that such a device is plugged in; nothing when the settings have faults.
[[nodiscard]] std::optional<std::string> address_of(const DeviceSettings& settings);

struct SharingFault {
    DeviceName device;
    std::string key;
    FaultWords what;
    friend bool operator==(const SharingFault&, const SharingFault&) = default;
};

// Two devices on one serial port or device file: fine for `modbus` turnstiles of different units, and for `osdp`
// devices of different addresses (or a turnstile and a reader of the same), with equal baud and parity; a fault for all
// others. Devices with faults of their own are passed over.
[[nodiscard]] std::vector<SharingFault> validate_sharing(std::span<const DeviceSettings> devices);

// A device's machine, or what to make one from, and where it is plugged in. One alternative a driver.
using ScannerSession =
    std::variant<LineSession, SsiSession, Gm65Session, KeyboardSession, HidPosSession, PcscSession, IdCardSession>;
struct OsdpKeyFiles {      // each holds 32 hexadecimal digits; the shell reads them
    std::string current;   // empty: in clear
    std::string previous;  // a device that has this one is given the current one
    bool install = false;  // and so is one that has the default key
    friend bool operator==(const OsdpKeyFiles&, const OsdpKeyFiles&) = default;
};
struct OsdpTurnstileOptions {
    OsdpBusOptions bus;
    OsdpUnitOptions unit;
    OsdpKeyFiles keys;
    OsdpGateOptions gate;
};
// Modbus and OSDP turnstiles may share a line; the others have their port for themselves.
using TurnstileDriver =
    std::variant<ModbusTurnstileOptions, OsdpTurnstileOptions, BytesTurnstileOptions, GpioTurnstileOptions>;
using PrinterSession = std::variant<EscposSession, FglSession, ZplSession>;

// How a printer's papers become bytes: its language with the layout's settings.
struct FglStyle : LabelStyle {};
struct ZplStyle : LabelStyle {};
using PrinterStyle = std::variant<EscposStyle, FglStyle, ZplStyle>;
// Fails as encode_paper(), encode_fgl() and encode_zpl() of the codecs do.
[[nodiscard]] Result<Bytes> encode_paper(const TicketPaper& paper, const PrinterStyle& style);

struct ScannerSetup {
    PortSettings port;
    ScannerSession session;
};
struct CardReaderSetup {  // a reader that shares its OSDP line with others
    PortSettings port;
    OsdpBusOptions bus;
    OsdpUnitOptions unit;
    OsdpKeyFiles keys;
    OsdpCardReaderOptions reader;
};
struct TurnstileSetup {
    PortSettings port;
    TurnstileDriver driver;
    Duration pass;  // how long a lane waits for a guest to walk through (pass_ms); not the driver's business
};
struct PrinterSetup {
    PortSettings port;
    PrinterSession session;
    PrinterStyle style;
};

// ErrorCode::config with the first fault of validate(), or when the driver is of another family.
// A scanner that shares_line() is made by make_card_reader(), every other by make_scanner().
[[nodiscard]] bool shares_line(const DeviceSettings& scanner);
[[nodiscard]] Result<ScannerSetup> make_scanner(const DeviceSettings& settings);
[[nodiscard]] Result<CardReaderSetup> make_card_reader(const DeviceSettings& settings);
[[nodiscard]] Result<TurnstileSetup> make_turnstile(const DeviceSettings& settings);
[[nodiscard]] Result<PrinterSetup> make_printer(const DeviceSettings& settings);

}  // namespace gatehouse::drivers
