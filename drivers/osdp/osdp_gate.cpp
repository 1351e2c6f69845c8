#include "drivers/osdp/osdp_gate.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

OsdpGate::OsdpGate(OsdpGateOptions options)
    : options_(options), sensors_{GateSensor(options.sensor), GateSensor(options.sensor)} {
    has_inputs_ = options.passed[0] || options.passed[1] || options.alarm || options.fire;
}

OsdpGateEffects OsdpGate::step(const OsdpGateEvent& event, Instant now) {
    OsdpGateEffects out;
    std::visit([&](const auto& each) { on(each, now, out); }, event);
    advance(now, out);
    return out;
}

std::optional<Instant> OsdpGate::deadline() const {
    if (lost_) return std::nullopt;
    std::optional<Instant> due;
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    for (const auto& waiting : queue_) no_later_than(waiting.asked + options_.patience);
    if (under_way_) return due;
    if (has_inputs_) no_later_than(next_look_);
    for (const auto direction : both_ways) {
        const auto& line = output(direction);
        if (!options_.outputs[way_index(direction)]) continue;
        if (holds_.is_held(direction))
            no_later_than(std::max(line.retry, line.held == true ? line.reassert : Instant::min()));
        else if (line.end_pulse || (line.held != false && (inputs_known_ || !has_inputs_)))
            no_later_than(line.retry);
        if (holds_.is_held(direction) || !is_settled()) continue;
        for (const auto& waiting : queue_)
            if (waiting.request.direction == direction) no_later_than(line.ready);
    }
    return due;
}

void OsdpGate::on(const UnitOnline& /*event*/, Instant now, OsdpGateEffects& /*out*/) {
    heard_of_ = true;
    lost_.reset();
    forget_device();
    next_look_ = now;
}

void OsdpGate::on(const UnitLost& event, Instant /*now*/, OsdpGateEffects& out) {
    heard_of_ = true;
    lost_ = event.why;
    forget_device();
    fail_waiting(out);
    refused_ = false;
}

// What the device knew of us is gone, and so is what we saw of it. Pulses under way end by themselves.
void OsdpGate::forget_device() {
    inputs_known_ = false;
    for (auto& sensor : sensors_) sensor.forget();
    for (auto& line : outputs_) line = {};
}

void OsdpGate::fail_waiting(OsdpGateEffects& out) {
    for (const auto& waiting : queue_)
        out.emplace_back(ReportOpenFailed{waiting.request.id, OpenFailure::not_reachable});
    queue_.clear();
}

void OsdpGate::on(const UnitTold& event, Instant now, OsdpGateEffects& out) {
    if (lost_) return;
    if (const auto* inputs = std::get_if<OsdpInputs>(&event.reply)) inputs_seen(*inputs, now, out);
    const auto* status = std::get_if<OsdpLocalStatus>(&event.reply);
    if (status == nullptr) return;
    status_seen(*status, out);
    if (!status->power) return;
    forget_device();
    next_look_ = now;
}

void OsdpGate::on(const Ticked& /*event*/, Instant /*now*/, OsdpGateEffects& /*out*/) {}

void OsdpGate::on(const OpenRequested& event, Instant now, OsdpGateEffects& out) {
    if (lost_)
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::not_reachable});
    else if (!options_.outputs[way_index(event.direction)])
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::refused});
    else if (queue_.size() >= options_.longest_queue)
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::busy});
    else
        queue_.push_back({event, now});
}

void OsdpGate::on(const HoldOpenRequested& event, Instant /*now*/, OsdpGateEffects& /*out*/) {
    holds_.set(event);
    for (auto& line : outputs_) line.retry = {};
}

void OsdpGate::on(const ReleaseRequested& event, Instant /*now*/, OsdpGateEffects& /*out*/) {
    holds_.release(event);
    for (auto& line : outputs_) line.retry = {};
}

