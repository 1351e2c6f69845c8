// Scans: from a text to a recorded verdict.
#include <algorithm>
#include <utility>

#include "edge/admission/allowance.hpp"
#include "edge/desk/state.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

Signal signal_of(const ScanReply& reply) {
    if (reply.decision == Decision::refuse) return Signal::refused;
    const auto asks = [](Note note) { return note != Note::group; };
    return std::ranges::any_of(reply.notes, asks) ? Signal::attention : Signal::welcome;
}

ScanReply refusal(Reason reason) {
    ScanReply reply;
    reply.decision = Decision::refuse;
    reply.reason = reason;
    return reply;
}

}  // namespace

void Desk::State::scan(const Scan& command, const CommandReceived& from, Step& step) {
    // Before a catalogue was seen nobody's roles are known: no ground to let anybody in, nor to call it forbidden.
    const bool roles_known = catalogue.version != 0;
    if (roles_known && !allowed(from, {Role::attendant, Role::supervisor}, step)) return;
    auto* lane = lane_named(command.lane);
    if (!lane) return answer(from, fail(ErrorCode::not_found, "no such lane"), step);
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (command.code.empty() || command.code.size() > limits::code)
        return answer(from, fail(ErrorCode::invalid_body, "code"), step);
    if (command.persons && (*command.persons == 0 || *command.persons > limits::persons))
        return answer(from, fail(ErrorCode::invalid_body, "persons"), step);
    if (command.companions.value_or(0) > limits::persons)
        return answer(from, fail(ErrorCode::invalid_body, "companions"), step);
    if (!roles_known) return answer(from, Reply{refusal(Reason::storage_unavailable)}, step);
    if (answered_before(command.id, from, step)) return;

    ScanRequest scan;
    scan.text = command.code;
    scan.code = digest_of(command.code);
    scan.direction = command.direction.value_or(lane->options.direction.value_or(Direction::entry));
    scan.token = from.token.value;
    scan.id = command.id;
    scan.actor = from.actor.name;
    scan.persons = command.persons;
    scan.companions = command.companions.value_or(0);
    scan.let_through = command.let_through;
    run(*lane, ScanArrived{std::move(scan)}, step);
}

void Desk::State::run(Lane& lane, const LaneEvent& event, Step& step) {
    for (auto& effect : lane.session.step(event, step.clock.now)) {
        std::visit(Match{[&](const JudgeScan& wanted) { judge_scan(lane, wanted.scan, step); },
                         [&](const AttachScan& attached) { attach(lane, attached, step); },
                         [&](const RejectBusy& rejected) { reject_busy(lane, rejected.scan, step); },
                         [&](const SendOpen& open) {
                             step.out.emplace_back(OpenBarrier{*lane.options.turnstile, open.direction, open.id});
                         },
                         [&](const SendHold& hold) {
                             step.out.emplace_back(HoldOpen{*lane.options.turnstile, hold.hold, hold.direction});
                         },
                         [&](const SendRelease& release) {
                             step.out.emplace_back(ReleaseBarrier{*lane.options.turnstile, release.hold});
                         },
                         [&](const RecordPassage& record) { passage_ended(lane, record.passage, step); },
                         [&](const RecordCount& counted) {
                             write_or_owe(LaneCounted{lane.options.name,
                                                      lane.options.gate,
                                                      lane.options.zone,
                                                      counted.direction,
                                                      counted.cause,
                                                      counted.persons,
                                                      {}},
                                          {}, step);
                         },
                         [&](const RaiseAlarm& alarm) {
                             ScanReply none;
                             none.hint = std::string{alarm_word(alarm.cause)};
                             step.out.emplace_back(ShowVerdict{lane.options.name, Signal::alarm, std::move(none)});
                         },
                         [&](const ShowPhase&) { publish(lane, step); }},
                   effect);
    }
}

ledger::TicketFacts Desk::State::facts_of(const TicketId& id) {
    auto facts = reader.ticket(id);
    facts.id = id;
    overlay.apply_to(facts);
    return facts;
}

void Desk::State::passed(ScanStage stage) const {
    if (options.passed) options.passed(stage);
}

