#include "drivers/turnstile/modbus_gate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::array both{Direction::entry, Direction::exit};
constexpr std::uint16_t coil_on = 0xff00;
constexpr std::uint16_t coil_off = 0x0000;

std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }

// What must be there by our own bookkeeping.
template <class T>
T& present(std::optional<T>& held) {
    if (!held) check_failed("a gate's work under way is remembered", std::source_location::current());
    return *held;
}

template <class T>
T taken(std::optional<T>& held) {
    T value = std::move(present(held));
    held.reset();
    return value;
}

}  // namespace

ModbusGate::ModbusGate(ModbusGateOptions options)
    : options_(options),
      sensors_{GateSensor(options.sensor), GateSensor(options.sensor)},
      next_tag_(options.first_tag) {
    int low = 256;
    int high = -1;
    for (const auto& input : {options_.passed[0], options_.passed[1], options_.alarm, options_.fire}) {
        if (!input) continue;
        low = std::min<int>(low, *input);
        high = std::max<int>(high, *input);
    }
    if (high < 0) return;
    first_input_ = static_cast<std::uint16_t>(low);
    input_count_ = static_cast<std::uint16_t>(high - low + 1);
}

ModbusGateEffects ModbusGate::step(const ModbusGateEvent& event, Instant now) {
    ModbusGateEffects out;
    std::visit(Match{
                   [&](const LinkUp&) {
                       if (phase_ != Phase::down) lose_link(out);
                       link_up(now);
                   },
                   [&](const LinkDown&) { lose_link(out); },
                   [&](const Ticked&) {},
                   [&](const OpenRequested& request) { request_open(request, now, out); },
                   [&](const HoldOpenRequested& request) { hold_open(request.hold, request.direction, out); },
                   [&](const ReleaseRequested& request) { release(request.hold); },
                   [&](const ReportAnswered& report) {
                       last_answer_ = now;
                       if (poll_tag_ == report.tag)
                           poll_answered(report.answer, now, out);
                       else if (urgent_ && urgent_->tag == report.tag)
                           urgent_answered(report.answer, now, out);
                   },
                   [&](const ReportUnanswered& report) {
                       if (poll_tag_ == report.tag)
                           poll_tag_.reset();
                       else if (urgent_ && urgent_->tag == report.tag)
                           urgent_unanswered(report.sent, now, out);
                       if (report.sent) answer_lost(now, out);
                   },
               },
               event);
    advance(now, out);
    return out;
}

std::optional<Instant> ModbusGate::deadline() const {
    if (phase_ == Phase::down) return std::nullopt;
    std::optional<Instant> due;
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    if (!poll_tag_) no_later_than(next_poll_);
    for (const auto& waiting : queue_) {
        no_later_than(waiting.asked + options_.patience);
        const auto direction = waiting.request.direction;
        if (phase_ == Phase::online && !urgent_ && !opening_ && !is_held(direction))
            no_later_than(coil(direction).ready);
    }
    if (phase_ == Phase::silent) return due;
    for (const auto direction : both) {
        const auto& line = coil(direction);
        if (line.off_at && !urgent_) no_later_than(std::max(*line.off_at, line.retry));
        const bool to_write = is_held(direction) ? line.level != true : inputs_known_ && line.level != false;
        if (to_write && options_.coils[index(direction)] && !urgent_) no_later_than(line.retry);
        if (line.level == true && is_held(direction)) no_later_than(line.reassert);
    }
    return due;
}

void ModbusGate::link_up(Instant now) {
    phase_ = Phase::starting;
    next_poll_ = now;
    lost_ = 0;
    for (auto& line : coils_) {
        const auto pulse_until = line.pulse_until;  // which no loss of the link ends
        line = {};
        line.pulse_until = pulse_until;
    }
    inputs_known_ = false;
    for (auto& sensor : sensors_) sensor.forget();
}

