// Many seeds, in several processes: a broken invariant of the product aborts one of them, and still names its seed.
#pragma once

#include "tests/sim/scenario.hpp"

namespace gatehouse::sim {

struct RunOptions {
    std::uint64_t first_seed = 1;
    std::uint64_t runs = 1;
    Duration length = ScenarioOptions{}.length;
    Mutant mutant = Mutant::none;
    unsigned jobs = 1;
    bool all_faults = false;
    bool verbose = false;
    bool calm = false;
};

// True when no seed failed; else prints the first that did. Prints how often each fault fired.
[[nodiscard]] bool run_seeds(const RunOptions& options);
// True when some seed failed: prints which, and how.
[[nodiscard]] bool catch_mutant(const RunOptions& options);

}  // namespace gatehouse::sim
