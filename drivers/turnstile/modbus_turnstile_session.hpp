// The `modbus` turnstile: a relay and input board that pulses the unlock line and senses passages.
//
//   [down] ──LinkUp──▶ [starting: read inputs, then coils off, or on when held] ──▶ [online: poll inputs, open, hold]
//      ▲                                                                               │ no answer
//      └───────────────────────────LinkDown────────────────────── [silent: probe] ◀────┘
//
// Guarantees
// - No pulse without a request.
// - A request finds an idle line: its bytes leave in the same step.
// - A pulse is never repeated blindly: after a lost answer the coil is read first.
// - A passage is a rising edge between two answers of one link, and counts once.
// - A sensor that does not release is a fault, not a stream of people.
// - The start-up "all off" is skipped while held open or while the fire input is active.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "drivers/turnstile/turnstile_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

enum class ModbusFraming : std::uint8_t { rtu, tcp };
enum class ModbusPulse : std::uint8_t {
    waveshare,  // FC05 to 0x0200 + coil, n x 100 ms: the board ends the pulse
    lctech,     // FC10 to 3 + coil x 5, [0002, n x 100 ms]: the board ends the pulse
    timed,      // the daemon writes on, then off: for boards that cannot do better
};

struct ModbusTurnstileOptions {
    ModbusFraming framing = ModbusFraming::rtu;
    std::uint8_t unit = 1;
    std::array<std::uint8_t, 2> coils{0, 1};                  // open_entry, open_exit; 0..255
    std::array<std::optional<std::uint8_t>, 2> passed{0, 1};  // passed_entry, passed_exit inputs
    std::optional<std::uint8_t> alarm;
    std::optional<std::uint8_t> fire;
    ModbusPulse pulse = ModbusPulse::waveshare;
    Duration pulse_length = std::chrono::milliseconds(500);
    Duration gap = std::chrono::milliseconds(20);  // coil off before the next pulse of it
    Duration poll = std::chrono::milliseconds(50);
    Duration answer = std::chrono::milliseconds(300);    // to one request
    Duration debounce = std::chrono::milliseconds(100);  // a sensor released for less has not been released
    Duration stuck = std::chrono::seconds(30);           // a sensor active for longer is stuck
};

class ModbusTurnstileSession {
public:
    explicit ModbusTurnstileSession(ModbusTurnstileOptions options = {}) : options_(options) {}

    [[nodiscard]] TurnstileEffects step(const TurnstileEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    ModbusTurnstileOptions options_;
};

}  // namespace gatehouse::drivers
