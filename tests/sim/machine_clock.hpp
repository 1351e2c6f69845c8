// The clocks of one machine: a boot-time clock that starts over with each boot, and a wall clock that may be wrong.
#pragma once

#include "tests/sim/world.hpp"

namespace gatehouse::sim {

class MachineClock {
public:
    explicit MachineClock(World& world) : world_(world), chance_(world.chance.fork("clock")) {}

    // A new boot. Without a battery the wall clock begins in 1970.
    void boot(bool battery) {
        boot_ = chance_.octets<16>();
        booted_ = world_.now() - std::chrono::seconds{chance_.between(1, 20)};
        kernel_synced_ = false;
        if (!battery)
            wall_error_ms_ = std::chrono::milliseconds{std::chrono::seconds{5}}.count() - world_.true_wall().value;
    }
    void step(std::int64_t ms) {
        wall_error_ms_ += ms;
        kernel_synced_ = false;
    }
    // The kernel's time discipline found the true time.
    void discipline() {
        wall_error_ms_ = 0;
        kernel_synced_ = true;
    }
    [[nodiscard]] bool kernel_synced() const { return kernel_synced_; }
    [[nodiscard]] std::int64_t error_ms() const { return wall_error_ms_; }

    [[nodiscard]] Instant now() const { return to_boot(world_.now()); }
    [[nodiscard]] Instant to_boot(Instant virtual_time) const { return Instant{virtual_time - booted_}; }
    [[nodiscard]] Instant to_virtual(Instant boot_time) const { return booted_ + boot_time.time_since_epoch(); }
    // As edge/daemon reads it: synced or holdover; the desk judges further.
    [[nodiscard]] Clock read() const {
        return {now(), WallTime{world_.true_wall().value + wall_error_ms_}, boot_,
                kernel_synced_ ? ClockQuality::synced : ClockQuality::holdover};
    }

private:
    World& world_;
    Chance chance_;
    BootId boot_{};
    Instant booted_{};
    std::int64_t wall_error_ms_ = 0;
    bool kernel_synced_ = true;
};

}  // namespace gatehouse::sim
