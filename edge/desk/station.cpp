// Turnstiles, lane modes, the emergency, and passages that people resolve.
#include <algorithm>
#include <utility>

#include "edge/desk/state.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

std::string_view Desk::State::alarm_word(std::optional<CountCause> cause) {
    if (!cause) return drivers::to_string(drivers::GateInput::alarm);
    switch (*cause) {
        case CountCause::tailgate: return "tailgate";
        case CountCause::wrong_way: return "wrong_way";
        case CountCause::intrusion: return "intrusion";
        case CountCause::free_mode:
        case CountCause::green_mode:
        case CountCause::emergency:
        case CountCause::let_through: break;
    }
    return "counted";
}

Lane* Desk::State::lane_named(const LaneName& name) {
    const auto at = std::ranges::find_if(lanes, [&](const Lane& lane) { return lane.options.name == name; });
    return at == lanes.end() ? nullptr : &*at;
}

void Desk::State::publish(const Lane& lane, Step& step) const {
    step.out.emplace_back(PublishLane{lane.options.name, lane.session.mode(), lane.session.phase(),
                                      lane.session.emergency(), std::string{lane.session.trouble()}});
}

void Desk::State::passage_ended(Lane& lane, const Passage& passage, Step& step) {
    if (passage.outcome == PassageOutcome::turned && lane.direction == Direction::entry)
        lane.admitted_today += std::uint32_t{passage.persons} + passage.companions;
    if (const auto record = write_or_owe(passage, {}, step)) outbox.also(record->ref(), PublishRecord{record});
    if (lane.session.waiting_for() == 0) lane.granted.reset();
}

void Desk::State::on(const TurnstileReported& event, Step& step) {
    const auto at = std::ranges::find_if(lanes, [&](const Lane& l) { return l.options.turnstile == event.turnstile; });
    if (at == lanes.end()) return;
    auto& lane = *at;
    std::visit(Match{[&](const drivers::ReportOpened& r) { run(lane, Opened{r.id}, step); },
                     [&](const drivers::ReportOpenFailed& r) { run(lane, OpenFailed{r.id, r.failure}, step); },
                     [&](const drivers::ReportPassed& r) { run(lane, Passed{r.direction}, step); },
                     [&](const drivers::ReportInput& r) {
                         switch (r.input) {
                             case drivers::GateInput::fire: fire_input(event.turnstile, r.active, step); break;
                             case drivers::GateInput::alarm:
                                 run(lane, AlarmSensed{r.active}, step);
                                 note_turnstile(event.turnstile, lane.session, step);
                                 break;
                         }
                     },
                     [](const drivers::ReportHeld&) {},
                     [&](const drivers::ReportOnline&) {
                         run(lane, TurnstileOnline{}, step);
                         note_turnstile(event.turnstile, lane.session, step);
                     },
                     [&](const drivers::ReportFault& r) {
                         const bool gone = r.fault == drivers::TurnstileFault::link_down ||
                                           r.fault == drivers::TurnstileFault::no_answer;
                         run(lane, TurnstileFaulted{r.fault}, step);
                         note_device(event.turnstile, gone ? DeviceState::offline : DeviceState::fault,
                                     std::string{drivers::to_string(r.fault)}, step);
                     }},
               event.report);
}

// Latched: only a person ends it, and not before every such input has ended too.
void Desk::State::fire_input(const DeviceName& turnstile, bool active, Step& step) {
    if (active) {
        burning.insert(turnstile);
        set_emergency(true, "fire_input", {}, std::nullopt, step);
        return;
    }
    burning.erase(turnstile);
    if (!burning.empty() || !release_by) return;
    const auto actor = *std::exchange(release_by, std::nullopt);
    set_emergency(false, "operator", actor, std::nullopt, step);
}

// A trouble of its own comes before its alarm, and was noted already.
void Desk::State::note_turnstile(const DeviceName& turnstile, const LaneSession& lane, Step& step) {
    if (!lane.works()) return;
    if (lane.alarmed())
        note_device(turnstile, DeviceState::fault, std::string{alarm_word(std::nullopt)}, step);
    else
        note_device(turnstile, DeviceState::online, {}, step);
}

void Desk::State::note_device(const DeviceName& device, DeviceState state, const std::string& reason, Step& step) {
    const std::pair now{state, reason};
    const auto [at, fresh] = devices.try_emplace(device, now);
    if (!fresh && at->second == now) return;
    at->second = now;
    write_or_owe(DeviceChanged{device, state, reason}, {}, step);
}