Presented Desk::State::present(Lane& lane, const std::string& text, ledger::TicketFacts& facts) {
    const auto seen = std::exchange(lane.foreseen, std::nullopt);
    if (!seen || seen->text != text || seen->revision != revision) return present(text, facts);
    facts = seen->facts;
    return seen->presented;
}

Presented Desk::State::present(const std::string& text, ledger::TicketFacts& facts) {
    const auto code = decode_code(text);
    passed(ScanStage::decode);
    if (code) {
        facts = facts_of(code->payload.id);
        passed(ScanStage::look_up);
        auto sale = facts.origin ? SaleRecord::held : SaleRecord::unheard;
        if (facts.issued && *facts.issued == issued_code(text)) sale = SaleRecord::names_code;
        const auto standing = keys.standing(*code, sale);
        passed(ScanStage::verify);
        return {standing, code->payload};
    }
    auto id = overlay.order_by_code(text);
    if (!id) id = reader.order_by_code(text);
    if (!id) return {};
    facts = facts_of(*id);
    passed(ScanStage::look_up);
    if (!facts.origin || !facts.origin->order_code) return {};
    auto payload = facts.origin->payload;
    complete(payload);
    return {Standing::good, std::move(payload)};
}

// An order says product, persons and dates; what else its product gives is the catalogue's to say.
void Desk::State::complete(TicketPayload& order) const {
    const auto* product = catalogue.product(order.product);
    if (!product) return;
    order.zones = product->zones;
    std::ranges::sort(order.zones);
    order.reentry = product->reentry;
    order.check_id = product->check_id;
    order.companions = static_cast<std::uint8_t>(std::min<std::uint16_t>(product->companions, 255));
}

void Desk::State::judge_scan(Lane& lane, const ScanRequest& scan, Step& step) {
    if (!outbox.is_open()) {
        answer_scan(lane, scan, refusal(Reason::storage_unavailable), step.out);
        return run(lane, NotGranted{}, step);
    }
    write_owed(step);  // how the ticket's last passage ended may be among that
    ledger::TicketFacts facts;
    const auto presented = present(lane, scan.text, facts);
    if (reader.fault() != ledger::Fault::none) {
        // Not knowing what was used is no ground for letting anybody in.
        answer_scan(lane, scan, refusal(Reason::storage_unavailable), step.out);
        return run(lane, NotGranted{}, step);
    }
    const auto* product = presented.payload ? catalogue.product(presented.payload->product) : nullptr;
    const LaneFacts lane_facts{lane.options.zone, lane.options.direction, lane.session.mode(), emergency,
                               lane.session.usable(scan)};
    const VenueFacts venue{date_of(step.clock.wall),
                           step.clock.wall,
                           step.quality == ClockQuality::suspect,
                           date_of(floor.floor()),
                           catalogue.limits.session_grace_min,
                           isolated(),
                           product ? product->isolated : IsolatedPolicy::admit,
                           step.today};
    const ScanQuestion question{scan.direction, scan.persons, scan.companions, scan.let_through};
    const auto judgement = judge(question, presented, facts, lane_facts, venue);

    Verdict verdict;
    verdict.id = scan.id;
    verdict.lane = lane.options.name;
    verdict.gate = lane.options.gate;
    verdict.zone = lane.options.zone;
    verdict.direction = scan.direction;
    verdict.mode = lane.session.mode();
    verdict.decision = judgement.decision;
    verdict.reason = judgement.reason;
    verdict.notes = judgement.notes;
    const bool believed = presented.standing == Standing::good || presented.standing == Standing::revoked_key ||
                          judgement.decision == Decision::admit;
    if (presented.payload && believed) verdict.ticket = presented.payload->id;
    if (presented.payload && believed) verdict.product = presented.payload->product;
    verdict.code = scan.code;
    verdict.persons = judgement.persons;
    verdict.companions = judgement.companions;
    verdict.reentry = judgement.reentry;
    verdict.confirmation = lane.session.confirmation();
    decided(lane, scan, std::move(verdict), reply_of(judgement, facts), step);
}

