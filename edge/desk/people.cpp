// Who may do what, logging in, and an operator's order to replay.
#include <algorithm>
#include <utility>

#include "edge/desk/login_guard.hpp"
#include "edge/desk/state.hpp"
#include "edge/ticketing/paper.hpp"

namespace gatehouse::edge {

void Desk::State::answer(CommandToken token, Result<Reply> reply, Step& step) const {
    step.out.emplace_back(Answer{token, std::move(reply)});
}

void Desk::State::answer(const CommandReceived& from, Result<Reply> reply, Step& step) const {
    answer(from.token, std::move(reply), step);
}

// An administrator may everything; a supervisor is named where one is meant.
bool Desk::State::may(const OperatorName& name, std::initializer_list<Role> roles) const {
    const auto* person = catalogue.operator_named(name);
    if (!person) return false;
    const auto grants = [&](Role role) {
        return role == Role::administrator || std::find(roles.begin(), roles.end(), role) != roles.end();
    };
    return std::ranges::any_of(person->roles, grants);
}

bool Desk::State::allowed(const CommandReceived& from, std::initializer_list<Role> roles, Step& step) const {
    if (may(from.actor.name, roles)) return true;
    // Before a catalogue was seen nobody's roles are known: that is no refusal.
    answer(from,
           catalogue.version == 0 ? fail(ErrorCode::storage_unavailable, "the journal is not open")
                                  : needs_role({roles.begin(), roles.size()}),
           step);
    return false;
}

ledger::LoginFacts& Desk::State::login_of(const OperatorName& name) {
    // Names that nobody has share one count, so that guessing names fills neither memory nor journal.
    const OperatorName counted = catalogue.operator_named(name) ? name : OperatorName{};
    const auto at = logins.find(counted);
    if (at != logins.end()) return at->second;
    ledger::LoginFacts facts;
    if (started && !counted.value.empty()) facts = reader.login(options.journal.node, counted);
    return logins.emplace(counted, facts).first->second;
}

// Wrong PINs that were counted in memory alone come to those that the journal knows of.
void Desk::State::add_login_failures() {
    for (auto& [name, facts] : logins)
        if (facts.failures > 0 && !name.value.empty())
            facts.failures += reader.login(options.journal.node, name).failures;
}

void Desk::State::log_in(const Login& command, const CommandReceived& from, Step& step) {
    auto& facts = login_of(command.operator_name);
    if (const auto wait = wait_left(facts, step.clock); wait > Duration::zero()) {
        Error locked = fail(ErrorCode::locked_out, "too many wrong PINs");
        locked.retry_after_s = static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(wait).count());
        return answer(from, locked, step);
    }
    // Counted before the PIN is looked at, so that a power cut cannot take the failure back.
    ++facts.failures;
    facts.last_attempt = step.clock.wall;
    facts.last_boot = step.clock.boot;
    facts.last_boot_ns = static_cast<std::uint64_t>(step.clock.now.time_since_epoch().count());

    const auto* person = catalogue.operator_named(command.operator_name);
    pin_checks[from.token] = {command.operator_name, person != nullptr};
    const CheckPin check{from.token, person ? person->pin_hash : std::string{}};
    if (outbox.is_open() && person)
        write(LoginAttempted{command.operator_name}, command.operator_name, {check}, step);
    else
        step.out.emplace_back(check);
}

void Desk::State::on(const PinChecked& event, Step& step) {
    const auto at = pin_checks.find(event.token);
    if (at == pin_checks.end()) return;
    const auto checked = at->second;
    pin_checks.erase(at);
    const auto* person = catalogue.operator_named(checked.name);
    if (!event.matched || !checked.known || !person)
        return answer(event.token, fail(ErrorCode::unauthenticated, "wrong name or PIN"), step);
    login_of(checked.name).failures = 0;
    const Answer reply{event.token, Reply{LoginReply{checked.name, person->roles, catalogue.version}}};
    if (outbox.is_open())
        write(LoginSucceeded{checked.name}, checked.name, {reply}, step);
    else
        step.out.emplace_back(reply);
}

void Desk::State::resync(const OrderResync& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::operator_}, step)) return;
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    const auto head = outbox.synced_head();
    const Seq first = command.from.value_or(Seq{1});
    const Seq last = std::min(command.to.value_or(head), head);
    if (command.to && first > *command.to) return answer(from, fail_at("from", Why::order, "is after to"), step);
    if (first.value == 0 || first > last)
        return answer(from, fail(ErrorCode::invalid_body, "from: beyond the head"), step);
    const auto ref = outbox.next();
    write(ResyncOrdered{outbox.journal().epoch, first, last}, from.actor.name,
          {Answer{from.token, Reply{DoneReply{ref, true, Safety::disk}}},
           StartResync{ref, outbox.journal(), first, last}},
          step);
}

// Only people who run the place listen to what passes through a port.
void Desk::State::order_device(const OrderDevice& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::supervisor, Role::operator_, Role::manager}, step)) return;
    if (!options.devices.contains(command.device))
        return answer(from, fail(ErrorCode::not_found, "there is no device " + command.device.value), step);
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    InstructDevice instruct{from.token, command.device, command.order, {}};
    if (command.order == DeviceOrder::test)
        instruct.paper =
            test_paper(options.venue_name, command.device, options.calendar.format_minute(step.clock.wall));
    write(DeviceOrdered{command.device, command.order}, from.actor.name, {std::move(instruct)}, step);
}

}  // namespace gatehouse::edge
