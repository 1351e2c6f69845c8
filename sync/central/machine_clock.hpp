// The machine's clocks, read for those who decide.
#pragma once

#include "schemas/base/time.hpp"

namespace gatehouse::central {

// Boot-time clock, wall clock, boot id, and what the kernel says about synchronisation: synced or holdover, and suspect
// when the wall clock is behind `floor` (the newest time in central's own journal).
[[nodiscard]] Clock read_clock(WallTime floor);

}  // namespace gatehouse::central
