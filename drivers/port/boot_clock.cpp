#include "drivers/port/boot_clock.hpp"

#include <ctime>

namespace gatehouse::drivers {

Instant boot_now() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return Instant(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace gatehouse::drivers
