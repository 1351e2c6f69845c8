#include "sync/central/lockout.hpp"

#include <algorithm>

namespace gatehouse::central {

std::chrono::seconds lockout_left(const ledger::LoginFacts& facts, const Clock& clock) {
    if (facts.failures < free_failures) return std::chrono::seconds{0};
    const auto doublings = std::min<std::uint32_t>(facts.failures - free_failures, 16);
    const auto wait = std::min<std::chrono::nanoseconds>(first_wait * (1LL << doublings), longest_wait);
    const auto now = clock.now.time_since_epoch();
    const auto since = clock.boot == facts.last_boot
                           ? now - std::chrono::nanoseconds{static_cast<std::int64_t>(facts.last_boot_ns)}
                           : now;
    if (since >= wait) return std::chrono::seconds{0};
    return std::chrono::ceil<std::chrono::seconds>(wait - std::max(since, Duration{0}));
}

}  // namespace gatehouse::central