void OsdpGate::on(const CommandAnswered& event, Instant now, OsdpGateEffects& out) {
    if (!under_way_ || under_way_->tag != event.tag) return;
    const auto work = *std::exchange(under_way_, std::nullopt);
    const auto* inputs = std::get_if<OsdpInputs>(&event.reply);
    if (inputs != nullptr && !lost_) inputs_seen(*inputs, now, out);
    if (std::holds_alternative<OsdpNak>(event.reply))
        refused(work, now, out);
    else
        done(work, now, out);  // whatever else it says, it has taken the command
}

// Sent and unanswered is unknown. It is not asked for again here, but the unit goes on repeating its octets while it
// waits for the device: the pulse may begin as late as that, and a passage must end it then, too.
void OsdpGate::on(const CommandUnanswered& event, Instant now, OsdpGateEffects& out) {
    if (!under_way_ || under_way_->tag != event.tag) return;
    const auto work = *std::exchange(under_way_, std::nullopt);
    auto& line = output(work.direction);
    if (!work.open) {
        if (event.sent && work.work != Work::look) line.held.reset();  // it may have been taken
        line.retry = now + options_.silent;
        return;
    }
    if (event.sent) pulse_began(line, now + options_.repeated);
    out.emplace_back(ReportOpenFailed{*work.open, event.sent ? OpenFailure::unknown : OpenFailure::not_reachable});
}

void OsdpGate::done(const UnderWay& work, Instant now, OsdpGateEffects& out) {
    auto& line = output(work.direction);
    switch (work.work) {
        case Work::look: break;
        case Work::hold: set_level(work.direction, true, now, out); break;
        case Work::off: set_level(work.direction, false, now, out); break;
        case Work::pulse:
            pulse_began(line, now);
            out.emplace_back(ReportOpened{*work.open});
            break;
    }
    refused_ = false;
}

void OsdpGate::pulse_began(Output& line, Instant at) const {
    line.pulse_until = at + options_.pulse;
    line.ready = line.pulse_until + options_.gap;
}

void OsdpGate::refused(const UnderWay& work, Instant now, OsdpGateEffects& out) {
    if (work.open) {
        out.emplace_back(ReportOpenFailed{*work.open, OpenFailure::refused});
        return;
    }
    refused_ = true;
    output(work.direction).retry = now + options_.retry;
}

void OsdpGate::set_level(Direction direction, bool held, Instant now, OsdpGateEffects& out) {
    auto& line = output(direction);
    line.held = held;
    line.reassert = now + options_.reassert;
    line.end_pulse = false;
    line.pulse_until = std::min(line.pulse_until, now);
    if (line.ready > now) line.ready = now + options_.gap;
    if (told_held_[way_index(direction)] == held) return;
    told_held_[way_index(direction)] = held;
    out.emplace_back(ReportHeld{told_held_[0], told_held_[1]});
}

void OsdpGate::inputs_seen(const OsdpInputs& inputs, Instant now, OsdpGateEffects& out) {
    const auto is_active = [&](const std::optional<std::uint8_t>& input) {  // one that it does not tell of is not
        return input && *input < inputs.active.size() && inputs.active[*input] != options_.inverted[*input];
    };
    inputs_known_ = true;
    for (const auto direction : both_ways) {
        const auto& input = options_.passed[way_index(direction)];
        if (!input || !sensors_[way_index(direction)].look(is_active(input), now)) continue;
        out.emplace_back(ReportPassed{direction});
        auto& line = output(direction);
        if (line.pulse_until > now && !holds_.is_held(direction)) line.end_pulse = true;
    }
    alarm_input_ = is_active(options_.alarm);
    tell_alarm(out);
    const bool fire = is_active(options_.fire);
    holds_.fire(fire);
    if (fire != told_fire_) out.emplace_back(ReportInput{GateInput::fire, fire});
    told_fire_ = fire;
}

void OsdpGate::status_seen(const OsdpLocalStatus& status, OsdpGateEffects& out) {
    tamper_ = status.tamper;
    tell_alarm(out);
}

void OsdpGate::tell_alarm(OsdpGateEffects& out) {
    const bool alarm = alarm_input_ || tamper_;
    if (alarm != told_alarm_) out.emplace_back(ReportInput{GateInput::alarm, alarm});
    told_alarm_ = alarm;
}

