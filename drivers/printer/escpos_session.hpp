// The `escpos` printer: jobs go out one paper at a time, each ended by a marker that the printer answers when it
// has worked off everything before it (GS r 1). "Bytes accepted" is never taken for printed.
//
//   [down] ──LinkUp──▶ [asking] ──status fine, job waits──▶ [printing] ──marker, and fine──▶ next paper, or printed
//      ▲                  ▲  │ paper out, cover open, fault:      │  paper out: waits; goes on after the refill
//      └──LinkDown────────┼──┘ asks again, jobs wait              │  silent, or LinkDown: unknown
//                         └───────────────────────────────────────┘
//
// While what was written waits in the port, nothing is asked: it would wait behind. What a USB printer's status lines
// say counts when the printer itself says nothing.
//
// Guarantees
// - Every PrintRequested is answered by exactly one ReportPrinted, ReportNotPrinted or ReportPrintUnknown.
// - A paper is sent at most once.
// - A job is printed only when the printer has answered the marker of its last paper, and then a round of status
//   requests: what a printer that is switched off does to its line is no marker.
// - One lost answer in the round after a marker does not leave a printed job unknown: the marker is asked for again.
// - A job that waits for paper goes on after the refill, however long that takes, without a second copy.
// - A paper that fills the printer when its own ends in the middle goes on after the refill.
// - A printer that takes nothing and lacks nothing is hung up on.
// - A silent printer whose status lines say that it lacks paper is waited for.
// - A watched drawer is told open or closed at the first look and when it changes.
// - A job whose printer is lost before its first byte waits; lost later, it is unknown.
// - While the printer answers and lacks nothing, no paper is under way for longer than the line takes for it, `marker`
//   and one round: then it is printed, or unknown. The next job begins within two rounds, or after a new connection.
// - After a torn paper the printer's command parser is filled up, so that the next paper is not eaten by it: with each
//   connection anew until the filling has been worked off.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/printer/escpos_codec.hpp"
#include "drivers/printer/print_queue.hpp"
#include "drivers/printer/printer_events.hpp"
#include "drivers/printer/printer_line.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct EscposOptions {
    Duration poll = std::chrono::seconds(1);           // from one round of status requests to the next
    Duration answer = std::chrono::milliseconds(500);  // to one status request
    unsigned lost_answers = 4;                   // in a row: the printer is silent; while printing three times that
    Duration marker = std::chrono::seconds(30);  // for a paper while the printer says it is fine
    Duration settle = std::chrono::milliseconds(500);  // after LinkUp's marker, for one that a torn paper left behind
    Duration stuck = std::chrono::seconds(5);          // taking nothing of what was written, without a reason known
    Duration waiting = std::chrono::minutes(10);       // of a job for a printer that does not say what it lacks
    std::size_t longest_queue = 64;
    std::size_t octets_per_second = 0;  // of the line; 0: no need to wait for it
    std::optional<bool> open_drawer;    // the level of an open drawer's switch: high, or low; nothing: none is watched
};

class EscposSession {
public:
    explicit EscposSession(EscposOptions options = {})
        : options_(options), queue_(options.waiting, options.longest_queue), line_(options.stuck) {}

    [[nodiscard]] PrinterEffects step(const PrinterEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    enum class Phase : std::uint8_t { down, asking, printing };
    enum class Marker : std::uint8_t { none, heard, checked };  // checked: by the round under way

    void link_up(Instant now, PrinterEffects& out);
    void link_down(Instant now, PrinterEffects& out);
    void add_job(const PrintRequested& request, Instant now, PrinterEffects& out);
    void take(const PrinterAnswer& answer, Instant now, PrinterEffects& out);
    void status_answered(std::uint8_t byte, Instant now, PrinterEffects& out);
    void marker_reached(Instant now, PrinterEffects& out);
    void lines_changed(const PrinterStatusRead& status, Instant now, PrinterEffects& out);
    void write_progressed(const WriteProgressed& progress, Instant now, PrinterEffects& out);
    void elapse(Instant now, PrinterEffects& out);
    void status_lost(Instant now, PrinterEffects& out);
    void give_up(Instant now, PrinterEffects& out);
    void begin_round(Instant now, PrinterEffects& out);
    void ask(StatusQuery query, Instant now, PrinterEffects& out);
    void end_round(Instant now, PrinterEffects& out);
    void send_paper(Instant now, PrinterEffects& out);
    void expect_marker(Instant now);
    void write(Bytes bytes, Instant now, PrinterEffects& out);
    void say(PrinterState state, Instant now, PrinterEffects& out);
    void look_at_drawer(PrinterEffects& out);
    [[nodiscard]] bool is_fine() const;
    [[nodiscard]] bool waits_for_marker() const;

    EscposOptions options_;
    Phase phase_ = Phase::down;
    PrintQueue queue_;
    PrinterLine line_;
    StatusReader reader_;
    PrinterFacts facts_;                // of the round under way, else of the last
    Marker marker_ = Marker::none;      // while printing
    std::optional<StatusQuery> asked_;  // the round is at this request
    Instant asked_at_{};
    Instant next_round_{};
    unsigned lost_ = 0;
    bool resting_ = false;   // silent, and its lines say why
    Instant transmitted_{};  // the line has taken everything written so far
    Instant fine_since_{};   // it has what it was sent, and lacks nothing, as far as is known
    bool settled_ = false;   // LinkUp's marker has come
    Instant settled_at_{};
    std::size_t torn_ = 0;  // octets of a paper that may have been cut off in the middle
    bool hung_up_ = false;
    std::optional<PrinterState> state_;  // as reported
    std::optional<bool> drawer_open_;    // as reported
};

}  // namespace gatehouse::drivers
