// The jobs of one printer, in the order they came: what all printer sessions know about a paper.
//
//   waiting ──begin_paper()──▶ on paper ──paper_printed()──▶ waiting for its next paper, or reported printed
//      │ too long, or cancelled      │ lose_paper()
//      ▼                             ▼
//   not printed; unknown after     unknown
//   its first paper
//
// Guarantees
// - Every job that add() took ends in exactly one report.
// - A paper is handed out once.
#pragma once

#include <deque>
#include <optional>

#include "drivers/printer/printer_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

class PrintQueue {
public:
    // `waiting` is how long a job waits for its next paper to begin.
    PrintQueue(Duration waiting, std::size_t longest) : waiting_(waiting), longest_(longest) {}

    // False: it was answered at once, empty or one too many.
    bool add(const PrintRequested& request, Instant now, PrinterEffects& out);
    void cancel(PrintJobId id, PrinterEffects& out);  // unless it has begun
    void expire(Instant now, PrinterEffects& out);
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] bool is_empty() const { return jobs_.empty(); }
    [[nodiscard]] bool is_on_paper() const { return on_paper_; }
    // The next paper's bytes; it is under way from now on. Precondition: there is a job, and none is on paper.
    [[nodiscard]] const Bytes& begin_paper();
    void paper_printed(Instant now, PrinterEffects& out);  // precondition: one is on paper
    // The job on paper ends as unknown; gives the octets that its paper had, 0 when none was under way.
    std::size_t lose_paper(PrinterEffects& out);

private:
    struct Job {
        PrintRequested request;
        Instant since;  // it waits
        std::uint32_t printed = 0;
    };

    [[nodiscard]] bool is_under_way(const Job& job) const { return on_paper_ && &job == &jobs_.front(); }

    Duration waiting_;
    std::size_t longest_;
    std::deque<Job> jobs_;  // the first may be on paper
    bool on_paper_ = false;
};

}  // namespace gatehouse::drivers
