// The `pcsc` scanner: a contactless card's number, through a PC/SC reader.
//
//            arrived                    90 00: scan
//   [empty] ────────▶ [asked: FF CA] ─────────────────▶ [empty]
//                        │ any other answer, or none: dropped: unreadable
//                        └ left before it answered: dropped: incomplete
//
// The text is the number in upper-case hexadecimal, first octet first. Such a number can be copied: it is an
// identification, not a proof.
//
// Guarantees
// - One card that is shown is one scan, or one drop with the reason.
// - The random number that a phone shows (four octets that begin with 08) is never reported.
#pragma once

#include <optional>

#include "drivers/link/feed_codec.hpp"
#include "drivers/scanner/scan_text.hpp"

namespace gatehouse::drivers {

struct PcscOptions {
    Duration answer = std::chrono::seconds(2);
    Duration dedupe = std::chrono::seconds(2);
};

class PcscSession {
public:
    explicit PcscSession(PcscOptions options = {}) : options_(options), repeats_(options.dedupe) {}

    [[nodiscard]] ScannerEffects step(const ScannerEvent& event, Instant now);  // BytesRead: card messages
    [[nodiscard]] std::optional<Instant> deadline() const { return answer_due_; }

private:
    void take(const CardMessage& message, Instant now, ScannerEffects& out);
    void abandon(DropReason reason, ScannerEffects& out);

    PcscOptions options_;
    RepeatWindow repeats_;
    CardFeed feed_;
    std::optional<Instant> answer_due_;  // set while a card was asked
};

}  // namespace gatehouse::drivers
