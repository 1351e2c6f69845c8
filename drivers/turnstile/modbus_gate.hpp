// One turnstile behind a unit of a Modbus line: what to write and read, and what the answers mean.
//
//   [down] ──LinkUp──▶ [starting] ──inputs read, then coils off, or on when held──▶ [online] ◀─┐ polls, pulses, holds
//      ▲                  ▲                                                            │       │
//      └──LinkDown────────┼── [silent: probed with growing pauses] ◀──answers lost─────┘       │
//                         └───────────────────────┘ an answer                                  │
//   an open:  queued ──▶ pulse in flight ──answer──▶ opened ───────────────────────────────────┘
//                              │ answer lost
//                              ▼
//                        coil read: on ─▶ opened; off while the pulse would still last ─▶ sent once more; else unknown
//
// Guarantees
// - No pulse without a request.
// - A pulse is never repeated blindly: after a lost answer the coil is read first.
// - A passage is a rising edge between two answers of one link, and counts once.
// - A sensor that does not release is a fault, not a stream of people.
// - An inverted input is active when it reads off.
// - The start-up "all off" is skipped while held open or while the fire input is active.
// - An open request while the barrier is held writes nothing: a board's pulse would end in off.
// - A hold that begins is not undone by what was written before and never answered.
// - A passage ends its pulse, so that nobody follows through an arm that is still released.
// - A link that goes takes with it what was asked for over it: the next one begins anew.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "drivers/turnstile/gate_sensor.hpp"
#include "drivers/turnstile/modbus_line.hpp"
#include "drivers/turnstile/turnstile_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

enum class ModbusPulse : std::uint8_t {
    waveshare,  // FC05 to 0x0200 + coil, n x 100 ms: the board ends the pulse
    lctech,     // FC10 to 3 + coil x 5, [0002, n x 100 ms]: the board ends the pulse
    timed,      // on, and the daemon writes off: for boards that cannot do better
};

// Indexed by Direction. Nothing: not wired.
template <class T>
using ByDirection = std::array<T, 2>;

struct ModbusGateOptions {
    std::uint8_t unit = 1;
    ByDirection<std::optional<std::uint8_t>> coils{0, 1};
    ByDirection<std::optional<std::uint8_t>> passed{0, 1};
    std::optional<std::uint8_t> alarm;
    std::optional<std::uint8_t> fire;
    std::bitset<256> inverted;  // inputs that are active when they read off: closed at rest
    ModbusPulse pulse = ModbusPulse::waveshare;
    Duration pulse_length = std::chrono::milliseconds(500);
    Duration gap = std::chrono::milliseconds(20);      // coil off before its next pulse
    Duration poll = std::chrono::milliseconds(50);     // from one look at the inputs to the next
    Duration patience = std::chrono::seconds(1);       // of an open request until it is sent
    Duration reassert = std::chrono::seconds(2);       // a held coil is written again: the board may have restarted
    Duration retry = std::chrono::milliseconds(20);    // after a failed write that may be repeated
    Duration longest_probe = std::chrono::seconds(1);  // between looks at a silent board
    Duration rest = std::chrono::milliseconds(300);    // of a silent board, until a late answer is over
    unsigned lost_answers = 3;                         // in a row: the board is silent
    std::size_t longest_queue = 4;
    ModbusTag first_tag = 1;  // of its requests, which rise from there
    SensorOptions sensor;
};

using ModbusGateEvent = std::variant<LinkUp, LinkDown, Ticked, OpenRequested, HoldOpenRequested, ReleaseRequested,
                                     ReportAnswered, ReportUnanswered>;
using ModbusGateEffect = std::variant<ModbusRequest, RequestsWithdrawn, ReportOpened, ReportOpenFailed, ReportPassed,
                                      ReportInput, ReportHeld, ReportOnline, ReportFault>;
using ModbusGateEffects = std::vector<ModbusGateEffect>;

class ModbusGate {
public:
    explicit ModbusGate(ModbusGateOptions options = {});

    // Others share the line: a silent board is looked for at most this often.
    void probe_no_oftener_than(Duration pause) { options_.longest_probe = std::max(options_.longest_probe, pause); }

