// The machine's boot-time clock, for shells.
#pragma once

#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

[[nodiscard]] Instant boot_now();  // CLOCK_BOOTTIME

}  // namespace gatehouse::drivers
