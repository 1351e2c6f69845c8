#include "sync/central/machine_clock.hpp"

#include <sys/timex.h>

#include <ctime>
#include <fstream>
#include <string>

#include "schemas/base/bytes.hpp"

namespace gatehouse::central {

namespace {

BootId read_boot_id() {
    std::ifstream in{"/proc/sys/kernel/random/boot_id"};
    std::string text;
    in >> text;
    std::erase(text, '-');
    BootId id{};
    const auto bytes = from_hex(text);
    if (bytes && bytes->size() == id.size()) std::copy(bytes->begin(), bytes->end(), id.begin());
    return id;
}

std::int64_t nanoseconds_of(clockid_t which) {
    timespec time{};
    ::clock_gettime(which, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Clock read_clock(WallTime floor) {
    static const BootId boot = read_boot_id();
    Clock clock;
    clock.now = Instant{std::chrono::nanoseconds{nanoseconds_of(CLOCK_BOOTTIME)}};
    clock.wall = WallTime{nanoseconds_of(CLOCK_REALTIME) / 1'000'000};
    clock.boot = boot;
    timex state{};
    const bool synced = ::adjtimex(&state) != TIME_ERROR;
    clock.quality = clock.wall < floor ? ClockQuality::suspect : synced ? ClockQuality::synced : ClockQuality::holdover;
    return clock;
}

}  // namespace gatehouse::central
