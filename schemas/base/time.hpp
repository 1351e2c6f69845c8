// Times as the cores see them: always an argument, never a call. Only shells have a clock to read.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "schemas/base/strong.hpp"

namespace gatehouse {

// The boot-time clock (CLOCK_BOOTTIME): monotonic, and it counts suspended time. Timers, deadlines and
// back-off use it. `now()` is absent on purpose.
struct BootClock {
    using rep = std::int64_t;
    using period = std::nano;
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};
using Instant = BootClock::time_point;
using Duration = std::chrono::nanoseconds;

// Milliseconds since 1970-01-01T00:00:00Z as the machine believes them: information, never order.
using WallTime = Strong<struct WallTimeTag, std::int64_t>;

// A calendar day of the venue: days since 1970-01-01. A business date is one of these.
using Date = Strong<struct DateTag, std::int32_t>;

// /proc/sys/kernel/random/boot_id: tells one boot's boot-time clock from another's.
using BootId = std::array<std::uint8_t, 16>;

// How far the wall clock could be trusted when a record was written. On disk and on the wire.
enum class ClockQuality : std::uint8_t {
    synced = 0,    // the kernel says synchronised, or central agreed within the last day
    holdover = 1,  // was synced in this boot, or lies within 36 h after the floor
    suspect = 2,   // behind the floor, or jumped further than trusted time allows
};
constexpr unsigned enum_count(ClockQuality) { return 3; }

// What the shell read off the machine's clocks at one moment; handed to cores with each event.
struct Clock {
    Instant now;
    WallTime wall;
    BootId boot{};
    ClockQuality quality = ClockQuality::synced;
};

}  // namespace gatehouse
