// The jobs of one printer, in the order they came: what all printer sessions know about a paper.
//
//   waiting ──begin_paper()──▶ on paper ──paper_printed()──▶ waiting for its next paper, or reported printed
//      │ silent too long, cancelled  │ lose_paper()
//      ▼                             ▼
//   not printed; unknown after     unknown
//   its first paper
//
// Guarantees
// - Every job that add() took ends in exactly one report.
// - A paper is handed out once.
// - A job waits for a person for as long as it takes, and for a silent printer for so long, counted from its last word.
#pragma once

#include <deque>
#include <optional>

#include "drivers/printer/printer_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

class PrintQueue {
public:
    // `waiting` is how long a job waits for its next paper to begin while the printer does not say what it lacks.
    PrintQueue(Duration waiting, std::size_t longest) : waiting_(waiting), longest_(longest) {}

    // False: it was answered at once, empty or one too many.
    bool add(const PrintRequested& request, Instant now, PrinterEffects& out);
    void cancel(PrintJobId id, PrinterEffects& out);  // unless it has begun
    void printer_is(PrinterState state, Instant now);
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

    [[nodiscard]] Instant due(const Job& job) const;

    Duration waiting_;
    std::size_t longest_;
    bool needs_a_person_ = false;
    std::optional<Instant> helped_;  // it did until then
    std::deque<Job> jobs_;           // the first may be on paper
    bool on_paper_ = false;
};

}  // namespace gatehouse::drivers
