// The `modbus` turnstile alone on its line: a bus of one. ModbusLine and ModbusGate say how it behaves.
//
// Guarantees
// - A request finds an idle line: its bytes leave in the same step.
// - Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed.
#pragma once

#include <optional>

#include "drivers/turnstile/modbus_bus_session.hpp"

namespace gatehouse::drivers {

struct ModbusTurnstileOptions {
    ModbusLineOptions line;
    ModbusGateOptions gate;
};

class ModbusTurnstileSession {
public:
    explicit ModbusTurnstileSession(const ModbusTurnstileOptions& options = {});

    [[nodiscard]] TurnstileEffects step(const TurnstileEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const { return bus_.deadline(); }

private:
    ModbusBusSession bus_;
    BusPosition position_;
};

}  // namespace gatehouse::drivers
