// A turnstile whose arms are outputs of an OSDP device and whose sensors are its inputs.
//
//   [lost] ──UnitOnline──▶ [starting] ──inputs read, then outputs off, or on when held──▶ [online] ◀─┐ pulses, holds
//      ▲                                                                                    │        │
//      └──────────────────────────── UnitLost ──────────────────────────────────────────────┴────────┘
//
// Guarantees
// - No pulse without a request.
// - A pulse is the device's own: it ends although nobody is left to end it.
// - A passage is a rising edge between two reports, and counts once.
// - A sensor that does not release is a fault, not a stream of people.
// - The start-up "all off" is skipped while held open or while the fire input is active.
// - A passage ends its pulse, so that nobody follows through an arm that is still released: also one that the device
//   took from a repeat after the opening was called unknown.
// - A device that lost its power is told again what holds it open.
// - An inverted input is active when it reads off.
// - A hold that begins after an unanswered switching-off is written at once.
#pragma once

#include <bitset>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "drivers/osdp/osdp_unit.hpp"
#include "drivers/turnstile/gate_holds.hpp"
#include "drivers/turnstile/gate_sensor.hpp"
#include "drivers/turnstile/turnstile_events.hpp"

namespace gatehouse::drivers {

struct OsdpGateOptions {
    EachWay<std::optional<std::uint8_t>> outputs{0, std::nullopt};
    EachWay<std::optional<std::uint8_t>> passed{0, 1};
    std::optional<std::uint8_t> alarm;
    std::optional<std::uint8_t> fire;
    std::bitset<256> inverted;                        // inputs that are active when they read off: closed at rest
    Duration pulse = std::chrono::milliseconds(500);  // whole tenths of a second
    Duration gap = std::chrono::milliseconds(20);     // output off before its next pulse
    Duration patience = std::chrono::seconds(1);      // of an open request until it is sent
    Duration look = std::chrono::seconds(2);          // inputs are asked for again: a report may have been lost
    Duration reassert = std::chrono::seconds(2);      // a held output is written again
    Duration retry = std::chrono::seconds(1);         // after the device has refused
    Duration silent = std::chrono::milliseconds(50);  // after it did not answer
    Duration repeated = OsdpUnitOptions{}.patience;   // an unanswered command reaches the device no later
    std::size_t longest_queue = 4;
    SensorOptions sensor;
};

constexpr std::uint32_t first_gate_tag = 2;  // those before are the bus's own

using OsdpGateEvent = std::variant<UnitOnline, UnitLost, UnitTold, CommandAnswered, CommandUnanswered, Ticked,
                                   OpenRequested, HoldOpenRequested, ReleaseRequested>;
using OsdpGateEffect = std::variant<CommandAsked, ReportOpened, ReportOpenFailed, ReportPassed, ReportInput, ReportHeld,
                                    ReportOnline, ReportFault>;
using OsdpGateEffects = std::vector<OsdpGateEffect>;

class OsdpGate {
public:
    explicit OsdpGate(OsdpGateOptions options);

    [[nodiscard]] OsdpGateEffects step(const OsdpGateEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    enum class Work : std::uint8_t { look, hold, off, pulse };
    struct Output {
        std::optional<bool> held;  // as the device has taken it; nothing: not known
        Instant pulse_until{};
        Instant ready{};  // no pulse before
        Instant retry{};
        Instant reassert{};
        bool end_pulse = false;
    };
    struct Opening {
        OpenRequested request;
        Instant asked;
    };
    struct UnderWay {
        std::uint32_t tag = 0;
        Work work{};
        Direction direction{};
        std::optional<OpenId> open;
    };

    void on(const UnitOnline& event, Instant now, OsdpGateEffects& out);
    void on(const UnitLost& event, Instant now, OsdpGateEffects& out);
    void on(const UnitTold& event, Instant now, OsdpGateEffects& out);
    void on(const CommandAnswered& event, Instant now, OsdpGateEffects& out);
    void on(const CommandUnanswered& event, Instant now, OsdpGateEffects& out);
    void on(const Ticked& event, Instant now, OsdpGateEffects& out);
    void on(const OpenRequested& event, Instant now, OsdpGateEffects& out);
    void on(const HoldOpenRequested& event, Instant now, OsdpGateEffects& out);
    void on(const ReleaseRequested& event, Instant now, OsdpGateEffects& out);

    void forget_device();
    void fail_waiting(OsdpGateEffects& out);
    void inputs_seen(const OsdpInputs& inputs, Instant now, OsdpGateEffects& out);
    void status_seen(const OsdpLocalStatus& status, OsdpGateEffects& out);
    void tell_alarm(OsdpGateEffects& out);
    void done(const UnderWay& work, Instant now, OsdpGateEffects& out);
    void pulse_began(Output& line, Instant at) const;
    void refused(const UnderWay& work, Instant now, OsdpGateEffects& out);
    void set_level(Direction direction, bool held, Instant now, OsdpGateEffects& out);

    void advance(Instant now, OsdpGateEffects& out);
    [[nodiscard]] bool ask_level(Direction direction, Instant now, OsdpGateEffects& out);
    void ask_pulse(Instant now, OsdpGateEffects& out);
    void ask(Work work, Direction direction, std::optional<OpenId> open, OsdpCommand command, OsdpGateEffects& out);
    void report_health(OsdpGateEffects& out);
    [[nodiscard]] bool is_settled() const;
    [[nodiscard]] Output& output(Direction direction) { return outputs_[way_index(direction)]; }
    [[nodiscard]] const Output& output(Direction direction) const { return outputs_[way_index(direction)]; }

    OsdpGateOptions options_;
    bool has_inputs_ = false;
    std::optional<UnitLoss> lost_ = UnitLoss::link_down;
    bool heard_of_ = false;
    bool inputs_known_ = false;
    bool refused_ = false;
    GateHolds holds_;
    EachWay<Output> outputs_{};
    EachWay<bool> told_held_{};
    EachWay<GateSensor> sensors_;
    bool alarm_input_ = false;
    bool tamper_ = false;
    bool told_alarm_ = false;
    bool told_fire_ = false;
    Instant next_look_{};
    std::uint32_t next_tag_ = first_gate_tag;
    std::optional<UnderWay> under_way_;
    std::deque<Opening> queue_;
    std::optional<std::variant<ReportOnline, ReportFault>> health_;
};

}  // namespace gatehouse::drivers
