// The `fgl` printer: one ticket at a time; it is printed when the printer acknowledges it.
//
//   [down] ──LinkUp──▶ [asking] ──ready, job waits──▶ [printing] ──acknowledged──▶ next paper, or printed
//      ▲                  ▲  │ silent: paper out or jam, as it    │  paper out: waits; goes on after the refill
//      └──LinkDown────────┼──┘ said before, or nobody there       │  power-on, silent, or LinkDown: unknown
//                         └───────────────────────────────────────┘
//
// Guarantees
// - Every PrintRequested is answered by exactly one ReportPrinted, ReportNotPrinted or ReportPrintUnknown.
// - A paper is sent at most once.
// - A ticket is printed only when the printer has acknowledged it.
// - A job that waits for tickets goes on after the refill, up to a day later, without a second copy.
// - A printer that has said what it lacks, and then not a word for a day, is no longer there.
// - A job whose printer is lost before its first byte waits; lost later, it is unknown.
// - A printer that says it was switched on has lost its ticket: the job is unknown.
// - Nothing is sent until the printer was ready twice with no acknowledgement between: none of an earlier ticket's is
//   taken for the next one's.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/printer/fgl_codec.hpp"
#include "drivers/printer/print_queue.hpp"
#include "drivers/printer/printer_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct FglOptions {
    Duration poll = std::chrono::seconds(2);           // from one answer to the next request
    Duration answer = std::chrono::seconds(1);         // to <S1>
    unsigned lost_answers = 4;                         // in a row, without a reason known: silent
    Duration settle = std::chrono::milliseconds(300);  // between the two times that it must be ready
    Duration ticket = std::chrono::seconds(60);        // to its acknowledgement, while nothing is wrong
    Duration waiting = std::chrono::minutes(10);  // of a job for a silent printer; until one that waits is asked again
    Duration silence = std::chrono::hours(24);    // after a reason: who closes without paper refills the next morning
    std::size_t longest_queue = 64;
    std::size_t octets_per_second = 0;  // of the line; 0: no need to wait for it
};

class FglSession {
public:
    explicit FglSession(FglOptions options = {}) : options_(options), queue_(options.waiting, options.longest_queue) {}

    [[nodiscard]] PrinterEffects step(const PrinterEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    enum class Phase : std::uint8_t { down, asking, printing };

    void link_up(Instant now, PrinterEffects& out);
    void link_down(Instant now, PrinterEffects& out);
    void heard(FglStatus status, Instant now, PrinterEffects& out);
    void ready(Instant now, PrinterEffects& out);
    void stopped(PrinterState reason, Instant now, PrinterEffects& out);
    void acknowledged(Instant now, PrinterEffects& out);
    void switched_on(Instant now, PrinterEffects& out);
    void elapse(Instant now, PrinterEffects& out);
    void give_up(Instant now, PrinterEffects& out);
    void ask(Instant now, PrinterEffects& out);
    void ask_again(Instant at);
    void write(Bytes bytes, Instant now, PrinterEffects& out);
    void say(PrinterState state, Instant now, PrinterEffects& out);
    [[nodiscard]] Instant answer_due() const { return std::max(asked_at_, transmitted_) + options_.answer; }
    [[nodiscard]] Instant ticket_due() const;
    [[nodiscard]] Instant silence_due() const { return heard_at_ + options_.silence; }

    FglOptions options_;
    PrintQueue queue_;
    Phase phase_ = Phase::down;
    bool asking_ = false;  // an answer is due
    Instant asked_at_{};
    Instant next_ask_{};
    unsigned lost_ = 0;
    unsigned ready_ = 0;                  // times in a row
    std::optional<PrinterState> reason_;  // why it is not ready, when it has said so
    Instant heard_at_{};                  // its last word
    bool paper_low_ = false;
    bool torn_ = false;      // a ticket may have been cut off in the middle
    Instant transmitted_{};  // the line has taken everything written so far
    Instant since_{};        // while printing: fine, or stopped
    bool hung_up_ = false;
    std::optional<PrinterState> state_;  // as reported
};

}  // namespace gatehouse::drivers