void Desk::State::let_through(const LetThrough& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::attendant, Role::supervisor}, step)) return;
    auto* lane = lane_named(command.lane);
    if (!lane) return answer(from, fail(ErrorCode::not_found, "no such lane"), step);
    if (command.reason.empty() || command.reason.size() > limits::text)
        return answer(from, fail_at("reason", Why::missing, "is needed"), step);
    if (command.persons == 0 || command.persons > limits::persons)
        return answer(from, fail(ErrorCode::invalid_body, "persons"), step);
    const auto direction = command.direction.value_or(lane->options.direction.value_or(Direction::entry));
    if (lane->options.direction && *lane->options.direction != direction)
        return answer(from, fail_at("direction", Why::other_way, "the lane is for the other way"), step);
    if (command.id && !is_client_id(command.id->value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (command.id && answered_before(*command.id, from, step)) return;
    if (emergency || lane->session.mode() == LaneMode::free)
        return answer(from, fail(ErrorCode::invalid_body, "lane: everybody walks through and is counted"), step);
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    if (lane->session.waiting_for() > 0)
        return answer(from, Error{ErrorCode::unavailable, "somebody is on the way through", 1, Why::none, {}}, step);

    write_owed(step);
    const auto counted = write(LaneCounted{lane->options.name, lane->options.gate, lane->options.zone, direction,
                                           CountCause::let_through, command.persons, command.reason},
                               from.actor.name, {}, step);
    outbox.also(counted->ref(), PublishRecord{counted});
    // The order comes last, and nothing opens before it is on disk: an id that was answered is one that is known.
    const auto last =
        command.id ? write(LetThroughOrdered{*command.id, counted->ref()}, from.actor.name, {}, step) : counted;
    outbox.also(last->ref(), Answer{from.token, Reply{DoneReply{counted->ref(), true, Safety::disk}}});
    if (lane->session.confirmation() == Confirmation::at_once) return;
    lane->granted = last->ref();
    lane->ticket.reset();
    lane->direction = direction;
    lane->shown = {};
    run(*lane, Granted{last->ref(), {}, direction, command.persons, 0, true}, step);
}

void Desk::State::set_mode(const SetLaneMode& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::attendant, Role::supervisor, Role::operator_}, step)) return;
    auto* lane = lane_named(command.lane);
    if (!lane) return answer(from, fail(ErrorCode::not_found, "no such lane"), step);
    if (command.reason.size() > limits::text) return answer(from, fail(ErrorCode::invalid_body, "reason"), step);
    LaneModeSet body{command.lane, command.mode, command.reason};
    if (!outbox.is_open()) {
        write_or_owe(std::move(body), from.actor.name, step);
        run(*lane, ModeSet{command.mode}, step);
        return answer(from, Reply{DoneReply{std::nullopt, false, Safety::disk}}, step);
    }
    write_owed(step);  // what happened before comes before
    const auto ref = outbox.next();
    write(std::move(body), from.actor.name, {Answer{from.token, Reply{DoneReply{ref, true, Safety::disk}}}}, step);
}

void Desk::State::set_emergency(bool open, const std::string& cause, const OperatorName& actor,
                                std::optional<CommandToken> token, Step& step) {
    if (!open && !burning.empty()) {
        release_by = actor;
        if (token) answer(*token, Reply{DoneReply{std::nullopt, false, Safety::disk}}, step);
        return;
    }
    release_by.reset();
    const bool changed = emergency != open;
    emergency = open;
    emergency_told = true;
    // Before what follows from it: passages whose end nobody saw, and the next in line, who is refused.
    if (outbox.is_open()) {
        write_owed(step);
        Effects then;
        if (token) then.emplace_back(Answer{*token, Reply{DoneReply{outbox.next(), true, Safety::disk}}});
        if (changed || token) write(EmergencySet{open, cause}, actor, std::move(then), step);
    } else {
        if (changed) write_or_owe(EmergencySet{open, cause}, actor, step);
        if (token) answer(*token, Reply{DoneReply{std::nullopt, false, Safety::disk}}, step);
    }
    for (auto& lane : lanes) run(lane, EmergencyTurned{open}, step);
    if (changed) step.out.emplace_back(StoreLatch{open});
}

void Desk::State::on(const LatchFound& event, Step& step) {
    emergency_told = true;
    if (event.open && !emergency) set_emergency(true, "latch", {}, std::nullopt, step);
}

void Desk::State::resolve(const ResolvePassage& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::attendant, Role::supervisor}, step)) return;
    if (command.outcome == PassageOutcome::unknown)
        return answer(from, fail(ErrorCode::invalid_body, "outcome: turned or abandoned"), step);
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    write_owed(step);  // its end may be among that
    const auto record = record_at(command.verdict);
    const auto* verdict = record ? std::get_if<Verdict>(&record->body) : nullptr;
    const auto facts = verdict && verdict->ticket ? facts_of(*verdict->ticket) : ledger::TicketFacts{};
    if (unreadable(from, step)) return;
    const auto use = facts.uses.find(command.verdict);
    if (use == facts.uses.end()) return answer(from, fail(ErrorCode::not_found, "no such passage"), step);

    Passage left{command.verdict, command.outcome, Evidence::attendant, 0, 0};
    bool closed = false;  // by any attendant, at whichever node
    for (const auto& [ref, passage] : use->second.passages) {
        if (passage.evidence == Evidence::attendant && passage.outcome == command.outcome) {  // asked again
            Effect same = Answer{from.token, Reply{DoneReply{ref, true, safety_of(ref)}}};
            return wait_for(ref, {std::move(same)}, step);
        }
        if (passage.evidence == Evidence::attendant) closed = true;
        if (passage.outcome != PassageOutcome::unknown) continue;
        left.persons = static_cast<std::uint16_t>(left.persons + passage.persons);
        left.companions = static_cast<std::uint16_t>(left.companions + passage.companions);
    }
    if (closed || left.persons + left.companions == 0)
        return answer(from, fail(ErrorCode::not_found, "nothing of this passage is unknown"), step);
    const auto ref = outbox.next();
    write(left, from.actor.name, {Answer{from.token, Reply{DoneReply{ref, true, Safety::disk}}}}, step);
}

}  // namespace gatehouse::edge