    [[nodiscard]] ModbusGateEffects step(const ModbusGateEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;
    [[nodiscard]] Instant last_answer() const { return last_answer_; }  // of the board, to whatever

private:
    enum class Phase : std::uint8_t { down, starting, online, silent };
    enum class Urgent : std::uint8_t { write_on, write_off, pulse, look_at_coil };
    struct Coil {
        std::optional<bool> level;      // as last confirmed, pulses aside
        Instant pulse_until{};          // a pulse may last until then, also one that was not answered
        std::optional<Instant> off_at;  // when the daemon ends the pulse
        Instant ready{};                // no pulse before
        Instant retry{};                // no write before
        Instant reassert{};             // while held: to be confirmed again
    };
    struct Opening {
        OpenRequested request;
        Instant asked;
        Instant submitted{};
        bool second_try = false;
        bool answer_lost = false;
    };
    struct UrgentWork {
        ModbusTag tag = 0;
        Urgent kind{};
        Direction direction{};
    };

    void link_up(Instant now);
    void lose_link(ModbusGateEffects& out);
    void lose_board(ModbusGateEffects& out, Phase next);
    void fail_waiting(ModbusGateEffects& out);
    void request_open(const OpenRequested& request, Instant now, ModbusGateEffects& out);
    void hold_open(Hold hold, std::optional<Direction> direction, ModbusGateEffects& out);
    void release(Hold hold);
    [[nodiscard]] bool is_held(Direction direction) const;

    void urgent_answered(const ModbusAnswer& answer, Instant now, ModbusGateEffects& out);
    void urgent_unanswered(bool sent, Instant now, ModbusGateEffects& out);
    void level_confirmed(Direction direction, bool on, Instant now, ModbusGateEffects& out);
    void pulse_confirmed(Instant now, ModbusGateEffects& out);
    void coil_seen(bool on, Instant now, ModbusGateEffects& out);
    void open_failed(OpenFailure failure, Instant now, ModbusGateEffects& out);

    void poll_answered(const ModbusAnswer& answer, Instant now, ModbusGateEffects& out);
    void inputs_seen(const ModbusBits& bits, Instant now, ModbusGateEffects& out);
    void input_seen(GateInput input, bool active, bool& known, ModbusGateEffects& out);
    void answer_lost(Instant now, ModbusGateEffects& out);

    void advance(Instant now, ModbusGateEffects& out);
    void elapse(Instant now, ModbusGateEffects& out);
    void submit_urgent(Instant now, ModbusGateEffects& out);
    [[nodiscard]] bool submit_level(Direction direction, Instant now, ModbusGateEffects& out);
    [[nodiscard]] bool submit_opening(Instant now, ModbusGateEffects& out);
    void submit(Urgent kind, Direction direction, Bytes pdu, Instant expires, ModbusGateEffects& out);
    void submit_poll(Instant now, ModbusGateEffects& out);
    void report_health(ModbusGateEffects& out);

    [[nodiscard]] Bytes poll_request() const;
    [[nodiscard]] Bytes pulse_request(Direction direction) const;
    [[nodiscard]] std::uint8_t coil_address(Direction direction) const;
    [[nodiscard]] Coil& coil(Direction direction) { return coils_[static_cast<std::size_t>(direction)]; }
    [[nodiscard]] const Coil& coil(Direction direction) const { return coils_[static_cast<std::size_t>(direction)]; }

    ModbusGateOptions options_;
    std::uint16_t first_input_ = 0;
    std::uint16_t input_count_ = 0;  // zero: no input is wired, polls look at a coil

    Phase phase_ = Phase::down;
    std::array<ByDirection<bool>, 2> holds_{};  // by Hold
    ByDirection<Coil> coils_{};
    ByDirection<bool> held_{};  // as reported
    ByDirection<GateSensor> sensors_;
    bool alarm_ = false;
    bool fire_ = false;
    bool inputs_known_ = false;

    Instant last_answer_{};
    ModbusTag next_tag_ = 1;
    std::optional<ModbusTag> poll_tag_;
    std::optional<UrgentWork> urgent_;
    std::optional<Opening> opening_;
    std::deque<Opening> queue_;
    Instant next_poll_{};
    Duration probe_{};
    unsigned lost_ = 0;
    bool poll_refused_ = false;
    bool write_refused_ = false;
    std::optional<std::variant<ReportOnline, ReportFault>> health_;  // as reported
};

}  // namespace gatehouse::drivers
