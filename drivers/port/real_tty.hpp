// Ttys that have hardware behind them, through libserialport.
#pragma once

#include <string>
#include <vector>

#include "drivers/link/port_settings.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// The kernel knows it as a tty device; not a pty. `name` is a real name, no link: libserialport 0.1.1 resolves none.
[[nodiscard]] bool is_real_tty(const std::string& name);

// Open at the wanted speed and parity, close-on-exec, with VMIN = 0 as libserialport leaves it: see set_raw_line().
// The caller closes it. ErrorCode::io.
[[nodiscard]] Result<int> open_real_tty(const std::string& name, const SerialSettings& wanted);

struct SerialDevice {
    std::string path;
    std::string description;  // as the device says: product and serial number
    bool usb = false;
    int vendor = 0;  // with `usb`
    int product = 0;
    std::string serial;
};
// What is plugged in now.
[[nodiscard]] std::vector<SerialDevice> list_real_ttys();

}  // namespace gatehouse::drivers
