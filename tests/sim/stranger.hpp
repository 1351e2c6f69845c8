// A node of another release, or a broken one: writes records of unknown kinds and bodies that nobody can read. They are
// chained and signed, so every machine must take, keep and hand them on, and nothing behind them may wait.
#pragma once

#include <memory>

#include "tests/sim/link_pump.hpp"
#include "tests/sim/witness.hpp"

namespace gatehouse::sim {

class Stranger {
public:
    Stranger(World& world, Network& network, const Venue& venue, Witness& witness);

    void start();
    void stop() { writing_ = false; }

private:
    void write(Kind kind, Bytes body, Bytes extension);
    void write_something();
    [[nodiscard]] sync::BatchLoaded load(const sync::LoadBatch& wanted) const;
    void tell_head();

    World& world_;
    const Venue& venue_;
    const MachinePlan& plan_;
    Witness& witness_;
    Chance chance_;
    Life life_;
    MachineClock clock_;
    LinkPump links_;
    std::vector<Bytes> stored_;
    std::vector<Hash> hashes_;
    bool writing_ = true;
};

}  // namespace gatehouse::sim
