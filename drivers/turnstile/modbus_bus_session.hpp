// Several turnstiles on one pair of wires: one ModbusLine, and a ModbusGate for each board.
//
//   GateAsked{k} ──▶ gate k ──requests──▶          ──▶ bytes
//   GateReported{k} ◀── gate k ◀──answers── line   ◀── bytes
//
// Guarantees
// - A request for one turnstile goes before the polls of all others.
// - A board that is silent is asked less and less, so that it does not hold up the others.
// - What one board answers never reaches another's gate.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "drivers/turnstile/modbus_gate.hpp"
#include "drivers/turnstile/modbus_line.hpp"
#include "drivers/turnstile/turnstile_events.hpp"

namespace gatehouse::drivers {

// Which turnstile of the bus, in the order in which they were added.
using BusPosition = Strong<struct BusPositionTag, std::uint32_t>;

struct GateAsked {
    BusPosition position;
    GateRequest request;
    friend bool operator==(const GateAsked&, const GateAsked&) = default;
};

struct GateReported {
    BusPosition position;
    GateReport report;
    friend bool operator==(const GateReported&, const GateReported&) = default;
};

using ModbusBusEvent = std::variant<LinkUp, LinkDown, BytesRead, Ticked, GateAsked>;
using ModbusBusEffect = std::variant<WriteBytes, HangUp, GateReported>;
using ModbusBusEffects = std::vector<ModbusBusEffect>;

class ModbusBusSession {
public:
    explicit ModbusBusSession(ModbusLineOptions line = {}) : line_(line) {}

    // While the link is down. Two gates of one unit are the caller's mistake.
    [[nodiscard]] BusPosition add(const ModbusGateOptions& gate);
    [[nodiscard]] bool has_unit(std::uint8_t unit) const;
    [[nodiscard]] Instant last_answer(BusPosition position) const { return gates_[position.value].last_answer(); }

    [[nodiscard]] ModbusBusEffects step(const ModbusBusEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    void to_line(const ModbusLineEvent& event, Instant now, ModbusBusEffects& out);
    void to_gate(std::size_t index, const ModbusGateEvent& event, Instant now, ModbusBusEffects& out);
    void to_gates(const ModbusGateEvent& event, Instant now, ModbusBusEffects& out);
    template <class Report>
    void answer_gate(Report report, Instant now, ModbusBusEffects& out);

    ModbusLine line_;
    std::deque<ModbusGate> gates_;
    std::vector<std::uint8_t> units_;
};

}  // namespace gatehouse::drivers
