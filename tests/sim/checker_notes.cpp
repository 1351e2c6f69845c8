// Checker: the invariants of each kind of record, as it becomes durable.
#include <fmt/core.h>

#include "schemas/ticket/ticket_code.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/venue.hpp"

namespace gatehouse::sim {

bool Checker::settled(const std::map<std::pair<NodeId, NodeId>, Instant>& since, NodeId a, NodeId b, Instant when) {
    const auto found = since.find(std::minmax(a, b));
    return found != since.end() && found->second + settled_within <= when;
}

// It comes back from whoever wrote it, and what the node wrote itself from central.
bool Checker::may_miss(const RecordRef& ref, Instant at, NodeId node, Instant when) const {
    const auto lost = lost_at_.find(node);
    if (lost == lost_at_.end() || at > lost->second) return false;
    return !settled(untampered_since_, ref.node == node ? central_node : ref.node, node, when);
}

bool Checker::was_visible(const Act& act, NodeId node, Instant when) const {
    if (may_miss(act.ref, act.at, node, when)) return false;
    if (act.ref.node == node) return true;
    if (act.at + visible_within <= when && settled(untampered_since_, act.ref.node, node, when)) return true;
    return act.at + settled_within <= when && settled(well_since_, act.ref.node, node, when);
}

void Checker::check_unseen(const std::map<RecordRef, Act>& acts, const Header& header, const char* what,
                           const TicketId& ticket) {
    for (const auto& [ref, act] : acts)
        if (was_visible(act, header.node, decided(header.ref())))
            world_.fail(fmt::format("{} within sight: {} by {} and {}", what, to_string(ticket), to_string(ref),
                                    to_string(header.ref())));
}

std::uint32_t Checker::held_within_sight(const Ticket& ticket, NodeId node, Instant when) const {
    std::uint32_t held = 0;
    for (const auto& [ref, use] : ticket.uses)
        if (was_visible(use, node, when)) held += use.persons - use.released;
    return held;
}

TicketId Checker::add_ticket(const Bytes& octets) {
    const auto payload = decode_payload(octets);
    if (!payload) {
        world_.fail("a ticket's payload does not decode");
        return {};
    }
    auto& ticket = tickets_[payload->id];
    ticket.right = std::uint32_t{payload->persons} * payload->entries;
    ticket.payload = *payload;
    return payload->id;
}

void Checker::note(const Header& header, const Sale& sale) {
    std::int64_t due = 0;
    std::int64_t given = 0;
    std::int64_t cash = -sale.change.value;
    for (const auto& line : sale.lines) {
        due += line.unit_price.value * line.quantity;
        if (!line.session) continue;
        auto& left = units_[{header.node, *line.session}];
        left -= static_cast<std::int64_t>(line.quantity) * std::max<std::int64_t>(1, line.persons);
        if (left < 0) world_.fail(fmt::format("oversold: {} by node {}", line.session->value, header.node.value));
    }
    for (const auto& tender : sale.tenders) {
        given += tender.amount.value;
        if (tender.kind == TenderKind::cash) cash += tender.amount.value;
    }
    if (due != sale.total.value || given - sale.change.value != due)
        world_.fail("the money of a sale does not balance: " + to_string(header.ref()));
    cash_[sale.shift] += cash;
    for (const auto& ticket : sale.tickets) add_ticket(ticket);
}

void Checker::note(const Header& header, const Refund& refund) {
    std::int64_t back = 0;
    std::int64_t given = 0;
    for (const auto& ticket : refund.tickets) {
        back += ticket.amount.value;
        auto& known = tickets_[ticket.ticket];
        check_unseen(known.refunds, header, "refunded twice", ticket.ticket);
        check_unseen(known.reissues, header, "refunded after it was replaced", ticket.ticket);
        check_unseen(known.revocations, header, "refunded after it was revoked", ticket.ticket);
        known.refunds[header.ref()] = {header.ref(), world_.now(), 0, 0};
    }
    for (const auto& tender : refund.tenders) {
        given += tender.amount.value;
        if (tender.kind == TenderKind::cash) cash_[refund.shift] -= tender.amount.value;
    }
    if (back != refund.total.value || given != back)
        world_.fail("the money of a refund does not balance: " + to_string(header.ref()));
}

void Checker::note(const Header& header, const Reissue& reissue) {
    const TicketId fresh = add_ticket(reissue.ticket);
    Ticket& old = tickets_[reissue.replaced];
    check_unseen(old.refunds, header, "replaced after a refund", reissue.replaced);
    check_unseen(old.reissues, header, "replaced twice", reissue.replaced);
    check_unseen(old.revocations, header, "replaced after it was revoked", reissue.replaced);
    const std::uint32_t given = tickets_[fresh].right;
    const std::uint32_t held = held_within_sight(old, header.node, decided(header.ref()));
    if (old.right > 0 && given + held > old.right)
        world_.fail(fmt::format("replaced beyond its right: {} by {}: {} persons and {} admitted of {}",
                                to_string(reissue.replaced), to_string(header.ref()), given, held, old.right));
    old.reissues[header.ref()] = {header.ref(), world_.now(), 0, 0};
}

void Checker::note(const Header& header, const TicketRevoked& revoked) {
    tickets_[revoked.ticket].revocations[header.ref()] = {header.ref(), world_.now(), 0, 0};
}

void Checker::note(const Header& header, const OrderImported& order) {
    const TicketId id{header.ref(), 1};
    auto& ticket = tickets_[id];
    ticket.right = std::uint32_t{order.persons} * order.entries;
    ticket.order = Act{header.ref(), world_.now(), 0, 0};
    TicketPayload& payload = ticket.payload.emplace();
    payload.id = id;
    payload.product = order.product;
    payload.persons = order.persons;
    payload.entries = order.entries;
    payload.valid_from = order.valid_from;
    payload.valid_to = order.valid_to;
    if (const auto* product = venue_.catalogue.product(order.product)) payload.zones = product->zones;
    know_code(order.code, id);
}

bool Checker::has_been(bool connected, NodeId self, NodeId other, Instant when) const {
    const auto contact = contacts_.find({self, other});
    return contact != contacts_.end() && contact->second.is == connected &&
           contact->second.since + visible_within <= when;
}

// A gate that misses central and one of the others says so, and none that has central does.
void Checker::check_isolation(const Header& header, const Verdict& verdict) {
    if (verdict.repeats > 0) return;  // refusals of before, counted; each was judged when it was read
    const NodeId self = header.node;
    const Instant when = decided(header.ref());
    const bool said =
        verdict.reason == Reason::policy_isolated || std::ranges::count(verdict.notes, Note::unconfirmed) > 0;
    if (said && has_been(true, self, central_node, when))
        return world_.fail("isolated with central connected: " + to_string(header.ref()));
    if (said || verdict.decision == Decision::refuse || verdict.direction == Direction::exit) return;
    if (!introduced_.contains(self) || !has_been(false, self, central_node, when)) return;
    for (const NodeId other : venue_.nodes())
        if (other != self && has_been(false, self, other, when))
            world_.fail(fmt::format("admitted without a word while node {} was not heard: {}", other.value,
                                    to_string(header.ref())));
}

void Checker::note(const Header& header, const Verdict& verdict) {
    check_isolation(header, verdict);
    if (verdict.decision != Decision::admit) return check_refusal(header, verdict);
    if (verdict.direction == Direction::entry) ++admissions_;
    if (verdict.confirmation == Confirmation::by_passage)
        for (const auto& lane : venue_.plan(header.node).lanes)
            if (lane.name == verdict.lane && lane.turnstile)
                may_open_[{header.node, *lane.turnstile}] += verdict.persons + verdict.companions;
    if (!verdict.ticket || verdict.direction != Direction::entry || verdict.reentry) return;
    Ticket& ticket = tickets_[*verdict.ticket];
    const Instant when = decided(header.ref());
    const std::uint32_t known = verdict.persons + held_within_sight(ticket, header.node, when);
    std::uint32_t all = verdict.persons;
    for (const auto& [ref, use] : ticket.uses) all += use.persons - use.released;
    if (known > ticket.right && ticket.right > 0) {
        for (const auto& [ref, use] : ticket.uses)
            world_.trace(fmt::format("  held by {}: {} persons, {} given back, visible {}", to_string(ref), use.persons,
                                     use.released, was_visible(use, header.node, when)));
        world_.fail(fmt::format("admitted twice within sight: {} by {}: {} persons of {}", to_string(*verdict.ticket),
                                to_string(header.ref()), known, ticket.right));
    }
    if (all > ticket.right) doubles_.insert(*verdict.ticket);
    check_unseen(ticket.refunds, header, "admitted after a refund", *verdict.ticket);
    check_unseen(ticket.reissues, header, "admitted after it was replaced", *verdict.ticket);
    check_unseen(ticket.revocations, header, "admitted after it was revoked", *verdict.ticket);
    ticket.uses[header.ref()] = {header.ref(), world_.now(), verdict.persons, 0};
    verdicts_.emplace(header.ref(), *verdict.ticket);
}

void Checker::note(const Header& header, const Passage& passage) {
    if (passage.verdict.node == header.node && !is_synced(passage.verdict))
        world_.fail("a passage of a verdict that was never synced: " + to_string(header.ref()));
    const auto ticket = verdicts_.find(passage.verdict);
    if (ticket == verdicts_.end() || passage.outcome != PassageOutcome::abandoned) return;
    Act& use = tickets_[ticket->second].uses.at(passage.verdict);
    use.released += passage.persons;
    if (use.released > use.persons)
        world_.fail("more persons given back than were reserved: " + to_string(passage.verdict));
}

void Checker::note(const Header&, const LeaseGranted& grant) {
    auto& sum = granted_[grant.session];
    sum += grant.units;
    const auto* session = venue_.catalogue.session(grant.session);
    if (session == nullptr || sum > session->capacity - session->paper_slice)
        world_.fail(fmt::format("oversold: {} units of {} granted", sum, grant.session.value));
}

void Checker::note(const Header& header, const LeaseReceived& lease) {
    if (!grants_received_.insert(lease.grant).second)
        return world_.fail("doubled: a lease was received twice: " + to_string(lease.grant));
    const auto found = records_.find(lease.grant);
    const auto* grant = found == records_.end() ? nullptr : std::get_if<LeaseGranted>(&found->second.body);
    if (grant == nullptr || grant->node != header.node || grant->session != lease.session ||
        grant->units != lease.units)
        return world_.fail("a lease was received that nobody granted: " + to_string(lease.grant));
    units_[{header.node, lease.session}] += lease.units;
}

void Checker::note(const Header& header, const ShiftOpened& shift) { cash_[header.ref()] += shift.opening_float.value; }

void Checker::note(const Header&, const CashMoved& moved) {
    cash_[moved.shift] += moved.direction == CashDirection::pay_in ? moved.amount.value : -moved.amount.value;
}

void Checker::note(const Header& header, const ShiftClosed& closed) {
    if (closed.expected.value != cash_[closed.shift])
        world_.fail(fmt::format("the till of {} does not balance: {} expected, {} by the records",
                                to_string(header.ref()), closed.expected.value, cash_[closed.shift]));
}

}  // namespace gatehouse::sim
