// What a clock_corrected says behind its body (schemas/records/FORMAT.md): when its boot truly began.
#pragma once

#include <optional>

#include "schemas/base/bytes.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse {

// `began`: the true wall time at which CLOCK_BOOTTIME of that boot was 0.
[[nodiscard]] Bytes boot_began_extension(WallTime began);

// Nothing where it does not say: a record of an older release. What follows the time is a later release's.
[[nodiscard]] std::optional<WallTime> boot_began(ByteView extension);

}  // namespace gatehouse
