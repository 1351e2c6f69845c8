// The machine's clocks. Shell: the one place in a node that reads them.
#pragma once

#include <cstdint>
#include <optional>

#include "schemas/base/time.hpp"

namespace gatehouse::edge {

[[nodiscard]] Instant boot_now();  // CLOCK_BOOTTIME

// What the kernel's clock discipline says (adjtimex).
struct KernelTime {
    bool synchronised = false;  // STA_UNSYNC is clear
    std::int64_t offset_ms = 0;
};
[[nodiscard]] KernelTime kernel_time();

// The boot id is read once. `quality` is synced when the kernel says so, else holdover: the desk judges further, by its
// floor and by what central told.
class MachineClock {
public:
    MachineClock();
    [[nodiscard]] Clock read() const;

private:
    BootId boot_{};
};

}  // namespace gatehouse::edge
