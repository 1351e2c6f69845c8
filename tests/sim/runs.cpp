#include "tests/sim/runs.hpp"

#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <vector>

namespace gatehouse::sim {

namespace {

std::uint64_t seed_under_way = 0;

// A check of the product failed: say which seed it was. Only what a signal handler may call.
extern "C" void aborted(int) {
    char text[64] = "seed ";
    std::size_t at = 5;
    char digits[24];
    std::size_t count = 0;
    for (std::uint64_t left = seed_under_way; left > 0 || count == 0; left /= 10)
        digits[count++] = static_cast<char>('0' + left % 10);
    while (count > 0) text[at++] = digits[--count];
    constexpr char rest[] = ": aborted\n";
    for (std::size_t i = 0; i + 1 < sizeof rest; ++i) text[at++] = rest[i];
    static_cast<void>(!write(STDERR_FILENO, text, at));
    _exit(134);
}

struct Totals {
    std::uint64_t failed_seed = 0;  // 0: none
    char failure[400] = "";
    std::uint64_t seeds = 0;
    std::uint64_t events = 0;
    std::uint64_t records = 0;
    std::uint64_t sales = 0;
    std::uint64_t scans = 0;
    std::uint64_t doubles = 0;
    FaultCounts faults;
};

void add(Totals& totals, const ScenarioOutcome& outcome) {
    ++totals.seeds;
    totals.events += outcome.events;
    totals.records += outcome.records;
    totals.sales += outcome.sales;
    totals.scans += outcome.scans;
    totals.doubles += outcome.doubles;
    totals.faults.add(outcome.faults);
}

void fail(Totals& totals, std::uint64_t seed, const std::string& how) {
    if (totals.failed_seed != 0 && totals.failed_seed < seed) return;
    totals.failed_seed = seed;
    const auto end = std::copy_n(how.begin(), std::min(how.size(), sizeof totals.failure - 1), totals.failure);
    *end = '\0';
}

Totals work(const RunOptions& options, unsigned job) {
    Totals totals;
    for (std::uint64_t i = job; i < options.runs; i += options.jobs) {
        ScenarioOptions scenario{options.first_seed + i, options.length, options.mutant, options.verbose,
                                 !options.calm};
        seed_under_way = scenario.seed;
        const auto outcome = play(scenario);
        add(totals, outcome);
        if (outcome.failure) {
            fail(totals, scenario.seed, *outcome.failure);
            break;
        }
        if (i == 0 && options.mutant == Mutant::none) {
            scenario.verbose = false;
            if (play(scenario).trace_hash != outcome.trace_hash) {
                fail(totals, scenario.seed, "the same seed played twice went two ways");
                break;
            }
        }
    }
    return totals;
}

struct Worker {
    pid_t process = 0;
    int pipe = -1;
};

Worker fork_worker(const RunOptions& options, unsigned job) {
    int ends[2];
    if (pipe(ends) != 0) return {};
    std::fflush(nullptr);
    const pid_t process = fork();
    if (process != 0) {
        close(ends[1]);
        return {process, ends[0]};
    }
    close(ends[0]);
    std::signal(SIGABRT, aborted);
    const Totals totals = work(options, job);
    std::fflush(nullptr);
    const bool written = write(ends[1], &totals, sizeof totals) == static_cast<ssize_t>(sizeof totals);
    _exit(written ? 0 : 1);
}

// A worker that died counts as a failure of whatever seed it named on standard error.
void collect(const Worker& worker, Totals& all) {
    Totals part;
    auto* bytes = reinterpret_cast<char*>(&part);
    std::size_t have = 0;
    for (ssize_t got = 0; have < sizeof part; have += static_cast<std::size_t>(got)) {
        got = read(worker.pipe, bytes + have, sizeof part - have);
        if (got <= 0) break;
    }
    close(worker.pipe);
    waitpid(worker.process, nullptr, 0);
    if (have != sizeof part) return fail(all, ~std::uint64_t{0}, "the process died; see the seed above");
    all.seeds += part.seeds;
    all.events += part.events;
    all.records += part.records;
    all.sales += part.sales;
    all.scans += part.scans;
    all.doubles += part.doubles;
    all.faults.add(part.faults);
    if (part.failed_seed != 0) fail(all, part.failed_seed, part.failure);
}

Totals play_all(const RunOptions& options) {
    std::vector<Worker> workers;
    for (unsigned job = 0; job < options.jobs; ++job) workers.push_back(fork_worker(options, job));
    Totals totals;
    for (const auto& worker : workers) collect(worker, totals);
    return totals;
}

}  // namespace

bool run_seeds(const RunOptions& options) {
    const auto begun = std::chrono::steady_clock::now();
    const Totals totals = play_all(options);
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    bool good = true;
    for (std::size_t i = 0; i < fault_count; ++i) {
        const auto fault = static_cast<Fault>(i);
        fmt::print("{:>9}  {}\n", totals.faults.of(fault), to_string(fault));
        if (options.all_faults && totals.faults.of(fault) == 0) {
            fmt::print("a fault that never fired proves nothing: {}\n", to_string(fault));
            good = false;
        }
    }
    fmt::print(
        "{} seeds in {:.1f} s ({:.1f}/s): {} events, {} records, {} sales, {} scans, "
        "{} tickets admitted twice out of sight, all reported\n",
        totals.seeds, took, static_cast<double>(totals.seeds) / took, totals.events, totals.records, totals.sales,
        totals.scans, totals.doubles);
    if (totals.failed_seed == 0) return good;
    fmt::print("seed {} failed: {}\n", totals.failed_seed, totals.failure);
    return false;
}

bool catch_mutant(const RunOptions& options) {
    const Totals totals = play_all(options);
    if (totals.failed_seed == 0) {
        fmt::print("{}: NOT caught by {} seeds\n", to_string(options.mutant), totals.seeds);
        return false;
    }
    fmt::print("{}: caught by seed {}: {}\n", to_string(options.mutant), totals.failed_seed, totals.failure);
    return true;
}

}  // namespace gatehouse::sim
