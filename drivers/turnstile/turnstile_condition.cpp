#include "drivers/turnstile/turnstile_condition.hpp"

namespace gatehouse::drivers {

std::optional<TurnstileCondition::Shown> TurnstileCondition::take(const ReportOnline&) {
    answers_ = true;
    return answering();
}

std::optional<TurnstileCondition::Shown> TurnstileCondition::take(const ReportFault& fault) {
    answers_ = false;
    return Shown{fault.fault == TurnstileFault::link_down ? State::away : State::at_fault, to_string(fault.fault)};
}

std::optional<TurnstileCondition::Shown> TurnstileCondition::take(const ReportInput& input) {
    if (input.input != GateInput::alarm) return std::nullopt;
    alarm_ = input.active;
    return answers_ ? std::optional{answering()} : std::nullopt;
}

TurnstileCondition::Shown TurnstileCondition::answering() const {
    return alarm_ ? Shown{State::at_fault, to_string(GateInput::alarm)} : Shown{State::works, {}};
}

}  // namespace gatehouse::drivers
