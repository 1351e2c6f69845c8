#include "edge/daemon/machine_clock.hpp"

#include <sys/timex.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <string>

#include "schemas/base/bytes.hpp"

namespace gatehouse::edge {

namespace {

std::int64_t nanoseconds_of(clockid_t clock) {
    timespec at{};
    ::clock_gettime(clock, &at);
    return static_cast<std::int64_t>(at.tv_sec) * 1'000'000'000 + at.tv_nsec;
}

BootId read_boot_id() {
    std::ifstream in{"/proc/sys/kernel/random/boot_id"};
    std::string text;
    std::getline(in, text);
    std::erase(text, '-');
    BootId id{};
    if (const auto bytes = from_hex(text); bytes && bytes->size() == id.size())
        std::copy(bytes->begin(), bytes->end(), id.begin());
    return id;
}

}  // namespace

Instant boot_now() { return Instant{Duration{nanoseconds_of(CLOCK_BOOTTIME)}}; }

KernelTime kernel_time() {
    timex state{};
    if (::adjtimex(&state) < 0) return {};
    const std::int64_t offset = (state.status & STA_NANO) != 0 ? state.offset / 1'000'000 : state.offset / 1'000;
    return {(state.status & STA_UNSYNC) == 0, offset};
}

MachineClock::MachineClock() : boot_(read_boot_id()) {}

Clock MachineClock::read() const {
    return {boot_now(), WallTime{nanoseconds_of(CLOCK_REALTIME) / 1'000'000}, boot_,
            kernel_time().synchronised ? ClockQuality::synced : ClockQuality::holdover};
}

}  // namespace gatehouse::edge
