// Where a device is plugged in.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::drivers {

enum class Parity : std::uint8_t { none, even, odd };

struct SerialSettings {
    std::string path;  // a tty or pty, or a link to one; resolved at each opening, since the target moves on replug
    std::uint32_t baud = 9600;
    Parity parity = Parity::none;
    friend bool operator==(const SerialSettings&, const SerialSettings&) = default;
};
struct TcpSettings {
    std::string host;  // name or address
    std::uint16_t port = 0;
    friend bool operator==(const TcpSettings&, const TcpSettings&) = default;
};
struct DeviceFileSettings {
    std::string path;  // a printer's character device such as /dev/usb/lp1; never created
    friend bool operator==(const DeviceFileSettings&, const DeviceFileSettings&) = default;
};
// The following speak the formats of feed_codec.hpp. Where their path is a tty, whatever is behind it is expected to
// speak that format itself: so gatehouse-devices does.
struct KeyboardSettings {
    std::string path;  // /dev/input/by-id/…-event-kbd or by-path; grabbed, so that nothing is typed elsewhere
    friend bool operator==(const KeyboardSettings&, const KeyboardSettings&) = default;
};
struct HidSettings {
    std::string path;  // /dev/hidrawN or a link to one
    friend bool operator==(const HidSettings&, const HidSettings&) = default;
};
struct GpioSettings {
    std::string chip;                    // path, name (gpiochip0) or label (cp2112_gpio), which is the stable one
    std::vector<std::uint16_t> outputs;  // line offsets; each inactive while the port is closed
    std::vector<std::uint16_t> inputs;
    bool active_low = false;         // of the outputs
    bool active_low_inputs = false;  // of the inputs
    friend bool operator==(const GpioSettings&, const GpioSettings&) = default;
};
struct CardReaderSettings {
    std::string reader;  // the beginning of its name at PC/SC; empty: the only or first one
    friend bool operator==(const CardReaderSettings&, const CardReaderSettings&) = default;
};
using PortSettings = std::variant<SerialSettings, TcpSettings, DeviceFileSettings, KeyboardSettings, HidSettings,
                                  GpioSettings, CardReaderSettings>;

// "/dev/ttyS0" or "10.0.0.5:502", for messages.
[[nodiscard]] std::string to_string(const PortSettings& settings);

}  // namespace gatehouse::drivers
