// The `zpl` printer: one label at a time; it is printed once the printer, asked by ~HS, has twice in a row nothing
// left.
//
//   [down] ──LinkUp──▶ [asking] ──fine and idle, job waits──▶ [printing] ──idle twice──▶ next paper, or printed
//      ▲                  ▲  │ paper out, head up, paused:       │  paper out: waits; goes on after the refill
//      └──LinkDown────────┼──┘ asks again, jobs wait             │  silent, or LinkDown: unknown
//                         └──────────────────────────────────────┘
//
// While what was written waits in the port, nothing is asked: it would wait behind. What a USB printer's status lines
// say counts when the printer itself says nothing.
//
// Guarantees
// - Every PrintRequested is answered by exactly one ReportPrinted, ReportNotPrinted or ReportPrintUnknown.
// - A paper is sent at most once.
// - A label is printed only when the printer was idle in two answers in a row after it was sent, one more for each
//   answer that was missed: those may come late and speak of the time before.
// - A job that waits for labels goes on after the refill, however long that takes, without a second copy.
// - A silent printer whose status lines say that it lacks labels is waited for.
// - A job whose printer is lost before its first byte waits; lost later, it is unknown.
// - While the printer answers and lacks nothing, no label is under way for longer than the line takes for it and
//   `label`: then it is printed, or unknown.
// - What an earlier connection left in the printer is cancelled before anything is sent.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/printer/print_queue.hpp"
#include "drivers/printer/printer_events.hpp"
#include "drivers/printer/printer_line.hpp"
#include "drivers/printer/zpl_codec.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct ZplOptions {
    Duration poll = std::chrono::seconds(1);                  // from one answer to the next request
    Duration poll_printing = std::chrono::milliseconds(200);  // while a label is under way
    Duration answer = std::chrono::seconds(1);                // to ~HS
    unsigned lost_answers = 3;                                // in a row: silent. Shorter than a printer's start
    Duration label = std::chrono::seconds(60);                // while the printer says it is fine
    Duration stuck = std::chrono::seconds(5);                 // taking nothing of what was written, no reason known
    Duration waiting = std::chrono::minutes(10);              // of a job for a printer that does not say what it lacks
    std::size_t longest_queue = 64;
    std::size_t octets_per_second = 0;  // of the line; 0: no need to wait for it
};

class ZplSession {
public:
    explicit ZplSession(ZplOptions options = {})
        : options_(options), queue_(options.waiting, options.longest_queue), line_(options.stuck) {}

    [[nodiscard]] PrinterEffects step(const PrinterEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    enum class Phase : std::uint8_t { down, asking, printing };

    void link_up(Instant now, PrinterEffects& out);
    void link_down(Instant now, PrinterEffects& out);
    void answered(const ZplStatus& status, Instant now, PrinterEffects& out);
    void lines_changed(const PrinterStatusRead& status, Instant now, PrinterEffects& out);
    void write_progressed(const WriteProgressed& progress, Instant now, PrinterEffects& out);
    void elapse(Instant now, PrinterEffects& out);
    void answer_lost(Instant now, PrinterEffects& out);
    void give_up(Instant now, PrinterEffects& out);
    void ask(Instant now, PrinterEffects& out);
    void send_paper(Instant now, PrinterEffects& out);
    void expect_label(Instant now);
    void write(Bytes bytes, Instant now, PrinterEffects& out);
    void say(PrinterState state, Instant now, PrinterEffects& out);
    [[nodiscard]] bool waits_for_label() const;
    [[nodiscard]] Instant answer_due() const { return std::max(asked_at_, transmitted_) + options_.answer; }
    [[nodiscard]] Instant label_due() const { return fine_since_ + options_.label; }

    ZplOptions options_;
    PrintQueue queue_;
    PrinterLine line_;
    Phase phase_ = Phase::down;
    ZplStatusReader reader_;
    bool asking_ = false;  // an answer is due
    Instant asked_at_{};
    Instant next_ask_{};
    unsigned lost_ = 0;
    bool resting_ = false;   // silent, and its lines say why
    unsigned missed_ = 0;    // answers of this connection that may still come, late
    unsigned idle_ = 0;      // answers in a row
    Instant transmitted_{};  // the line has taken everything written so far
    Instant fine_since_{};   // it has what it was sent, and lacks nothing, as far as is known
    bool hung_up_ = false;
    std::optional<PrinterState> state_;  // as reported
};

}  // namespace gatehouse::drivers
