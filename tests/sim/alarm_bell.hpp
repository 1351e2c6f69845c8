// Carries one machine's deadline() over to the world's queue: rings once when it has come, is set again after each
// step.
#pragma once

#include <functional>
#include <optional>

#include "tests/sim/life.hpp"
#include "tests/sim/machine_clock.hpp"

namespace gatehouse::sim {

class AlarmBell {
public:
    AlarmBell(World& world, const Life& life, const MachineClock& clock, std::function<void()> ring)
        : world_(world), life_(life), clock_(clock), ring_(std::move(ring)) {}

    void set(std::optional<Instant> deadline) {
        if (!deadline) return;
        const Instant when = std::max(clock_.to_virtual(*deadline), world_.now());
        if (armed_ && *armed_ <= when) return;
        armed_ = when;
        world_.at(when, life_.while_it_lasts([this, when] {
            if (armed_ != when) return;
            armed_.reset();
            ring_();
        }));
    }

private:
    World& world_;
    const Life& life_;
    const MachineClock& clock_;
    std::function<void()> ring_;
    std::optional<Instant> armed_;
};

}  // namespace gatehouse::sim
