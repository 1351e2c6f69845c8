// What holds a barrier open: a lane's mode, an emergency, a fire input.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "drivers/turnstile/turnstile_events.hpp"

namespace gatehouse::drivers {

// Indexed by Direction.
template <class T>
using EachWay = std::array<T, 2>;
constexpr std::array both_ways{Direction::entry, Direction::exit};
[[nodiscard]] constexpr std::size_t way_index(Direction direction) { return static_cast<std::size_t>(direction); }

class GateHolds {
public:
    void set(const HoldOpenRequested& request) {
        for (const auto each : both_ways)
            if (!request.direction || *request.direction == each) held(request.hold, each) = true;
    }
    void release(const ReleaseRequested& request) {
        for (const auto each : both_ways) held(request.hold, each) = false;
    }
    // An active fire input is an emergency that outlasts it, until somebody releases it.
    void fire(bool active) {
        if (active && !fire_) set({Hold::emergency, std::nullopt});
        fire_ = active;
    }
    [[nodiscard]] bool burns() const { return fire_; }
    [[nodiscard]] bool is_held(Direction direction) const {
        return fire_ || holds_[0][way_index(direction)] || holds_[1][way_index(direction)];
    }

private:
    bool& held(Hold hold, Direction direction) { return holds_[static_cast<std::size_t>(hold)][way_index(direction)]; }

    std::array<EachWay<bool>, 2> holds_{};  // by Hold
    bool fire_ = false;
};

}  // namespace gatehouse::drivers