// The line has told what became of its requests; an answer that it owes all the same will never come.
void ModbusGate::lose_link(ModbusGateEffects& out) {
    if (urgent_ && urgent_->kind == Urgent::pulse) present(opening_).answer_lost = true;
    urgent_.reset();
    poll_tag_.reset();
    lose_board(out, Phase::down);
}

// What the line still holds is withdrawn; it tells whether it was sent, and that resolves an open under way.
void ModbusGate::lose_board(ModbusGateEffects& out, Phase next) {
    for (const auto& waiting : queue_)
        out.emplace_back(ReportOpenFailed{waiting.request.id, OpenFailure::not_reachable});
    queue_.clear();
    const bool line_tells = urgent_ && (urgent_->kind == Urgent::pulse || urgent_->kind == Urgent::look_at_coil);
    if (opening_ && !line_tells) {
        const bool tried = opening_->answer_lost || opening_->second_try;
        out.emplace_back(
            ReportOpenFailed{opening_->request.id, tried ? OpenFailure::unknown : OpenFailure::not_reachable});
        opening_.reset();
    }
    if (urgent_) out.emplace_back(RequestsWithdrawn{options_.unit});
    probe_ = options_.poll;
    poll_refused_ = false;
    write_refused_ = false;
    inputs_known_ = false;
    for (auto& sensor : sensors_) sensor.forget();
    phase_ = next;
}

void ModbusGate::request_open(const OpenRequested& request, Instant now, ModbusGateEffects& out) {
    if (phase_ == Phase::down || phase_ == Phase::silent)
        out.emplace_back(ReportOpenFailed{request.id, OpenFailure::not_reachable});
    else if (!options_.coils[index(request.direction)])
        out.emplace_back(ReportOpenFailed{request.id, OpenFailure::refused});
    else if (queue_.size() >= options_.longest_queue)
        out.emplace_back(ReportOpenFailed{request.id, OpenFailure::busy});
    else
        queue_.push_back(Opening{.request = request, .asked = now});
}

// What pulses or switches off and has not left yet would only come in between.
void ModbusGate::hold_open(Hold hold, std::optional<Direction> direction, ModbusGateEffects& out) {
    for (const auto each : both) {
        if (!direction || *direction == each) holds_[static_cast<std::size_t>(hold)][index(each)] = true;
        coil(each).retry = {};
    }
    if (urgent_ && urgent_->kind != Urgent::write_on && is_held(urgent_->direction))
        out.emplace_back(RequestsWithdrawn{options_.unit});
}

void ModbusGate::release(Hold hold) {
    holds_[static_cast<std::size_t>(hold)] = {};
    for (const auto each : both) coil(each).retry = {};
}

bool ModbusGate::is_held(Direction direction) const {
    return fire_ || holds_[0][index(direction)] || holds_[1][index(direction)];
}

void ModbusGate::urgent_answered(const ModbusAnswer& answer, Instant now, ModbusGateEffects& out) {
    const auto work = taken(urgent_);
    lost_ = 0;
    const bool refused = std::holds_alternative<ModbusException>(answer);
    switch (work.kind) {
        case Urgent::write_on:
        case Urgent::write_off:
            write_refused_ = refused;
            if (refused)
                coil(work.direction).retry = now + options_.longest_probe;
            else
                level_confirmed(work.direction, work.kind == Urgent::write_on, now, out);
            return;
        case Urgent::pulse:
            if (refused)
                open_failed(OpenFailure::refused, now, out);
            else
                pulse_confirmed(now, out);
            return;
        case Urgent::look_at_coil:
            if (const auto* bits = std::get_if<ModbusBits>(&answer))
                coil_seen(bits->bits.front(), now, out);
            else
                open_failed(OpenFailure::unknown, now, out);
            return;
    }
}

