// A tty's settings through termios.
#pragma once

#include "drivers/link/port_settings.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// Raw, eight bits, one stop bit, no flow control, VMIN = 1. With `speed`, also baud and parity.
[[nodiscard]] Result<void> set_raw_line(int device, const SerialSettings& wanted, bool speed);

}  // namespace gatehouse::drivers
