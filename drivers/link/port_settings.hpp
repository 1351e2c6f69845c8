// Where a device is plugged in.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

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
    std::string path;  // a character device such as /dev/usb/lp1; never created
    friend bool operator==(const DeviceFileSettings&, const DeviceFileSettings&) = default;
};
using PortSettings = std::variant<SerialSettings, TcpSettings, DeviceFileSettings>;

// "/dev/ttyS0" or "10.0.0.5:502", for messages.
[[nodiscard]] std::string to_string(const PortSettings& settings);

}  // namespace gatehouse::drivers
