// How far the wall clock can be believed, and the one correction that a boot's records need when it could not.
//
// The floor is the largest time the software was built with or that was recorded as trusted. Only trusted time raises
// it by more than 36 hours; a larger jump, or a clock behind the floor, is suspect.
#pragma once

#include <optional>

#include "schemas/base/time.hpp"

namespace gatehouse::edge {

class ClockFloor {
public:
    explicit ClockFloor(WallTime built) : floor_(built) {}

    // A wall time that was recorded while the clock was trusted, here or by central.
    void raise(WallTime trusted);
    // Central said so: true time = wall + offset. Counts as synced for a day while |offset| is at most two minutes.
    void central_agrees(std::int64_t offset_ms, const Clock& clock);

    // `clock.quality` as the shell knows it: synced when the kernel says so, holdover otherwise.
    [[nodiscard]] ClockQuality judge(const Clock& clock) const;
    // To be called for each record written: what its quality was.
    void wrote(const Clock& clock, ClockQuality quality);
    // A suspect record of this boot that a former run wrote, and nothing has corrected.
    void wrote_before(WallTime wall, Instant at);

    struct Correction {
        std::int64_t offset_ms = 0;  // true minus recorded, of the boot's first suspect record
        WallTime boot_began;         // true wall time at boot time 0: what all of them are dated by
        WallTime suspect_from;       // true wall time of that first record
        friend bool operator==(const Correction&, const Correction&) = default;
    };
    // For records of this boot that were suspect; once, as soon as it can be told.
    [[nodiscard]] std::optional<Correction> correction(const Clock& clock);
    void corrected() { corrected_ = true; }

    [[nodiscard]] WallTime floor() const { return floor_; }

private:
    struct Suspect {
        WallTime wall;
        Instant at;
    };
    WallTime floor_;
    std::optional<Suspect> first_suspect_;  // of this boot
    bool corrected_ = false;
    std::optional<Instant> agreed_;       // central agreed at
    std::optional<std::int64_t> offset_;  // central's latest, and what it was measured against
    Suspect offset_at_{};
};

}  // namespace gatehouse::edge
