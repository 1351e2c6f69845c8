// Many seeds, in several processes: a broken invariant of the product aborts one of them, and still names its seed.
#pragma once

#include "tests/sim/scenario.hpp"

namespace gatehouse::sim {

inline constexpr unsigned most_jobs = 64;

struct RunOptions {
    std::uint64_t first_seed = 1;
    std::uint64_t runs = 1;
    std::optional<Duration> length;  // see ScenarioOptions
    Mutant mutant = Mutant::none;
    unsigned jobs = 1;        // at most most_jobs
    bool keep_going = false;  // play all seeds, and print each that failed
    bool all_faults = false;
    bool verbose = false;
    bool calm = false;
};

// True when every seed was played and none failed; else prints the lowest that did. Prints how often each fault fired.
[[nodiscard]] bool run_seeds(const RunOptions& options);
// True when some seed failed: prints which, and how.
[[nodiscard]] bool catch_mutant(const RunOptions& options);

}  // namespace gatehouse::sim