void Desk::State::decided(Lane& lane, const ScanRequest& scan, Verdict verdict, ScanReply reply, Step& step) {
    reply.ticket = verdict.ticket;
    reply.product = verdict.product;
    const bool refused = verdict.decision == Decision::refuse;
    if (refused && !scan.token && lane.repeats.repeats(verdict, step.clock.now)) {
        reply.verdict = lane.repeats.first();
        Effects then;
        answer_scan(lane, scan, reply, then);
        wait_for(*reply.verdict, std::move(then), step);
        return run(lane, NotGranted{}, step);
    }
    record_repeats(lane, step);
    reply.verdict = outbox.next();
    Effects then;
    answer_scan(lane, scan, reply, then);
    const auto record = write(verdict, scan.actor, std::move(then), step);
    outbox.also(record->ref(), PublishRecord{record});
    if (refused && !scan.token) lane.repeats.recorded(verdict, record->ref(), step.clock.now);
    const bool passage_follows =
        !refused && verdict.confirmation == Confirmation::by_passage && verdict.persons + verdict.companions > 0;
    if (!passage_follows) {
        if (!refused)
            run(lane, CountedAtOnce{scan.direction, std::uint32_t{verdict.persons} + verdict.companions}, step);
        return run(lane, NotGranted{}, step);
    }
    lane.granted = record->ref();
    lane.ticket = verdict.ticket;
    lane.direction = scan.direction;
    lane.shown = reply;
    run(lane, Granted{record->ref(), scan.code, scan.direction, verdict.persons, verdict.companions}, step);
}

ScanReply Desk::State::reply_of(const Judgement& judgement, const ledger::TicketFacts& facts) const {
    ScanReply reply;
    reply.decision = judgement.decision;
    reply.reason = judgement.reason;
    reply.notes = judgement.notes;
    reply.hint = judgement.hint;
    reply.persons = judgement.persons;
    reply.companions = judgement.companions;
    reply.left = judgement.left;
    if (judgement.first_admission) reply.first_admission = admission_of(facts, *judgement.first_admission);
    return reply;
}

// The answer to a scan that was answered before, from its record alone.
ScanReply Desk::State::reply_again(RecordRef ref, const Verdict& verdict) {
    ScanReply reply;
    reply.verdict = ref;
    reply.decision = verdict.decision;
    reply.reason = verdict.reason;
    reply.notes = verdict.notes;
    reply.persons = verdict.persons;
    reply.companions = verdict.companions;
    reply.ticket = verdict.ticket;
    reply.product = verdict.product;
    const bool used = verdict.reason == Reason::already_used || verdict.reason == Reason::no_entries_left;
    if (!used || !verdict.ticket) return reply;
    const auto facts = facts_of(*verdict.ticket);
    if (!facts.origin && facts.uses.empty()) return reply;
    const TicketPayload any;
    Judgement judgement;
    judgement.first_admission = allowance_of(facts.origin ? facts.origin->payload : any, facts, Date{}).first;
    reply.first_admission = reply_of(judgement, facts).first_admission;
    return reply;
}

void Desk::State::attach(Lane& lane, const AttachScan& attached, Step& step) {
    // A scanner's second reading of the same code needs no second welcome.
    if (!attached.scan.token) return;
    // Recorded, so that the same id is answered the same way after a restart, too.
    if (!outbox.is_open()) return answer_scan(lane, attached.scan, refusal(Reason::storage_unavailable), step.out);
    Effects then;
    answer_scan(lane, attached.scan, lane.shown, then);
    write(ScanJoined{attached.scan.id, attached.verdict}, attached.scan.actor, std::move(then), step);
}

void Desk::State::reject_busy(const Lane& lane, const ScanRequest& scan, Step& step) const {
    ScanReply busy = refusal(Reason::lane_closed);
    busy.hint = "busy";
    busy.busy = true;
    answer_scan(lane, scan, busy, step.out);
}

void Desk::State::answer_scan(const Lane& lane, const ScanRequest& scan, const ScanReply& reply, Effects& out) const {
    out.emplace_back(ShowVerdict{lane.options.name, reply.busy ? Signal::busy : signal_of(reply), reply});
    if (scan.token) out.emplace_back(Answer{CommandToken{*scan.token}, Reply{reply}});
    for (const auto token : scan.repeated) out.emplace_back(Answer{CommandToken{token}, Reply{reply}});
}

void Desk::State::record_repeats(Lane& lane, Step& step) {
    if (auto counted = lane.repeats.take(); counted && outbox.is_open()) write(std::move(*counted), {}, {}, step);
}

}  // namespace gatehouse::edge
