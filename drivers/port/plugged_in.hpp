// Waits for a person to plug a device in.
#pragma once

#include <chrono>
#include <vector>

#include "drivers/link/udev_rule.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// Every device that could be one of ours, as udev knows it now.
[[nodiscard]] Result<std::vector<PluggedDevice>> list_plugged_in();

// Blocks until something is plugged in, and then a second more for all that one plug brings. Errors: unavailable when
// nothing comes in time, or no udevd runs here.
[[nodiscard]] Result<std::vector<PluggedDevice>> wait_for_plug(std::chrono::seconds longest);

}  // namespace gatehouse::drivers
