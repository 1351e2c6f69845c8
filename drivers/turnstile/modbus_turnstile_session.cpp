#include "drivers/turnstile/modbus_turnstile_session.hpp"

#include <algorithm>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

TurnstileEffects ModbusTurnstileSession::step(const TurnstileEvent& event, Instant now) {
    TurnstileEffects out;
    std::visit(Match{
                   [&](const BytesRead& read) { to_line(read, now, out); },
                   [&](const auto& other) {  // LinkUp, LinkDown and Ticked concern the line first
                       using Event = std::decay_t<decltype(other)>;
                       if constexpr (std::is_constructible_v<ModbusLineEvent, Event>) to_line(other, now, out);
                       to_gate(other, now, out);
                   },
               },
               event);
    return out;
}

std::optional<Instant> ModbusTurnstileSession::deadline() const {
    const auto line = line_.deadline();
    const auto gate = gate_.deadline();
    if (!line || !gate) return line ? line : gate;
    return std::min(*line, *gate);
}

void ModbusTurnstileSession::to_line(const ModbusLineEvent& event, Instant now, TurnstileEffects& out) {
    for (const auto& effect : line_.step(event, now)) {
        std::visit(Match{
                       [&](const WriteBytes& write) { out.emplace_back(write); },
                       [&](const HangUp& hang_up) {
                           out.emplace_back(hang_up);
                           to_gate(LinkDown{}, now, out);
                       },
                       [&](const auto& report) { to_gate(report, now, out); },
                   },
                   effect);
    }
}

void ModbusTurnstileSession::to_gate(const ModbusGateEvent& event, Instant now, TurnstileEffects& out) {
    for (const auto& effect : gate_.step(event, now)) {
        std::visit(Match{
                       [&](const ModbusRequest& request) { to_line(request, now, out); },
                       [&](const RequestsWithdrawn& withdrawn) { to_line(withdrawn, now, out); },
                       [&](const auto& report) { out.emplace_back(report); },
                   },
                   effect);
    }
}

}  // namespace gatehouse::drivers
