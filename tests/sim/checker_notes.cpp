// Checker: the invariants of each kind of record, as it becomes durable.
#include <fmt/core.h>

#include "schemas/ticket/ticket_code.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/venue.hpp"

namespace gatehouse::sim {

bool Checker::was_visible(const Act& act, NodeId node, Instant when) const {
    if (act.ref.node == node) return true;
    if (act.at + visible_within > when) return false;
    const auto since = well_since_.find(std::minmax(act.ref.node, node));
    return since != well_since_.end() && since->second + visible_within <= when;
}

void Checker::add_ticket(const Bytes& octets) {
    const auto payload = decode_payload(octets);
    if (!payload) return world_.fail("a ticket's payload does not decode");
    tickets_[payload->id].right = std::uint32_t{payload->persons} * payload->entries;
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
        auto& known = tickets_[ticket.ticket].refunds;
        for (const auto& [ref, earlier] : known)
            if (was_visible(earlier, header.node, decided(header.ref())))
                world_.fail(fmt::format("refunded twice within sight: {} by {} and {}", to_string(ticket.ticket),
                                        to_string(ref), to_string(header.ref())));
        known[header.ref()] = {header.ref(), world_.now(), 0, 0};
    }
    for (const auto& tender : refund.tenders) {
        given += tender.amount.value;
        if (tender.kind == TenderKind::cash) cash_[refund.shift] -= tender.amount.value;
    }
    if (back != refund.total.value || given != back)
        world_.fail("the money of a refund does not balance: " + to_string(header.ref()));
}

void Checker::note(const Header&, const Reissue& reissue) { add_ticket(reissue.ticket); }

void Checker::note(const Header& header, const OrderImported& order) {
    tickets_[{header.ref(), 1}].right = std::uint32_t{order.persons} * order.entries;
}

void Checker::note(const Header& header, const Verdict& verdict) {
    if (verdict.decision != Decision::admit) return;
    if (verdict.confirmation == Confirmation::by_passage)
        for (const auto& lane : venue_.plan(header.node).lanes)
            if (lane.name == verdict.lane && lane.turnstile)
                may_open_[{header.node, *lane.turnstile}] += verdict.persons + verdict.companions;
    if (!verdict.ticket || verdict.direction != Direction::entry || verdict.reentry) return;
    Ticket& ticket = tickets_[*verdict.ticket];
    const Instant when = decided(header.ref());
    std::uint32_t known = verdict.persons;
    std::uint32_t all = verdict.persons;
    for (const auto& [ref, use] : ticket.uses) {
        all += use.persons - use.released;
        if (was_visible(use, header.node, when)) known += use.persons - use.released;
    }
    if (known > ticket.right && ticket.right > 0) {
        for (const auto& [ref, use] : ticket.uses)
            world_.trace(fmt::format("  held by {}: {} persons, {} given back, visible {}", to_string(ref), use.persons,
                                     use.released, was_visible(use, header.node, when)));
        world_.fail(fmt::format("admitted twice within sight: {} by {}: {} persons of {}", to_string(*verdict.ticket),
                                to_string(header.ref()), known, ticket.right));
    }
    if (all > ticket.right) doubles_.insert(*verdict.ticket);
    for (const auto& [ref, refund] : ticket.refunds)
        if (was_visible(refund, header.node, when))
            world_.fail(fmt::format("admitted after a refund within sight: {}", to_string(*verdict.ticket)));
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
