// Opening device files the way that survives unplugging. drivers/port/README.md says why each flag.
#pragma once

#include "drivers/link/port_settings.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// A non-blocking, close-on-exec descriptor that no other process has opened this way. The caller closes it.
// A tty is raw with VMIN = 1, and what had arrived before is discarded. Fails with ErrorCode::io, or `unavailable`
// when another process holds the device.
[[nodiscard]] Result<int> open_serial(const SerialSettings& settings);
[[nodiscard]] Result<int> open_device_file(const DeviceFileSettings& settings);

}  // namespace gatehouse::drivers
