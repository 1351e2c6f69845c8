// Virtual time: one queue of things to happen, in one order. Nothing here waits, and nothing outside is asked.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/sim/chance.hpp"
#include "tests/sim/faults.hpp"

namespace gatehouse::sim {

class World {
public:
    World(std::uint64_t seed, bool verbose);

    // Virtual time since the run began; not any machine's clock.
    [[nodiscard]] Instant now() const { return now_; }
    // The true wall time of the venue.
    [[nodiscard]] WallTime true_wall() const;

    void at(Instant when, std::function<void()> what);
    void after(Duration wait, std::function<void()> what) { at(now_ + wait, std::move(what)); }

    // Runs what is queued up to `end`, calling `after_each` after every event; stops early at a failure.
    void run_until(Instant end, const std::function<void()>& after_each);

    // The first broken invariant ends the run.
    void fail(const std::string& what);
    [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

    // What happened, as a hash: the same seed gives the same. `line` is printed when verbose.
    void trace(std::string_view line);
    [[nodiscard]] bool verbose() const { return verbose_; }
    [[nodiscard]] std::uint64_t trace_hash() const { return hash_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }

    Chance chance;
    FaultCounts faults;

private:
    Instant now_{};
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> queue_;
    std::uint64_t order_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t hash_ = 0xcbf29ce484222325ULL;
    bool verbose_;
    std::optional<std::string> failure_;
};

}  // namespace gatehouse::sim
