#include "drivers/turnstile/modbus_turnstile_session.hpp"

#include <type_traits>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

ModbusTurnstileSession::ModbusTurnstileSession(const ModbusTurnstileOptions& options)
    : bus_(options.line), position_(bus_.add(options.gate)) {}

TurnstileEffects ModbusTurnstileSession::step(const TurnstileEvent& event, Instant now) {
    const auto on_bus = [this](const auto& each) -> ModbusBusEvent {
        if constexpr (std::is_constructible_v<GateRequest, decltype(each)>)
            return GateAsked{position_, each};
        else
            return each;
    };
    TurnstileEffects out;
    for (const auto& effect : bus_.step(std::visit(on_bus, event), now)) {
        std::visit(Match{
                       [&](const GateReported& reported) {
                           std::visit([&out](const auto& report) { out.emplace_back(report); }, reported.report);
                       },
                       [&](const auto& other) { out.emplace_back(other); },
                   },
                   effect);
    }
    return out;
}

}  // namespace gatehouse::drivers