bool OsdpGate::is_settled() const {
    return (inputs_known_ || !has_inputs_) && std::ranges::all_of(both_ways, [this](Direction direction) {
               return !options_.outputs[way_index(direction)] || output(direction).held.has_value();
           });
}

// Holding open comes before everything, then ending pulses, then opening, then looking at the inputs.
void OsdpGate::advance(Instant now, OsdpGateEffects& out) {
    std::erase_if(queue_, [&](const Opening& waiting) {
        const bool open = holds_.is_held(waiting.request.direction) && output(waiting.request.direction).held == true;
        if (open) out.emplace_back(ReportOpened{waiting.request.id});
        const bool late = now >= waiting.asked + options_.patience;
        if (late && !open) out.emplace_back(ReportOpenFailed{waiting.request.id, OpenFailure::not_reachable});
        return open || late;
    });
    if (!lost_ && !under_way_) {
        const bool asked = std::ranges::any_of(both_ways, [&](Direction each) { return ask_level(each, now, out); });
        if (!asked) ask_pulse(now, out);
        if (!under_way_ && has_inputs_ && now >= next_look_) {
            next_look_ = now + options_.look;
            ask(Work::look, Direction::entry, std::nullopt, {OsdpCommandCode::istat, {}}, out);
        }
    }
    report_health(out);
}

bool OsdpGate::ask_level(Direction direction, Instant now, OsdpGateEffects& out) {
    const auto& number = options_.outputs[way_index(direction)];
    const auto& line = output(direction);
    if (!number || now < line.retry) return false;
    if (holds_.is_held(direction)) {
        if (line.held == true && now < line.reassert) return false;
        ask(Work::hold, direction, std::nullopt, osdp_out(*number, OsdpOutput::on, 0), out);
        return true;
    }
    const bool not_off = line.held != false && (inputs_known_ || !has_inputs_);
    if (!not_off && !line.end_pulse) return false;
    ask(Work::off, direction, std::nullopt, osdp_out(*number, OsdpOutput::off, 0), out);
    return true;
}

void OsdpGate::ask_pulse(Instant now, OsdpGateEffects& out) {
    if (!is_settled()) return;
    const auto next = std::ranges::find_if(queue_, [&](const Opening& waiting) {
        return now >= output(waiting.request.direction).ready && !holds_.is_held(waiting.request.direction);
    });
    if (next == queue_.end()) return;
    const auto opening = *next;
    queue_.erase(next);
    const auto number = options_.outputs[way_index(opening.request.direction)].value_or(0);
    const auto tenths = static_cast<std::uint16_t>(options_.pulse / std::chrono::milliseconds(100));
    ask(Work::pulse, opening.request.direction, opening.request.id, osdp_out(number, OsdpOutput::pulse, tenths), out);
}

void OsdpGate::ask(Work work, Direction direction, std::optional<OpenId> open, OsdpCommand command,
                   OsdpGateEffects& out) {
    under_way_ = UnderWay{next_tag_++, work, direction, open};
    if (next_tag_ == 0) next_tag_ = first_gate_tag;
    out.emplace_back(CommandAsked{under_way_->tag, std::move(command), true});
}

void OsdpGate::report_health(OsdpGateEffects& out) {
    if (!heard_of_) return;
    std::variant<ReportOnline, ReportFault> health = ReportOnline{};
    if (lost_) {
        switch (*lost_) {
            case UnitLoss::link_down: health = ReportFault{TurnstileFault::link_down}; break;
            case UnitLoss::no_answer: health = ReportFault{TurnstileFault::no_answer}; break;
            case UnitLoss::not_trusted: health = ReportFault{TurnstileFault::not_trusted}; break;
        }
    } else if (refused_) {
        health = ReportFault{TurnstileFault::refused};
    } else if (!is_settled()) {
        return;
    } else if (std::ranges::any_of(sensors_, &GateSensor::is_stuck)) {
        health = ReportFault{TurnstileFault::sensor_stuck};
    }
    if (health_ == health) return;
    health_ = health;
    std::visit([&out](const auto& report) { out.emplace_back(report); }, health);
}

}  // namespace gatehouse::drivers