void ModbusGate::urgent_unanswered(bool sent, Instant now, ModbusGateEffects& out) {
    const auto work = taken(urgent_);
    auto& line = coil(work.direction);
    switch (work.kind) {
        case Urgent::write_on:
        case Urgent::write_off:
            if (sent) line.level.reset();  // it may have been carried out
            line.retry = now + options_.retry;
            return;
        case Urgent::pulse:
            if (sent) line.pulse_until = now + options_.pulse_length;
            if (sent && phase_ == Phase::silent)
                open_failed(OpenFailure::unknown, now, out);
            else if (sent)
                present(opening_).answer_lost = true;
            else if (!is_held(work.direction))
                open_failed(present(opening_).second_try ? OpenFailure::unknown : OpenFailure::not_reachable, now, out);
            return;
        case Urgent::look_at_coil:
            if (sent || !is_held(work.direction)) open_failed(OpenFailure::unknown, now, out);
            return;
    }
}

void ModbusGate::level_confirmed(Direction direction, bool on, Instant now, ModbusGateEffects& out) {
    auto& line = coil(direction);
    line.level = on;
    line.reassert = now + options_.reassert;
    // A pulse's end may switch it off, and the board's clock decides when that is.
    if (on && now < line.pulse_until + options_.pulse_length / 10) line.reassert = now + options_.poll;
    if (!on) {
        line.off_at.reset();
        if (line.ready > now) line.ready = now + options_.gap;
    }
    if (held_[index(direction)] == on) return;
    held_[index(direction)] = on;
    out.emplace_back(ReportHeld{held_[0], held_[1]});
}

void ModbusGate::pulse_confirmed(Instant now, ModbusGateEffects& out) {
    const auto opening = taken(opening_);
    auto& line = coil(opening.request.direction);
    line.pulse_until = now + options_.pulse_length;
    line.ready = line.pulse_until + options_.gap;
    if (options_.pulse == ModbusPulse::timed) line.off_at = line.pulse_until;
    out.emplace_back(ReportOpened{opening.request.id});
    next_poll_ = now;
}

// The answer to a pulse was lost. A coil that is on has been pulsed. One that is off, although its pulse could not
// have ended yet, has not; anything else stays unknown.
void ModbusGate::coil_seen(bool on, Instant now, ModbusGateEffects& out) {
    if (on) {
        pulse_confirmed(now, out);
        return;
    }
    const bool lasts =
        options_.pulse == ModbusPulse::timed || now - present(opening_).submitted < options_.pulse_length;
    if (!lasts) {
        open_failed(OpenFailure::unknown, now, out);
    } else if (present(opening_).second_try) {
        open_failed(OpenFailure::not_reachable, now, out);
    } else {
        present(opening_).second_try = true;
        present(opening_).answer_lost = false;
    }
}

void ModbusGate::open_failed(OpenFailure failure, Instant now, ModbusGateEffects& out) {
    const auto opening = taken(opening_);
    if (failure == OpenFailure::unknown && options_.pulse == ModbusPulse::timed)
        coil(opening.request.direction).off_at = now;
    out.emplace_back(ReportOpenFailed{opening.request.id, failure});
}

void ModbusGate::poll_answered(const ModbusAnswer& answer, Instant now, ModbusGateEffects& out) {
    poll_tag_.reset();
    lost_ = 0;
    poll_refused_ = std::holds_alternative<ModbusException>(answer);
    if (poll_refused_) {
        next_poll_ = now + options_.longest_probe;
        return;
    }
    if (phase_ == Phase::silent) {
        link_up(now);
        next_poll_ = now + options_.poll;
    }
    if (const auto* bits = std::get_if<ModbusBits>(&answer); bits != nullptr && input_count_ > 0)
        inputs_seen(*bits, now, out);
    inputs_known_ = true;
}

