// The one deciding value of a node: windows, gates and people over the projection and an overlay of records that are
// not synced yet.
//
//                       ┌────── JournalOpened, StorageChanged ──────┐
//                       ▼                                           │
//   events ──▶ [journal open: records, then acts, then answers] ──AppendFailed──▶ [journal closed: sells nothing,
//                                                                    admits nobody; emergency and modes still act]
//
// Guarantees
// - A barrier opens, a ticket prints and a command is answered only after the record is synced; emergency acts first.
// - What is not synced yet already counts: two lanes, or a scan and a refund, never decide on stale facts.
// - After a failed append everything queued behind it is answered storage_unavailable and nothing of it is done.
// - The same client id never acts twice.
// - A passage or print that was under way when the process died is found again and resolved, never repeated.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/desk/effects.hpp"
#include "edge/desk/events.hpp"
#include "edge/desk/options.hpp"

namespace gatehouse::ledger {
class LedgerReader;
}

namespace gatehouse::edge {

struct LaneStatus {
    LaneName name;
    GateName gate;
    ZoneId zone;
    LaneMode mode{};
    LanePhase phase{};
    bool emergency = false;
    std::string trouble;
    std::uint32_t admitted_today = 0;     // persons, of the current business date
    std::uint32_t let_through_today = 0;  // beside them: persons without a ticket, let in by an attendant
    std::optional<Direction> direction;   // nothing: both ways
};
struct PrintStatus {
    RecordRef job;
    DeviceName printer;
    bool ask = false;  // an operator looks at the paper; else the job is with the printer
    std::string reason;
};
// Time that scans spent in one stage since the start, as the shell measures it.
struct StageTime {
    std::string stage;
    bool ahead = false;  // before the scan's last octet came
    Duration spent{};
    std::uint64_t times = 0;
};
struct DeskStatus {
    bool journal_open = false;
    std::string closed_why;
    JournalId journal;
    Seq head;    // decided
    Seq synced;  // on disk
    ClockQuality clock{};
    bool isolated = false;  // see edge/admission/README.md
    bool emergency = false;
    Date business_date;  // the last that was believed, while the clock is suspect
    Date selling_date;   // what is sold now is for this date: a suspect clock that is behind is not followed
    std::uint64_t catalogue_version = 0;
    Minor unverified_total;
    std::vector<LaneStatus> lanes;
    std::vector<PrintStatus> prints;
    std::vector<StageTime> stages;  // filled by the shell
};

// Single-threaded; owns no thread, clock or file. `reader` outlives it and is used on the same thread.
class Desk {
public:
    Desk(DeskOptions options, ledger::LedgerReader& reader);
    ~Desk();
    Desk(Desk&&) noexcept;
    Desk& operator=(Desk&&) noexcept;

    // The journal counts as closed until the first JournalOpened.
    [[nodiscard]] Effects step(const Event& event, const Clock& clock);
    // When to send Ticked at the latest.
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] DeskStatus status(const Clock& clock) const;
    // The roles that a name has by the catalogue held now; empty for a stranger. For GET calls' checks.
    [[nodiscard]] std::vector<Role> roles_of(const OperatorName& name) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gatehouse::edge
