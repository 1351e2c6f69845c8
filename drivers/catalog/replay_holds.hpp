// What a recording shows of holds, for a driver that is asked again for what it was asked for then.
#pragma once

#include <optional>
#include <vector>

#include "drivers/turnstile/gate_holds.hpp"

namespace gatehouse::drivers {

// A recording shows outputs, each way by itself; a driver is asked by Hold, and a release ends both ways of it.
class ReplayedHolds {
public:
    // The requests after which `ways` are held and no others: none when nothing changes. What stays held is held
    // without a gap, and what a fire input has latched ends.
    [[nodiscard]] std::vector<GateRequest> change(EachWay<bool> ways) {
        std::vector<GateRequest> requests;
        if (ways == held_) return requests;
        const bool ends = (held_[0] && !ways[0]) || (held_[1] && !ways[1]);
        held_ = ways;
        if (ends) {
            hold(Hold::emergency, requests);
            requests.emplace_back(ReleaseRequested{Hold::free});
        }
        hold(Hold::free, requests);
        if (ends) requests.emplace_back(ReleaseRequested{Hold::emergency});
        return requests;
    }
    [[nodiscard]] std::vector<GateRequest> change(Direction way, bool held) {
        auto ways = held_;
        ways[way_index(way)] = held;
        return change(ways);
    }
    [[nodiscard]] const EachWay<bool>& held() const { return held_; }

private:
    void hold(Hold why, std::vector<GateRequest>& requests) const {
        if (held_[0] && held_[1]) {
            requests.emplace_back(HoldOpenRequested{why, std::nullopt});
            return;
        }
        for (const auto way : both_ways)
            if (held_[way_index(way)]) requests.emplace_back(HoldOpenRequested{why, way});
    }

    EachWay<bool> held_{};
};

}  // namespace gatehouse::drivers