void ModbusGate::inputs_seen(const ModbusBits& bits, Instant now, ModbusGateEffects& out) {
    const auto is_active = [&](std::uint8_t input) -> bool {
        return bits.bits[input - first_input_] != options_.inverted[input];
    };
    for (const auto direction : both) {
        const auto& input = options_.passed[index(direction)];
        if (!input || !sensors_[index(direction)].look(is_active(*input), now)) continue;
        out.emplace_back(ReportPassed{direction});
        auto& line = coil(direction);
        if (line.pulse_until > now && !is_held(direction)) line.off_at = now;
    }
    if (options_.alarm) input_seen(GateInput::alarm, is_active(*options_.alarm), alarm_, out);
    if (options_.fire) {
        const bool was_burning = fire_;
        input_seen(GateInput::fire, is_active(*options_.fire), fire_, out);
        if (fire_ && !was_burning) hold_open(Hold::emergency, std::nullopt, out);
    }
}

void ModbusGate::input_seen(GateInput input, bool active, bool& known, ModbusGateEffects& out) {
    if (known == active) return;
    known = active;
    out.emplace_back(ReportInput{input, active});
}

void ModbusGate::answer_lost(Instant now, ModbusGateEffects& out) {
    if (phase_ == Phase::silent) {
        next_poll_ = std::max(next_poll_, now + options_.rest);
        probe_ = std::min(probe_ * 2, options_.longest_probe);
        return;
    }
    if (phase_ != Phase::down && ++lost_ >= options_.lost_answers) lose_board(out, Phase::silent);
}

void ModbusGate::advance(Instant now, ModbusGateEffects& out) {
    if (phase_ != Phase::down) {
        elapse(now, out);
        submit_urgent(now, out);
        submit_poll(now, out);
    }
    report_health(out);
}

void ModbusGate::elapse(Instant now, ModbusGateEffects& out) {
    std::erase_if(queue_, [&](const Opening& waiting) {
        if (now < waiting.asked + options_.patience) return false;
        out.emplace_back(ReportOpenFailed{waiting.request.id, OpenFailure::not_reachable});
        return true;
    });
    for (const auto direction : both) {
        auto& line = coil(direction);
        if (line.level == true && is_held(direction) && now >= line.reassert) line.level.reset();
    }
    const bool settled = std::ranges::all_of(both, [this](Direction direction) {
        return !options_.coils[index(direction)] || coil(direction).level.has_value();
    });
    if (phase_ == Phase::starting && inputs_known_ && settled) phase_ = Phase::online;
}

// Holding open comes before everything, then ending pulses, then opening.
void ModbusGate::submit_urgent(Instant now, ModbusGateEffects& out) {
    if (phase_ == Phase::silent || urgent_) return;
    for (const auto direction : both)
        if (submit_level(direction, now, out)) return;
    if (submit_opening(now, out)) return;
}

bool ModbusGate::submit_level(Direction direction, Instant now, ModbusGateEffects& out) {
    const auto& address = options_.coils[index(direction)];
    auto& line = coil(direction);
    if (!address || now < line.retry) return false;
    const auto expires = now + options_.patience;
    if (is_held(direction)) {
        line.off_at.reset();
        if (line.level == true) return false;
        submit(Urgent::write_on, direction, write_coil(*address, coil_on), expires, out);
        return true;
    }
    const bool pulse_over = line.off_at && now >= *line.off_at;
    const bool still_on = inputs_known_ && line.level != false;  // or unknown: before the link came up
    if (!pulse_over && !still_on) return false;
    submit(Urgent::write_off, direction, write_coil(*address, coil_off), expires, out);
    return true;
}

