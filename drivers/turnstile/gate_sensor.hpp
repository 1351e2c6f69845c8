// One passage sensor, looked at from time to time: edges become passages.
//
//   [released] ──active──▶ [active] ──for too long──▶ [stuck]
//       ▲  passage counted    │                          │
//       └──────released───────┴──────────────────────────┘   active again within `debounce`: the same passage
//
// Guarantees
// - The first look counts nothing, whatever it shows.
// - A sensor that flutters is one passage.
// - A sensor that stays active is one passage, then stuck.
#pragma once

#include <optional>

#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct SensorOptions {
    Duration debounce = std::chrono::milliseconds(100);
    Duration stuck = std::chrono::seconds(30);
};

class GateSensor {
public:
    explicit GateSensor(SensorOptions options = {}) : options_(options) {}

    // True when a person has begun to pass.
    [[nodiscard]] bool look(bool active, Instant now);
    [[nodiscard]] bool is_stuck() const { return stuck_; }
    // Looks were missed: what comes next is a first look again.
    void forget();

private:
    SensorOptions options_;
    std::optional<bool> active_;
    Instant since_{};  // of the passage under way
    std::optional<Instant> released_;
    bool stuck_ = false;
};

}  // namespace gatehouse::drivers
