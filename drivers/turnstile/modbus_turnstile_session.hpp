// The `modbus` turnstile: a relay and input board on a line of its own. Joins one ModbusLine and one ModbusGate, which
// say how it behaves.
//
//   requests ──▶ ModbusGate ──ModbusRequest──▶ ModbusLine ──▶ bytes
//   reports  ◀──            ◀──answers────────            ◀── bytes
//
// Guarantees
// - A request finds an idle line: its bytes leave in the same step.
// - Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed.
#pragma once

#include <optional>

#include "drivers/turnstile/modbus_gate.hpp"
#include "drivers/turnstile/modbus_line.hpp"
#include "drivers/turnstile/turnstile_events.hpp"

namespace gatehouse::drivers {

struct ModbusTurnstileOptions {
    ModbusLineOptions line;
    ModbusGateOptions gate;
};

class ModbusTurnstileSession {
public:
    explicit ModbusTurnstileSession(const ModbusTurnstileOptions& options = {})
        : line_(options.line), gate_(options.gate) {}

    [[nodiscard]] TurnstileEffects step(const TurnstileEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    void to_line(const ModbusLineEvent& event, Instant now, TurnstileEffects& out);
    void to_gate(const ModbusGateEvent& event, Instant now, TurnstileEffects& out);

    ModbusLine line_;
    ModbusGate gate_;
};

}  // namespace gatehouse::drivers
