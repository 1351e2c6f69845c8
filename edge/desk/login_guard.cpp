#include "edge/desk/login_guard.hpp"

#include <algorithm>

namespace gatehouse::edge {

Duration back_off(std::uint32_t failures) {
    constexpr std::uint32_t free_failures = 3;
    constexpr Duration longest = std::chrono::minutes(15);
    if (failures < free_failures) return Duration::zero();
    const std::uint32_t doublings = std::min(failures - free_failures, 10U);
    return std::min(longest, Duration{std::chrono::seconds(2)} * (1U << doublings));
}

Duration wait_left(const ledger::LoginFacts& facts, const Clock& clock) {
    const auto since_boot = clock.now.time_since_epoch();
    const bool same_boot = facts.last_boot == clock.boot;
    const auto from = same_boot ? Duration{static_cast<std::int64_t>(facts.last_boot_ns)} : Duration::zero();
    return std::max(Duration::zero(), from + back_off(facts.failures) - since_boot);
}

}  // namespace gatehouse::edge
