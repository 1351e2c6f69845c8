// CLOCK_MONOTONIC in nanoseconds: what latencies are measured in. Not the drivers' boot-time clock on purpose: an
// emulated device is another machine.
#pragma once

#include <cstdint>
#include <ctime>

namespace gatehouse::drivers::emulator {

using Stamp = std::int64_t;

[[nodiscard]] inline Stamp stamp_now() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<Stamp>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace gatehouse::drivers::emulator
