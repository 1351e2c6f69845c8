// One seed: a venue, its day, the storm, and the settling afterwards.
#pragma once

#include <optional>
#include <string>

#include "tests/sim/faults.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"

namespace gatehouse::sim {

struct ScenarioOptions {
    std::uint64_t seed = 1;
    std::optional<Duration> length;  // nothing: the seed draws 2 to 6 minutes
    Mutant mutant = Mutant::none;
    bool verbose = false;
    bool faults = true;
};

struct ScenarioOutcome {
    std::optional<std::string> failure;
    std::uint64_t trace_hash = 0;
    std::uint64_t events = 0;
    std::uint64_t records = 0;
    std::uint64_t sales = 0;
    std::uint64_t scans = 0;
    std::uint64_t admissions = 0;
    std::uint64_t refusals = 0;     // of tickets that somebody bought, each with its ground
    std::uint64_t doubles = 0;      // admitted twice by nodes that did not hear each other
    std::uint64_t comparisons = 0;  // of a machine's tables with the reference
    FaultCounts faults;
};

[[nodiscard]] ScenarioOutcome play(const ScenarioOptions& options);

}  // namespace gatehouse::sim
