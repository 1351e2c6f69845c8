#include "drivers/turnstile/gate_sensor.hpp"

namespace gatehouse::drivers {

bool GateSensor::look(bool active, Instant now) {
    const bool first = !active_.has_value();
    const bool was_active = active_.value_or(false);
    active_ = active;
    if (!active) {
        if (was_active) released_ = now;
        stuck_ = false;
        return false;
    }
    if (was_active) {
        stuck_ = now - since_ >= options_.stuck;
        return false;
    }
    const bool flutters = released_ && now - *released_ < options_.debounce;
    if (!flutters) since_ = now;
    return !first && !flutters;
}

void GateSensor::forget() {
    active_.reset();
    released_.reset();
    stuck_ = false;
}

}  // namespace gatehouse::drivers
