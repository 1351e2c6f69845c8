// The `id-card` scanner: a Chinese identity card's number, as a keyed digest.
//
//             9F            90            90
//   [finding] ──▶ [selecting] ──▶ [reading] ──▶ scan ─┐
//       ▲            │ other         │ other: dropped: unreadable
//       └── pause ◀──┴───────────────┴────────────────┘
//
// Guarantees
// - The number leaves as the first 16 octets of its HMAC under the venue's key and in no other way; no memory is given
//   back with the number in it.
// - A card that lies on the reader is one scan, however long it lies.
// - A card whose number's check character is wrong is never reported.
// - A reader that is silent is said not to answer, and asked again and again.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/scanner/id_card_codec.hpp"
#include "drivers/scanner/scan_text.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse::drivers {

struct IdCardOptions {
    MacKey key{};  // the same on all gates of a venue, or a digest means nothing elsewhere
    Duration poll = std::chrono::milliseconds(300);
    Duration answer = std::chrono::milliseconds(700);
    Duration reading = std::chrono::seconds(3);  // the answer that brings the card
    Duration rest = std::chrono::seconds(1);     // after a card was read
    Duration dedupe = std::chrono::seconds(3);
    unsigned silent = 5;  // questions without an answer after which it counts as gone
};

// "ID:" and 32 hexadecimal digits. What an order for a named guest has as its code.
[[nodiscard]] std::string id_card_digest(const MacKey& key, std::string_view number);

class IdCardSession {
public:
    explicit IdCardSession(IdCardOptions options = {}) : options_(options), repeats_(options.dedupe) {}

    // Before the link is up.
    void use_key(const MacKey& key) { options_.key = key; }
    [[nodiscard]] ScannerEffects step(const ScannerEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const { return due_; }

private:
    enum class Phase : std::uint8_t { closed, resting, finding, selecting, reading };

    void ask(Phase phase, Instant now, ScannerEffects& out);
    void take(IdCardAnswer& answer, Instant now, ScannerEffects& out);
    void took(IdCardAnswer& answer, Instant now, ScannerEffects& out);
    void rest(Duration pause, Instant now);
    void on_time(Instant now, ScannerEffects& out);

    IdCardOptions options_;
    RepeatWindow repeats_;
    IdCardReader reader_;
    Phase phase_ = Phase::closed;
    std::optional<Instant> due_;
    unsigned unanswered_ = 0;
    bool answers_ = true;  // as last said
};

}  // namespace gatehouse::drivers
