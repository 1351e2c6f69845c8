// When to dial one other machine, and which of its addresses.
//
//   waiting ──Ticked──▶ dialling ──Connected──▶ up ──LinkEnded──▶ waiting
//      ▲                    └────DialFailed────────────────────────▲
//
// **Guarantees**
// - the first attempt is spread over `first_within`; later ones wait a random part of a doubling back-off, capped
// - several addresses are tried in turn
// - the back-off starts over only after a connection that lasted `stable_after`
// - "busy, retry after" is obeyed, plus a random part of it; from one who has not proved who it is, up to the cap
// There is no randomness here: each event that leads to waiting brings a fresh `jitter` from 0 to 1.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/base/time.hpp"

namespace gatehouse::sync {

struct DialOptions {
    std::vector<std::string> urls;  // not empty
    Duration first_within = std::chrono::seconds{2};
    Duration backoff_start = std::chrono::milliseconds{500};
    Duration backoff_cap = std::chrono::seconds{60};
    Duration stable_after = std::chrono::seconds{30};
};

struct DialStarted {
    double jitter = 0;
};
struct DialConnected {};  // the peer's hello was accepted
struct DialFailed {
    double jitter = 0;
    std::uint32_t retry_after_s = 0;  // from Busy, or 0: cut to `backoff_cap`, anyone may have said it
};
struct DialLinkEnded {
    double jitter = 0;
    std::uint32_t retry_after_s = 0;
    bool superseded = false;  // another connection to the same node won: look again after the cap
};
struct DialTicked {};
using DialEvent = std::variant<DialStarted, DialConnected, DialFailed, DialLinkEnded, DialTicked>;

// The only effect: dial `url` now. Answered by DialConnected or DialFailed.
struct Dial {
    std::string url;
    friend bool operator==(const Dial&, const Dial&) = default;
};

class DialSession {
public:
    explicit DialSession(DialOptions options);
    [[nodiscard]] std::optional<Dial> step(const DialEvent& event, Instant now);
    // For the next attempt on. Not empty.
    void set_urls(std::vector<std::string> urls);
    [[nodiscard]] std::optional<Instant> deadline() const;
    [[nodiscard]] bool is_up() const { return phase_ == Phase::up; }

private:
    enum class Phase : std::uint8_t { idle, waiting, dialling, up };
    void wait(Duration longest, double jitter, Instant now);
    void back_off(Duration busy, double jitter, Instant now);

    DialOptions options_;
    Phase phase_ = Phase::idle;
    Instant next_{};      // while waiting
    Instant up_since_{};  // while up
    unsigned failures_ = 0;
    std::size_t url_ = 0;
};

}  // namespace gatehouse::sync