bool ModbusGate::submit_opening(Instant now, ModbusGateEffects& out) {
    if (phase_ != Phase::online) return false;
    const auto stands_open = [&](const Opening& asked) {
        const auto direction = asked.request.direction;
        if (!is_held(direction) || coil(direction).level != true) return false;
        out.emplace_back(ReportOpened{asked.request.id});
        return true;
    };
    std::erase_if(queue_, stands_open);
    if (opening_ && stands_open(*opening_)) opening_.reset();
    if (opening_ && is_held(opening_->request.direction)) return false;
    if (opening_ && opening_->answer_lost) {
        const auto direction = opening_->request.direction;
        const auto address = coil_address(direction);
        submit(Urgent::look_at_coil, direction, read_coils(address, 1), now + options_.patience, out);
        return true;
    }
    if (!opening_) {
        const auto next = std::ranges::find_if(queue_, [&](const Opening& waiting) {
            return now >= coil(waiting.request.direction).ready && !is_held(waiting.request.direction);
        });
        if (next == queue_.end()) return false;
        opening_ = *next;
        queue_.erase(next);
    }
    opening_->submitted = now;
    const auto direction = opening_->request.direction;
    submit(Urgent::pulse, direction, pulse_request(direction), opening_->asked + options_.patience, out);
    return true;
}

void ModbusGate::submit(Urgent kind, Direction direction, Bytes pdu, Instant expires, ModbusGateEffects& out) {
    urgent_ = UrgentWork{next_tag_++, kind, direction};
    out.emplace_back(ModbusRequest{urgent_->tag, options_.unit, std::move(pdu), true, expires, false});
}

void ModbusGate::submit_poll(Instant now, ModbusGateEffects& out) {
    if (poll_tag_ || now < next_poll_) return;
    const bool probe = phase_ == Phase::silent;
    const auto pause = probe ? probe_ : options_.poll;
    next_poll_ = now + pause;
    poll_tag_ = next_tag_++;
    const auto expires = now + std::max(options_.patience, pause);
    out.emplace_back(ModbusRequest{*poll_tag_, options_.unit, poll_request(), false, expires, probe});
}

void ModbusGate::report_health(ModbusGateEffects& out) {
    const auto say = [&](std::variant<ReportOnline, ReportFault> health) {
        if (health_ == health) return;
        health_ = health;
        std::visit([&out](const auto& report) { out.emplace_back(report); }, health);
    };
    const bool refused = poll_refused_ || write_refused_;
    const bool stuck = std::ranges::any_of(sensors_, &GateSensor::is_stuck);
    switch (phase_) {
        case Phase::down: say(ReportFault{TurnstileFault::link_down}); return;
        case Phase::silent: say(ReportFault{TurnstileFault::no_answer}); return;
        case Phase::starting:
            if (refused) say(ReportFault{TurnstileFault::refused});
            return;
        case Phase::online:
            if (refused)
                say(ReportFault{TurnstileFault::refused});
            else if (stuck)
                say(ReportFault{TurnstileFault::sensor_stuck});
            else
                say(ReportOnline{});
            return;
    }
}

Bytes ModbusGate::poll_request() const {
    if (input_count_ > 0) return read_inputs(first_input_, input_count_);
    const auto& wired = options_.coils[0] ? options_.coils[0] : options_.coils[1];
    return read_coils(wired.value_or(0), 1);
}

// Of a direction that is wired: others are refused when they are asked for.
std::uint8_t ModbusGate::coil_address(Direction direction) const {
    auto address = options_.coils[index(direction)];
    return taken(address);
}

Bytes ModbusGate::pulse_request(Direction direction) const {
    const auto address = coil_address(direction);
    const auto tenths =
        static_cast<std::uint16_t>(std::max<std::int64_t>(1, options_.pulse_length / std::chrono::milliseconds(100)));
    switch (options_.pulse) {
        case ModbusPulse::waveshare: return write_coil(static_cast<std::uint16_t>(0x0200 + address), tenths);
        case ModbusPulse::lctech: {
            const std::array<std::uint16_t, 2> flash_on{0x0002, tenths};
            return write_registers(static_cast<std::uint16_t>(3 + address * 5), flash_on);
        }
        case ModbusPulse::timed: return write_coil(address, coil_on);
    }
    check(false, "a pulse is of a known kind");
    return {};
}

}  // namespace gatehouse::drivers
