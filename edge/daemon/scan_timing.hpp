// Where the time of scans goes: sums for GET /metrics. Deciding thread. Measures; nothing is decided by it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "edge/desk/desk.hpp"
#include "edge/journal/journal_thread.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::edge {

// The way of a scan, in its order. `read`: from the last octet's arrival to the desk; `queue`: until the journal thread
// takes the record; `flush`: its transaction; `release`: back to the deciding thread; `write`: the open command.
enum class TimedStage : std::uint8_t { read, decode, look_up, verify, judge, queue, flush, release, write };
constexpr std::size_t timed_stages = 9;
[[nodiscard]] std::string_view to_string(TimedStage stage);

class ScanTiming {
public:
    // Around the desk's step for a scan; `read_at` is when its last octet came, `ahead` that it has not come yet.
    void entered(bool ahead, Instant read_at, Instant now);
    void passed(ScanStage stage, Instant now);
    void left(Instant now);
    void checked(Duration spent);  // a signature outside of the step, its waiting included
    // A transaction with own records is back on the deciding thread.
    void committed(const CommitTiming& timing, Instant now);
    void wrote(Instant from, Instant now);

    [[nodiscard]] std::vector<StageTime> times() const;  // of the stages that were passed

private:
    void add(TimedStage stage, Duration spent);

    struct Sum {
        Duration spent{};
        std::uint64_t times = 0;
    };
    std::array<Sum, timed_stages> in_line_;  // between the scan's last octet and the open command
    std::array<Sum, timed_stages> before_;   // before that octet came
    bool in_step_ = false;
    bool ahead_ = false;
    Instant mark_{};
};

}  // namespace gatehouse::edge
