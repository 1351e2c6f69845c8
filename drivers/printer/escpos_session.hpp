// The `escpos` printer: jobs go out one paper at a time, each ended by a marker that the printer answers when it
// has worked off everything before it (GS r 1). "Bytes accepted" is never taken for printed.
//
//   [down] ──LinkUp──▶ [asking] ──status fine, job waits──▶ [printing] ──marker──▶ next paper, or printed
//      ▲                  ▲  │ paper out, cover open, fault:      │  paper out: waits; goes on after the refill
//      └──LinkDown────────┼──┘ asks again, jobs wait              │  silent, or LinkDown: unknown
//                         └───────────────────────────────────────┘
//
// Guarantees
// - A paper is sent at most once.
// - A job is printed only when the printer has answered the marker of its last paper.
// - A job that waits for paper goes on after the refill, without a second copy.
// - A job whose printer is lost before its first byte waits; lost later, it is unknown.
// - After a torn paper the printer's command parser is filled up, so that the next paper is not eaten by it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "drivers/printer/escpos_codec.hpp"
#include "drivers/printer/printer_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct EscposOptions {
    Duration poll = std::chrono::seconds(1);           // status, while nothing is printed
    Duration answer = std::chrono::milliseconds(500);  // to one status request
    unsigned lost_answers = 4;                         // in a row: the printer is silent
    Duration marker = std::chrono::seconds(30);        // for a paper while the printer says it is fine
    Duration waiting = std::chrono::minutes(10);       // of a job that has not begun
    std::size_t longest_queue = 64;
};

class EscposSession {
public:
    explicit EscposSession(EscposOptions options = {}) : options_(options) {}

    [[nodiscard]] PrinterEffects step(const PrinterEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct Job {
        PrintRequested request;
        Instant since;
        std::uint32_t printed = 0;
    };
    enum class Phase : std::uint8_t { down, asking, printing };

    Phase phase_ = Phase::down;
    EscposOptions options_;
    std::deque<Job> jobs_;
};

}  // namespace gatehouse::drivers
