#include "tests/sim/world.hpp"

#include <fmt/core.h>

namespace gatehouse::sim {

namespace {
// 2026-05-01 09:00 in Asia/Shanghai.
constexpr std::int64_t opening_ms = 1'777'597'200'000;
}  // namespace

World::World(std::uint64_t seed, bool verbose) : chance(seed), verbose_(verbose) {}

WallTime World::true_wall() const {
    return {opening_ms + std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch()).count()};
}

void World::at(Instant when, std::function<void()> what) {
    queue_.emplace(std::pair{std::max(when, now_), order_++}, std::move(what));
}

void World::run_until(Instant end, const std::function<void()>& after_each) {
    while (!failure_ && !queue_.empty() && queue_.begin()->first.first <= end) {
        auto node = queue_.extract(queue_.begin());
        now_ = node.key().first;
        ++events_;
        node.mapped()();
        if (!failure_) after_each();
    }
    if (!failure_) now_ = std::max(now_, end);
}

void World::fail(const std::string& what) {
    if (failure_) return;
    failure_ = what;
    trace("BROKEN: " + what);
}

void World::trace(std::string_view line) {
    for (const char c : line) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    hash_ = (hash_ ^ static_cast<std::uint64_t>(now_.time_since_epoch().count())) * 0x100000001b3ULL;
    if (verbose_) fmt::print("{:12.6f} {}\n", std::chrono::duration<double>(now_.time_since_epoch()).count(), line);
}

}  // namespace gatehouse::sim
