// The `bytes` turnstile: fixed octets open it, fixed octets come back. For controllers with a protocol of a few
// strings.
//
//   [down] ──LinkUp: free when held, else close──▶ [up] ──OpenRequested──▶ open octets ──▶ opened
//      ▲                                            │  ▲                       │ `accepted` configured
//      └──────────────── LinkDown ──────────────────┘  └──accepted, refused, or nobody answers: unknown, no_answer
//
//   no_answer ──the guest's time──▶ `close` ──any word──▶ online ◀── no answer, and it never answered `close`
//                    ▲                 │ no answer, and it answered `close` before
//                    └─────────────────┘
//
// Guarantees
// - Nothing opens without a request.
// - The same stream cut anywhere gives the same passages.
// - An open request while held writes nothing, and is opened.
// - A link lost before the device has accepted leaves the opening unknown.
// - What is held is said again and again: a device that restarted behind a live link has forgotten it.
// - A direction without passage octets counts its opening as the passage.
// - A lost answer closes the lane for a while, not until somebody comes: any word ends it, and `close` asks for one.
// - A device that has answered `close` before and does no longer is not believed to be back.
// - Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed: `bytes`.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/turnstile/gate_holds.hpp"
#include "drivers/turnstile/turnstile_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

// Empty octets: the device has no such word.
struct BytesTurnstileOptions {
    EachWay<Bytes> open;
    EachWay<Bytes> passed;
    EachWay<Bytes> free;  // stays open; without it the opening is said
    Bytes close;          // ends `free`, and is said when the link comes up
    Bytes accepted;       // the device's answer to an opening
    Bytes refused;
    Duration answer = std::chrono::milliseconds(300);
    Duration guest = std::chrono::seconds(5);   // from a lost answer to the next question: who was let in walks through
    Duration repeat = std::chrono::seconds(1);  // what is held is said again
    std::size_t longest_queue = 4;
};

class BytesTurnstileSession {
public:
    explicit BytesTurnstileSession(BytesTurnstileOptions options = {});

    [[nodiscard]] TurnstileEffects step(const TurnstileEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    enum class Word : std::uint8_t { passed_entry, passed_exit, accepted, refused };
    enum class Asking : std::uint8_t { later, asked };

    void on(const LinkUp& event, Instant now, TurnstileEffects& out);
    void on(const LinkDown& event, Instant now, TurnstileEffects& out);
    void on(const BytesRead& event, Instant now, TurnstileEffects& out);
    void on(const Ticked& event, Instant now, TurnstileEffects& out);
    void on(const OpenRequested& event, Instant now, TurnstileEffects& out);
    void on(const HoldOpenRequested& event, Instant now, TurnstileEffects& out);
    void on(const ReleaseRequested& event, Instant now, TurnstileEffects& out);

    [[nodiscard]] std::optional<Word> heard_word() const;
    void take(Word word, TurnstileEffects& out);
    void opened(const OpenRequested& request, TurnstileEffects& out);
    void ask(Instant now, TurnstileEffects& out);
    bool close_if_free(TurnstileEffects& out);  // false: held, or without such a word
    void open_next(Instant now, TurnstileEffects& out);
    void hold(Instant now, TurnstileEffects& out);
    [[nodiscard]] const Bytes& hold_word(Direction direction) const;
    void say(const Bytes& bytes, TurnstileEffects& out);
    void report_health(std::optional<TurnstileFault> fault, TurnstileEffects& out);

    BytesTurnstileOptions options_;
    std::vector<std::pair<Word, Bytes>> words_;  // longest first
    bool up_ = false;
    Bytes heard_;
    GateHolds holds_;
    EachWay<bool> held_{};  // as told
    Instant next_repeat_{};
    std::optional<OpenRequested> opening_;  // said, and not accepted yet
    Instant answer_until_{};
    std::deque<OpenRequested> queue_;
    std::optional<Asking> asks_;  // while it is said not to answer
    Instant ask_due_{};           // to ask, or to have its answer
    bool close_said_ = false;     // and nothing since
    bool answers_close_ = false;  // known of this connection
    std::optional<std::optional<TurnstileFault>> health_;
};

// Digicon TX1500 and the like: `02 length(2, LE) command… XOR of all before`. Entry is right to left.
[[nodiscard]] BytesTurnstileOptions digicon_words();
// Mach Power AC-ATRI: `EB address command 00 XOR`. Says nothing about passages; its free word drops the pole.
[[nodiscard]] BytesTurnstileOptions mach_power_words(std::uint8_t address);

}  // namespace gatehouse::drivers
