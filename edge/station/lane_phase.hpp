// Where a lane stands, for people and for the machine.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::edge {

enum class LanePhase : std::uint8_t {
    idle,
    recording,  // a passage is granted, its record is on the way to the disk
    opening,    // the barrier was told to open
    open,       // it has; somebody is expected to walk through
    faulted,    // shown instead of idle while the turnstile is down
};
[[nodiscard]] std::string_view to_string(LanePhase phase);

}  // namespace gatehouse::edge
