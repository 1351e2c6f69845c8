// The `gm65` scanner: text lines like `line`, with its registers set at each start.
//
//   LinkUp ─▶ [setting] ──answered──▶ [working]
//               │  ▲ no answer in time: again
//               └──┴─ never answered ─▶ [working], and again after a while
//
// Codes are read in every phase, by the machine of `line_session.hpp`.
//
// Guarantees
// - An answer never becomes a part of a code, wherever it comes and however it is cut.
// - A module that answers late answers each question: none of its answers becomes a code.
// - A code that only looks like an answer at its beginning is reported.
// - Settings go to working memory, never to flash, and again after every power cut.
#pragma once

#include <optional>

#include "drivers/scanner/gm65_codec.hpp"
#include "drivers/scanner/line_session.hpp"

namespace gatehouse::drivers {

// Register 0: how reading starts. The other bits are the manufacturer's defaults: lights and sound on.
enum class Gm65Mode : std::uint8_t { as_it_is = 0, continuous = 0xD6, sensing = 0xD7 };

struct Gm65Options {
    LineOptions line;
    Gm65Mode mode = Gm65Mode::as_it_is;
    Duration answer = std::chrono::milliseconds(500);
    Duration latest = std::chrono::seconds(10);  // after the last question: what looks like an answer now is a code
    Duration ask_again = std::chrono::seconds(30);
    unsigned tries = 3;
};

class Gm65Session {
public:
    explicit Gm65Session(const Gm65Options& options = {}) : options_(options), line_(options.line) {}

    [[nodiscard]] ScannerEffects step(const ScannerEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    void set(Instant now, ScannerEffects& out);
    void heard(bool answers, ScannerEffects& out);
    void pass(Bytes text, Instant now, ScannerEffects& out);
    void on_time(Instant now, ScannerEffects& out);

    Gm65Options options_;
    LineSession line_;
    Gm65Filter filter_;
    std::optional<Instant> answer_due_;
    std::optional<Instant> ask_again_;
    std::optional<Instant> held_due_;
    unsigned tried_ = 0;
    unsigned owed_ = 0;  // answers
    Instant owed_until_{};
    bool answers_ = true;  // as last said
};

}  // namespace gatehouse::drivers
