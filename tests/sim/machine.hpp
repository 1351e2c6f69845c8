// What every machine has: power, a disk, clocks, and a process that may die at any moment.
#pragma once

#include <fmt/core.h>

#include "tests/sim/life.hpp"
#include "tests/sim/machine_clock.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/venue.hpp"
#include "tests/support/crash_vfs.hpp"

namespace gatehouse::sim {

// How a process ends.
enum class Death : std::uint8_t {
    killed,       // the page cache lives on
    power_cut,    // what was not flushed is kept, dropped or torn
    disk_failed,  // it stopped itself after a failed flush
    stopped,      // in order
};

class DiskSpeed {
public:
    explicit DiskSpeed(Chance chance) : chance_(chance) {}
    [[nodiscard]] Duration flush_time() {
        return slow_ ? chance_.between(std::chrono::milliseconds{50}, std::chrono::milliseconds{900})
                     : chance_.between(std::chrono::microseconds{200}, std::chrono::milliseconds{4});
    }
    void slow(bool slow) { slow_ = slow; }
    [[nodiscard]] bool is_slow() const { return slow_; }

private:
    Chance chance_;
    bool slow_ = false;
};

struct Machine {
    Machine(World& world, const Venue& venue, NodeId id)
        : clock(world),
          disk(fmt::format("sim-{}", id.value), world.chance.fork(fmt::format("disk-{}", id.value)).next()),
          speed(world.chance.fork(fmt::format("speed-{}", id.value))),
          plan(venue.plan(id)) {}

    MachineClock clock;
    test::CrashDisk disk;
    DiskSpeed speed;
    const MachinePlan& plan;
};

}  // namespace gatehouse::sim
