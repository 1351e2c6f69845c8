// When to open a port again.
//
//   [closed] ──due──▶ [opening] ──PortOpened──▶ [open]
//      ▲                  │ PortClosed              │ PortClosed, HangUpRequested
//      └──── pause ◀──────┴─────────────────────────┘
//
// Guarantees
// - The first opening is at once, the next after a pause that doubles up to its limit.
// - A link that held for a while starts again with the shortest pause.
// - When something is plugged in, it is tried at once, and the pauses begin again with the shortest.
// - At most one opening is under way.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct ReopenStarted {};
struct PortOpened {};
struct PortClosed {};       // also: could not be opened
struct HangUpRequested {};  // the machine behind the port wants it closed
struct DeviceAppeared {};   // something was plugged in somewhere: perhaps this one
struct ReopenTicked {};
using ReopenEvent = std::variant<ReopenStarted, PortOpened, PortClosed, HangUpRequested, DeviceAppeared, ReopenTicked>;

enum class ReopenEffect : std::uint8_t { open_port, close_port };

struct ReopenOptions {
    Duration shortest = std::chrono::milliseconds(50);
    Duration longest = std::chrono::seconds(2);
    Duration held = std::chrono::seconds(5);  // a link that was up for as long was good
};

class ReopenSession {
public:
    explicit ReopenSession(ReopenOptions options = {}) : options_(options), pause_(options.shortest) {}

    [[nodiscard]] std::vector<ReopenEffect> step(const ReopenEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    enum class Phase : std::uint8_t { closed, opening, open };
    void close(Instant now);

    ReopenOptions options_;
    Phase phase_ = Phase::closed;
    std::optional<Instant> due_;
    Instant opened_{};
    Duration pause_;
};

}  // namespace gatehouse::drivers
