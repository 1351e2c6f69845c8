#include "edge/admission/judge.hpp"

#include <algorithm>

#include "edge/admission/allowance.hpp"

namespace gatehouse::edge {

namespace {

Judgement refused(Reason reason, std::string_view hint = {}) {
    Judgement out;
    out.reason = reason;
    out.hint = hint;
    return out;
}

// What the lane itself forbids, whatever the ticket.
std::optional<Judgement> lane_fault(const ScanQuestion& question, const LaneFacts& lane) {
    if (lane.emergency) return refused(Reason::lane_closed, "emergency");
    if (lane.mode == LaneMode::closed) return refused(Reason::lane_closed);
    if (!lane.usable) return refused(Reason::lane_closed, "turnstile_down");
    if (lane.direction && *lane.direction != question.direction) return refused(Reason::wrong_direction);
    return std::nullopt;
}

std::optional<Judgement> code_fault(const ScanQuestion& question, const Presented& presented) {
    // Whoever holds a ticket came in on it, whatever is thought of its seller since.
    const bool leaves = question.direction == Direction::exit;
    switch (presented.standing) {
        case Standing::good: return std::nullopt;
        case Standing::unknown: return refused(Reason::unknown);
        case Standing::bad_signature: return refused(Reason::bad_signature);
        case Standing::unknown_seller:
            if (leaves || question.let_through) return std::nullopt;
            return refused(Reason::bad_signature, "unknown_seller");
        case Standing::revoked_key:
            if (leaves) return std::nullopt;
            return refused(Reason::revoked_key);
    }
    return refused(Reason::unknown);
}

std::optional<Judgement> state_fault(const ledger::TicketFacts& facts) {
    if (!facts.revocations.empty()) return refused(Reason::revoked);
    if (!facts.refunds.empty()) return refused(Reason::refunded);
    if (!facts.reissues.empty()) return refused(Reason::blocked);
    return std::nullopt;
}

// What the wall clock says against the ticket, or none.
Reason time_fault(const TicketPayload& ticket, const VenueFacts& venue) {
    if (venue.today < ticket.valid_from) return Reason::not_yet_valid;
    if (venue.today > ticket.valid_to) return Reason::expired;
    if (!ticket.session) return Reason::none;
    const std::int64_t opens = ticket.session->starts.value - std::int64_t{venue.grace_min} * 60'000;
    const bool within = venue.wall.value >= opens && venue.wall.value < ticket.session->ends.value;
    return within ? Reason::none : Reason::wrong_session;
}

void note(Judgement& judgement, Note what) {
    const auto at = std::ranges::lower_bound(judgement.notes, what);
    if (at == judgement.notes.end() || *at != what) judgement.notes.insert(at, what);
}

void note_ticket(Judgement& judgement, const TicketPayload& ticket) {
    if (ticket.check_id) note(judgement, Note::check_id);
    if (ticket.concession) note(judgement, Note::concession);
    if (ticket.persons > 1) note(judgement, Note::group);
}

std::uint16_t bounded(std::uint64_t persons) {
    return static_cast<std::uint16_t>(std::min<std::uint64_t>(persons, 0xffffU));
}

std::uint32_t left_of(std::uint64_t places) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(places, 0xffff'ffffU));
}

// Persons who left may come back the same business date without using anything.
bool returns(const ScanQuestion& question, const TicketPayload& ticket, const Allowance& allowance) {
    return ticket.reentry && allowance.outside > 0 && question.persons.value_or(1) <= allowance.outside;
}

// Reserves what the question asks for, or says why not.
Judgement reserved(const ScanQuestion& question, const TicketPayload& ticket, const Allowance& allowance) {
    Judgement out;
    out.decision = Decision::admit;
    const std::uint64_t places = allowance.places(ticket);
    if (returns(question, ticket, allowance)) {
        out.reentry = true;
        out.left = left_of(places);
        out.persons = question.persons.value_or(bounded(allowance.outside));
        // Who came in beside the ticket comes back beside it: as many as today's entries could bring.
        const std::uint64_t beside =
            std::uint64_t{ticket.companions} * std::max<std::uint32_t>(allowance.entries_today, 1);
        out.companions = bounded(std::min<std::uint64_t>(question.companions, beside));
        return out;
    }
    const std::uint64_t whole_entry = allowance.entry_rest > 0 ? allowance.entry_rest : ticket.persons;
    const std::uint64_t wanted = question.persons ? *question.persons : whole_entry;
    if (wanted == 0 || wanted > places) {
        const bool used_up = ticket.entries == 1 && places == 0;
        out = refused(used_up ? Reason::already_used : Reason::no_entries_left);
        out.first_admission = allowance.first;
        out.left = left_of(std::max<std::uint64_t>(places, ticket.reentry ? allowance.outside : 0));
        return out;
    }
    out.persons = bounded(wanted);
    out.left = left_of(places - wanted);
    const std::uint64_t entries =
        (wanted + ticket.persons - 1 - std::min<std::uint64_t>(wanted, allowance.entry_rest)) / ticket.persons +
        allowance.entries_today;
    const std::uint64_t free_places = entries * ticket.companions;
    const std::uint64_t companions_left =
        free_places > allowance.companions_used ? free_places - allowance.companions_used : 0;
    out.companions = bounded(std::min<std::uint64_t>(question.companions, companions_left));
    return out;
}

Judgement judge_exit(const ScanQuestion& question, const Presented& presented, const ledger::TicketFacts& facts,
                     const VenueFacts& venue) {
    Judgement out;
    out.decision = Decision::admit;
    const auto& ticket = *presented.payload;
    const auto allowance = allowance_of(ticket, facts, venue.dated.value_or(venue.today));
    // A family that came in on one ticket leaves on it; one that no node saw coming in leaves as one person. More than
    // the ticket is for leave together only when the attendant says so: some of them went out unseen before.
    const auto together = std::clamp<std::uint32_t>(allowance.inside, 1, std::max<std::uint32_t>(ticket.persons, 1));
    const auto leave = std::max<std::uint16_t>(question.persons.value_or(bounded(together)), 1);
    // Nobody is kept inside. But who leaves beyond those whom the ticket let in is counted beside it: each would be one
    // more whom it lets in again.
    out.persons = bounded(std::min<std::uint32_t>(leave, allowance.may_leave));
    out.companions = bounded(std::uint64_t{question.companions} + leave - out.persons);
    note_ticket(out, ticket);
    if (presented.standing != Standing::good) note(out, Note::unconfirmed);
    return out;
}

// What an isolated gate does with an admission that its own knowledge allows.
Judgement isolated(Judgement admitted, const ScanQuestion& question, const VenueFacts& venue) {
    if (!venue.isolated) return admitted;
    if (venue.policy == IsolatedPolicy::refuse) return refused(Reason::policy_isolated);
    if (venue.policy == IsolatedPolicy::ask && !question.let_through) return refused(Reason::policy_isolated, "ask");
    note(admitted, Note::unconfirmed);
    return admitted;
}

}  // namespace

Judgement judge(const ScanQuestion& question, const Presented& presented, const ledger::TicketFacts& facts,
                const LaneFacts& lane, const VenueFacts& venue) {
    if (auto fault = lane_fault(question, lane)) return *fault;
    if (auto fault = code_fault(question, presented)) return *fault;
    if (question.direction == Direction::exit) return judge_exit(question, presented, facts, venue);
    if (auto fault = state_fault(facts)) return *fault;

    const auto& ticket = *presented.payload;
    if (std::ranges::find(ticket.zones, lane.zone) == ticket.zones.end()) return refused(Reason::wrong_zone);

    const Reason by_wall = time_fault(ticket, venue);
    if (venue.clock_suspect) {
        if (venue.floor_date > ticket.valid_to) return refused(Reason::expired);
    } else if (by_wall != Reason::none) {
        return refused(by_wall);
    }

    auto out = reserved(question, ticket, allowance_of(ticket, facts, venue.dated.value_or(venue.today)));
    if (out.decision == Decision::refuse) return out;
    note_ticket(out, ticket);
    if (by_wall != Reason::none) note(out, Note::clock_suspect);
    if (presented.standing == Standing::unknown_seller) note(out, Note::unconfirmed);
    out = isolated(std::move(out), question, venue);
    if (out.decision == Decision::admit && lane.mode == LaneMode::free) {
        if (out.left && !out.reentry) *out.left += out.persons;
        out.persons = out.companions = 0;
    }
    return out;
}

}  // namespace gatehouse::edge
