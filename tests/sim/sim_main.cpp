// gatehouse-sim: plays a venue's bad days from a seed. Ends 0 when nothing broke, 1 with the failing seed otherwise;
// with --mutant it is the other way round.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "schemas/command/command_line.hpp"
#include "tests/sim/runs.hpp"

int main(int argc, char** argv) {
    using namespace gatehouse::sim;
    RunOptions options;
    double hours = 0;
    std::string mutant;
    CLI::App app;
    app.name("gatehouse-sim");
    app.add_option("--seed", options.first_seed)->required();
    app.add_option("--runs", options.runs);
    app.add_option("--hours", hours)->check(CLI::Range(0.01, 1000.0));
    app.add_option("--mutant", mutant);
    app.add_option("--jobs", options.jobs)->check(CLI::Range(1U, most_jobs));
    app.add_flag("--keep-going", options.keep_going);
    app.add_flag("--all-faults", options.all_faults);
    app.add_flag("--verbose", options.verbose);
    app.add_flag("--no-faults", options.calm);
    const auto language = gatehouse::language_of_environment();
    if (const auto ended = gatehouse::parse_command_line(app, argc, argv, language)) return *ended;
    if (hours > 0) options.length = gatehouse::Duration{static_cast<std::int64_t>(hours * 3.6e12)};
    if (mutant.empty()) return run_seeds(options) ? 0 : 1;
    if (mutant == "all") {
        bool all = true;
        for (const Mutant one : all_mutants) {
            options.mutant = one;
            all = catch_mutant(options) && all;
        }
        return all ? 0 : 1;
    }
    const auto found = parse_mutant(mutant);
    if (!found) {
        fmt::print(stderr, "no such mutant: {}\n", mutant);
        return 64;
    }
    options.mutant = *found;
    return catch_mutant(options) ? 0 : 1;
}
