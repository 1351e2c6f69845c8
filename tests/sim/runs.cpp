#include "tests/sim/runs.hpp"

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <limits>
#include <memory>
#include <new>
#include <span>

#include "schemas/base/check.hpp"

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
    std::uint64_t failed_seed = 0;  // the lowest; 0: none
    char failure[400] = "";
    std::uint64_t failures = 0;
    std::uint64_t seeds = 0;
    std::uint64_t events = 0;
    std::uint64_t records = 0;
    std::uint64_t sales = 0;
    std::uint64_t scans = 0;
    std::uint64_t admissions = 0;
    std::uint64_t refusals = 0;
    std::uint64_t doubles = 0;
    std::uint64_t comparisons = 0;
    FaultCounts faults;
};

void add(Totals& totals, const ScenarioOutcome& outcome) {
    ++totals.seeds;
    totals.events += outcome.events;
    totals.records += outcome.records;
    totals.sales += outcome.sales;
    totals.scans += outcome.scans;
    totals.admissions += outcome.admissions;
    totals.refusals += outcome.refusals;
    totals.doubles += outcome.doubles;
    totals.comparisons += outcome.comparisons;
    totals.faults.add(outcome.faults);
}

void note_failure(Totals& totals, std::uint64_t seed, std::string_view how) {
    if (totals.failed_seed != 0 && totals.failed_seed < seed) return;
    totals.failed_seed = seed;
    const auto end = std::copy_n(how.begin(), std::min(how.size(), sizeof totals.failure - 1), totals.failure);
    *end = '\0';
}

void add(Totals& totals, const Totals& part) {
    totals.failures += part.failures;
    totals.seeds += part.seeds;
    totals.events += part.events;
    totals.records += part.records;
    totals.sales += part.sales;
    totals.scans += part.scans;
    totals.admissions += part.admissions;
    totals.refusals += part.refusals;
    totals.doubles += part.doubles;
    totals.comparisons += part.comparisons;
    totals.faults.add(part.faults);
    if (part.failed_seed != 0) note_failure(totals, part.failed_seed, part.failure);
}

// One process. It counts in memory that all share, so that what it counted is kept when it dies.
struct Job {
    Totals totals;
    std::uint64_t next = 0;  // of the seeds from the first on
    bool done = false;
};

struct Shared {
    // No seed beyond this one needs to be played: it failed.
    std::atomic<std::uint64_t> enough{std::numeric_limits<std::uint64_t>::max()};
    std::array<Job, most_jobs> jobs;
};

class SharedMemory {
public:
    SharedMemory() {
        void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        check(memory != MAP_FAILED, "there is memory for the counts");
        shared_ = new (memory) Shared;
    }
    ~SharedMemory() { munmap(shared_, sizeof(Shared)); }
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    [[nodiscard]] Shared& operator*() const { return *shared_; }

private:
    Shared* shared_;
};

void failed(const RunOptions& options, Shared& shared, Job& job, std::uint64_t seed, std::string_view how) {
    note_failure(job.totals, seed, how);
    ++job.totals.failures;
    if (options.keep_going) {
        fmt::print("seed {} failed: {}\n", seed, how);
        std::fflush(stdout);
        return;
    }
    auto lowest = shared.enough.load();
    while (seed < lowest && !shared.enough.compare_exchange_weak(lowest, seed)) {
    }
}

void play_one(const RunOptions& options, Shared& shared, Job& job, std::uint64_t seed) {
    ScenarioOptions scenario{seed, options.length, options.mutant, options.verbose, !options.calm};
    seed_under_way = seed;
    const auto outcome = play(scenario);
    add(job.totals, outcome);
    if (outcome.failure) return failed(options, shared, job, seed, *outcome.failure);
    if (seed != options.first_seed || options.mutant != Mutant::none) return;
    scenario.verbose = false;
    if (play(scenario).trace_hash != outcome.trace_hash)
        failed(options, shared, job, seed, "the same seed played twice went two ways");
}

void work(const RunOptions& options, Shared& shared, Job& job) {
    for (; job.next < options.runs; job.next += options.jobs) {
        const std::uint64_t seed = options.first_seed + job.next;
        if (seed > shared.enough) break;
        play_one(options, shared, job, seed);
    }
    job.done = true;
}

pid_t fork_worker(const RunOptions& options, Shared& shared, Job& job) {
    std::fflush(nullptr);
    const pid_t process = fork();
    check(process >= 0, "there is room for a process");
    if (process != 0) return process;
    std::signal(SIGABRT, aborted);
    work(options, shared, job);
    std::fflush(nullptr);
    _exit(0);
}

// Waits for the process of `job`; one that died failed the seed that it was playing.
void wait_for(const RunOptions& options, Shared& shared, Job& job, pid_t process) {
    for (;;) {
        waitpid(process, nullptr, 0);
        if (job.done) return;
        failed(options, shared, job, options.first_seed + job.next, "the process died");
        job.next += options.jobs;
        process = fork_worker(options, shared, job);
    }
}

Totals play_all(const RunOptions& options) {
    const SharedMemory memory;
    Shared& shared = *memory;
    const auto jobs = std::span{shared.jobs}.first(options.jobs);
    std::array<pid_t, most_jobs> processes{};
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        jobs[i].next = i;
        processes[i] = fork_worker(options, shared, jobs[i]);
    }
    Totals totals;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        wait_for(options, shared, jobs[i], processes[i]);
        add(totals, jobs[i].totals);
    }
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
    fmt::print("{} admissions, {} good codes refused, each with its ground\n", totals.admissions, totals.refusals);
    fmt::print("{} times a machine's tables were compared with the reference\n", totals.comparisons);
    if (std::min({totals.sales, totals.scans, totals.admissions, totals.refusals}) < totals.seeds) {
        fmt::print("a venue where nobody buys, walks in or is turned away proves nothing\n");
        good = false;
    }
    if (totals.failed_seed != 0) {
        fmt::print("{} seeds failed; seed {}: {}\n", totals.failures, totals.failed_seed, totals.failure);
        return false;
    }
    if (totals.seeds != options.runs) {
        fmt::print("{} of {} seeds were played\n", totals.seeds, options.runs);
        return false;
    }
    return good;
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
