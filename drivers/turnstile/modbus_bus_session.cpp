#include "drivers/turnstile/modbus_bus_session.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {
constexpr ModbusTag most_gates = 256;  // a line's tag is a gate's tag times this, plus its position
constexpr Duration shared_probe = std::chrono::seconds(2);
}  // namespace

BusPosition ModbusBusSession::add(const ModbusGateOptions& gate) {
    check(gates_.size() < most_gates, "a bus has at most 256 units");
    gates_.emplace_back(gate);
    units_.push_back(gate.unit);
    if (gates_.size() > 1)
        for (auto& each : gates_) each.probe_no_oftener_than(shared_probe);
    return BusPosition{static_cast<std::uint32_t>(gates_.size() - 1)};
}

bool ModbusBusSession::has_unit(std::uint8_t unit) const { return std::ranges::find(units_, unit) != units_.end(); }

ModbusBusEffects ModbusBusSession::step(const ModbusBusEvent& event, Instant now) {
    ModbusBusEffects out;
    std::visit(Match{
                   [&](const BytesRead& read) { to_line(read, now, out); },
                   [&](const GateAsked& asked) {
                       const ModbusGateEvent request =
                           std::visit([](const auto& each) -> ModbusGateEvent { return each; }, asked.request);
                       to_gate(asked.position.value, request, now, out);
                   },
                   [&](const auto& other) {
                       to_line(other, now, out);
                       to_gates(other, now, out);
                   },
               },
               event);
    return out;
}

std::optional<Instant> ModbusBusSession::deadline() const {
    auto due = line_.deadline();
    for (const auto& gate : gates_)
        if (const auto its = gate.deadline()) due = due ? std::min(*due, *its) : its;
    return due;
}

void ModbusBusSession::to_line(const ModbusLineEvent& event, Instant now, ModbusBusEffects& out) {
    for (const auto& effect : line_.step(event, now)) {
        std::visit(Match{
                       [&](const WriteBytes& write) { out.emplace_back(write); },
                       [&](const HangUp& hang_up) {
                           out.emplace_back(hang_up);
                           to_gates(LinkDown{}, now, out);
                       },
                       [&](const auto& report) { answer_gate(report, now, out); },
                   },
                   effect);
    }
}

template <class Report>
void ModbusBusSession::answer_gate(Report report, Instant now, ModbusBusEffects& out) {
    const auto index = static_cast<std::size_t>(report.tag % most_gates);
    report.tag /= most_gates;
    to_gate(index, report, now, out);
}

void ModbusBusSession::to_gates(const ModbusGateEvent& event, Instant now, ModbusBusEffects& out) {
    for (std::size_t index = 0; index < gates_.size(); ++index) to_gate(index, event, now, out);
}

void ModbusBusSession::to_gate(std::size_t index, const ModbusGateEvent& event, Instant now, ModbusBusEffects& out) {
    for (const auto& effect : gates_[index].step(event, now)) {
        std::visit(Match{
                       [&](const ModbusRequest& request) {
                           auto tagged = request;
                           tagged.tag = request.tag * most_gates + index;
                           to_line(tagged, now, out);
                       },
                       [&](const RequestsWithdrawn& withdrawn) { to_line(withdrawn, now, out); },
                       [&](const auto& report) {
                           out.emplace_back(GateReported{BusPosition{static_cast<std::uint32_t>(index)}, report});
                       },
                   },
                   effect);
    }
}

}  // namespace gatehouse::drivers
