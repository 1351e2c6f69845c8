#include "edge/desk/clock_floor.hpp"

#include <algorithm>
#include <cstdlib>

namespace gatehouse::edge {

namespace {

constexpr std::int64_t largest_jump_ms = 36LL * 3600 * 1000;
constexpr std::int64_t agreement_ms = 120'000;
constexpr auto agreement_holds = std::chrono::hours(24);

std::int64_t ms(Duration duration) { return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count(); }

}  // namespace

void ClockFloor::raise(WallTime trusted) { floor_ = std::max(floor_, trusted); }

void ClockFloor::central_agrees(std::int64_t offset_ms, const Clock& clock) {
    offset_ = offset_ms;
    offset_at_ = {clock.wall, clock.now};
    if (std::abs(offset_ms) <= agreement_ms) agreed_ = clock.now;
    raise(WallTime{clock.wall.value + offset_ms});
}

ClockQuality ClockFloor::judge(const Clock& clock) const {
    if (clock.quality == ClockQuality::synced) return ClockQuality::synced;
    // An agreement holds for the clock it was made with: a clock that was set since then is a new one.
    if (agreed_ && clock.now - *agreed_ < agreement_holds) {
        const auto drift = (clock.wall.value - offset_at_.wall.value) - ms(clock.now - offset_at_.at);
        if (std::abs(drift) <= agreement_ms) return ClockQuality::synced;
    }
    if (clock.wall < floor_ || clock.wall.value > floor_.value + largest_jump_ms) return ClockQuality::suspect;
    return ClockQuality::holdover;
}

void ClockFloor::wrote(const Clock& clock, ClockQuality quality) {
    if (quality == ClockQuality::suspect) {
        if (!first_suspect_) first_suspect_ = Suspect{clock.wall, clock.now};
        return;
    }
    raise(clock.wall);
}

void ClockFloor::wrote_before(WallTime wall, Instant at) {
    if (!first_suspect_) first_suspect_ = Suspect{wall, at};
}

std::optional<ClockFloor::Correction> ClockFloor::correction(const Clock& clock) {
    if (!first_suspect_ || corrected_) return std::nullopt;
    std::optional<std::int64_t> true_now;
    if (judge(clock) == ClockQuality::synced)
        true_now = clock.wall.value;
    else if (offset_)
        true_now = offset_at_.wall.value + *offset_ + ms(clock.now - offset_at_.at);
    if (!true_now) return std::nullopt;
    const auto true_then = *true_now - ms(clock.now - first_suspect_->at);
    return Correction{true_then - first_suspect_->wall.value, WallTime{*true_now - ms(clock.now.time_since_epoch())},
                      WallTime{true_then}};
}

}  // namespace gatehouse::edge
