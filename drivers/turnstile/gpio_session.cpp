#include "drivers/turnstile/gpio_session.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::drivers {

namespace {
constexpr Duration look = std::chrono::seconds(1);  // at sensors that are active: do they ever release?
}

GpioTurnstileSession::GpioTurnstileSession(GpioTurnstileOptions options)
    : options_(std::move(options)), sensors_{GateSensor(options_.sensor), GateSensor(options_.sensor)} {}

TurnstileEffects GpioTurnstileSession::step(const TurnstileEvent& event, Instant now) {
    TurnstileEffects out;
    std::visit([&](const auto& each) { on(each, now, out); }, event);
    if (up_) advance(now, out);
    report_health(out);
    return out;
}

std::optional<Instant> GpioTurnstileSession::deadline() const {
    if (!up_) return std::nullopt;
    std::optional<Instant> due;
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    for (const auto direction : both_ways) {
        if (relay(direction).pulse_until) no_later_than(*relay(direction).pulse_until);
        const auto& sensor = options_.passed[way_index(direction)];
        if (sensor && levels_.contains(*sensor) && levels_.at(*sensor)) no_later_than(next_look_);
        for (const auto& waiting : queue_)
            if (waiting.direction == direction && !relay(direction).pulse_until) no_later_than(relay(direction).ready);
    }
    return due;
}

void GpioTurnstileSession::on(const LinkUp& /*event*/, Instant now, TurnstileEffects& /*out*/) {
    up_ = true;
    feed_.clear();
    levels_.clear();
    relays_ = {};
    next_look_ = now + look;
    for (auto& sensor : sensors_) sensor.forget();
}

void GpioTurnstileSession::on(const LinkDown& /*event*/, Instant /*now*/, TurnstileEffects& out) {
    up_ = false;
    was_tried_ = true;
    for (const auto& waiting : queue_) out.emplace_back(ReportOpenFailed{waiting.id, OpenFailure::not_reachable});
    queue_.clear();
}

void GpioTurnstileSession::on(const BytesRead& event, Instant now, TurnstileEffects& out) {
    if (!up_) return;
    for (const auto& level : feed_.take(event.bytes)) {
        const bool active = level.active != options_.inverted.contains(level.line);
        levels_[level.line] = active;
        for (const auto direction : both_ways)
            if (options_.passed[way_index(direction)] == level.line) sense(direction, active, now, out);
        if (options_.alarm == level.line) tell_input(GateInput::alarm, active, out);
        if (options_.fire != level.line) continue;
        holds_.fire(active);
        tell_input(GateInput::fire, active, out);
    }
}

void GpioTurnstileSession::tell_input(GateInput input, bool active, TurnstileEffects& out) {
    if (std::exchange(told_inputs_[static_cast<std::size_t>(input)], active) != active)
        out.emplace_back(ReportInput{input, active});
}

void GpioTurnstileSession::sense(Direction direction, bool active, Instant now, TurnstileEffects& out) {
    if (!sensors_[way_index(direction)].look(active, now)) return;
    out.emplace_back(ReportPassed{direction});
    if (relay(direction).pulse_until) relay(direction).pulse_until = now;
}

void GpioTurnstileSession::on(const Ticked& /*event*/, Instant now, TurnstileEffects& out) {
    if (!up_ || now < next_look_) return;
    next_look_ = now + look;
    for (const auto direction : both_ways) {
        const auto& sensor = options_.passed[way_index(direction)];
        if (sensor && levels_.contains(*sensor)) sense(direction, levels_.at(*sensor), now, out);
    }
}

void GpioTurnstileSession::on(const OpenRequested& event, Instant /*now*/, TurnstileEffects& out) {
    if (!up_)
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::not_reachable});
    else if (!options_.open[way_index(event.direction)])
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::refused});
    else if (queue_.size() >= options_.longest_queue)
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::busy});
    else
        queue_.push_back(event);
}

void GpioTurnstileSession::on(const HoldOpenRequested& event, Instant /*now*/, TurnstileEffects& /*out*/) {
    holds_.set(event);
}
void GpioTurnstileSession::on(const ReleaseRequested& event, Instant /*now*/, TurnstileEffects& /*out*/) {
    holds_.release(event);
}

void GpioTurnstileSession::advance(Instant now, TurnstileEffects& out) {
    for (const auto direction : both_ways) {
        auto& its = relay(direction);
        if (its.pulse_until && now >= *its.pulse_until) {
            its.pulse_until.reset();
            its.ready = now + options_.gap;
        }
    }
    open_waiting(now, out);
    for (const auto direction : both_ways) drive(direction, now, out);
    const EachWay<bool> held{holds_.is_held(Direction::entry) && options_.open[0],
                             holds_.is_held(Direction::exit) && options_.open[1]};
    if (held == told_held_) return;
    told_held_ = held;
    out.emplace_back(ReportHeld{held[0], held[1]});
}

void GpioTurnstileSession::open_waiting(Instant now, TurnstileEffects& out) {
    std::erase_if(queue_, [&](const OpenRequested& waiting) {
        auto& its = relay(waiting.direction);
        const bool held = holds_.is_held(waiting.direction);
        if (!held && (its.pulse_until || now < its.ready)) return false;
        if (!held) its.pulse_until = now + options_.pulse;
        drive(waiting.direction, now, out);
        out.emplace_back(ReportOpened{waiting.id});
        return true;
    });
}

void GpioTurnstileSession::drive(Direction direction, Instant /*now*/, TurnstileEffects& out) {
    const auto& line = options_.open[way_index(direction)];
    auto& its = relay(direction);
    const bool wanted = holds_.is_held(direction) || its.pulse_until.has_value();
    if (!line || its.on == wanted) return;
    its.on = wanted;
    out.emplace_back(WriteBytes{encode(LineLevel{*line, wanted})});
}

bool GpioTurnstileSession::knows_inputs() const {
    return std::ranges::all_of(std::array{options_.passed[0], options_.passed[1], options_.alarm, options_.fire},
                               [this](const GpioLine& line) { return !line || levels_.contains(*line); });
}

void GpioTurnstileSession::report_health(TurnstileEffects& out) {
    std::variant<ReportOnline, ReportFault> health = ReportOnline{};
    if (!up_ && !was_tried_) return;
    if (!up_)
        health = ReportFault{TurnstileFault::link_down};
    else if (!knows_inputs())
        return;
    else if (std::ranges::any_of(sensors_, &GateSensor::is_stuck))
        health = ReportFault{TurnstileFault::sensor_stuck};
    if (health_ == health) return;
    health_ = health;
    std::visit([&out](const auto& report) { out.emplace_back(report); }, health);
}

}  // namespace gatehouse::drivers
