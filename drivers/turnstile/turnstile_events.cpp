#include "drivers/turnstile/turnstile_events.hpp"

namespace gatehouse::drivers {

std::string_view to_string(OpenFailure failure) {
    switch (failure) {
        case OpenFailure::not_reachable: return "not_reachable";
        case OpenFailure::refused: return "refused";
        case OpenFailure::busy: return "busy";
        case OpenFailure::unknown: return "unknown";
    }
    return "unknown";
}

std::string_view to_string(GateInput input) {
    switch (input) {
        case GateInput::alarm: return "alarm";
        case GateInput::fire: return "fire";
    }
    return "alarm";
}

std::string_view to_string(TurnstileFault fault) {
    switch (fault) {
        case TurnstileFault::link_down: return "link_down";
        case TurnstileFault::no_answer: return "no_answer";
        case TurnstileFault::refused: return "refused";
        case TurnstileFault::sensor_stuck: return "sensor_stuck";
        case TurnstileFault::not_trusted: return "not_trusted";
    }
    return "no_answer";
}

}  // namespace gatehouse::drivers
