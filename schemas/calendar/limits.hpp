// The years 0001 to 9999, beyond which RFC 3339 has no spelling and no venue sells tickets.
#pragma once

#include <date/date.h>

#include <algorithm>
#include <chrono>

#include "schemas/base/time.hpp"

namespace gatehouse {

using SysTime = date::sys_time<std::chrono::milliseconds>;

constexpr std::int32_t first_day = -719'162;  // 0001-01-01
constexpr std::int32_t last_day = 2'932'896;  // 9999-12-31

// One day inside at both ends, so that no offset leads out.
inline SysTime bounded(WallTime time) {
    constexpr std::int64_t day_ms = 86'400'000;
    return SysTime{std::chrono::milliseconds{
        std::clamp(time.value, (first_day + std::int64_t{1}) * day_ms, last_day * day_ms - 1)}};
}

}  // namespace gatehouse
