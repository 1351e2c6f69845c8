// The `gpio` turnstile: relays and sensors on the lines of a GPIO chip, see feed_codec.hpp for what the port says.
//
//   [down] ──LinkUp, level of every input──▶ [online] ──OpenRequested──▶ line on ──pulse over, or passage──▶ line off
//      ▲                                        │
//      └─────────────── LinkDown ───────────────┘   the kernel lets all lines go when the port closes
//
// Guarantees
// - No line is driven without a request.
// - A pulse ends by time or by the passage, whichever is first.
// - A passage is a rising edge after the first level, and counts once.
// - A sensor that stays active is a fault.
// - An inverted input is active when its level is not.
// - What is held stays on over pulses and passages, and is on again after the link was lost.
// - Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed: `gpio`.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "drivers/link/feed_codec.hpp"
#include "drivers/turnstile/gate_holds.hpp"
#include "drivers/turnstile/gate_sensor.hpp"
#include "drivers/turnstile/turnstile_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

using GpioLine = std::optional<std::uint16_t>;  // offset on its chip; nothing: not wired

struct GpioTurnstileOptions {
    EachWay<GpioLine> open;
    EachWay<GpioLine> passed;
    GpioLine alarm;
    GpioLine fire;
    std::set<std::uint16_t> inverted;  // inputs whose level says the opposite: closed at rest
    Duration pulse = std::chrono::milliseconds(500);
    Duration gap = std::chrono::milliseconds(20);
    std::size_t longest_queue = 4;
    SensorOptions sensor;
};

class GpioTurnstileSession {
public:
    explicit GpioTurnstileSession(GpioTurnstileOptions options = {});

    [[nodiscard]] TurnstileEffects step(const TurnstileEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct Relay {
        bool on = false;  // as written
        std::optional<Instant> pulse_until;
        Instant ready{};
    };

    void on(const LinkUp& event, Instant now, TurnstileEffects& out);
    void on(const LinkDown& event, Instant now, TurnstileEffects& out);
    void on(const BytesRead& event, Instant now, TurnstileEffects& out);
    void on(const Ticked& event, Instant now, TurnstileEffects& out);
    void on(const OpenRequested& event, Instant now, TurnstileEffects& out);
    void on(const HoldOpenRequested& event, Instant now, TurnstileEffects& out);
    void on(const ReleaseRequested& event, Instant now, TurnstileEffects& out);

    void tell_input(GateInput input, bool active, TurnstileEffects& out);
    void sense(Direction direction, bool active, Instant now, TurnstileEffects& out);
    void advance(Instant now, TurnstileEffects& out);
    void open_waiting(Instant now, TurnstileEffects& out);
    void drive(Direction direction, Instant now, TurnstileEffects& out);
    void report_health(TurnstileEffects& out);
    [[nodiscard]] bool knows_inputs() const;
    [[nodiscard]] Relay& relay(Direction direction) { return relays_[way_index(direction)]; }
    [[nodiscard]] const Relay& relay(Direction direction) const { return relays_[way_index(direction)]; }

    GpioTurnstileOptions options_;
    bool up_ = false;
    bool was_tried_ = false;
    LevelFeed feed_;
    std::map<std::uint16_t, bool> levels_;
    EachWay<GateSensor> sensors_;
    EachWay<Relay> relays_{};
    GateHolds holds_;
    EachWay<bool> told_held_{};
    std::array<bool, 2> told_inputs_{};  // by GateInput
    Instant next_look_{};
    std::deque<OpenRequested> queue_;
    std::optional<std::variant<ReportOnline, ReportFault>> health_;
};

}  // namespace gatehouse::drivers
