#include "edge/ticketing/refund.hpp"

#include <algorithm>
#include <set>

#include "edge/admission/allowance.hpp"
#include "edge/ticketing/tenders.hpp"
#include "schemas/base/octets.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse::edge {

namespace {

// The tickets to refund: those named, or all that are not refunded yet.
Result<std::vector<TicketId>> chosen(const MakeRefund& command, const RefundContext& context) {
    std::vector<TicketId> out;
    if (command.tickets.empty()) {
        for (const auto& [id, facts] : context.tickets)
            if (facts.refunds.empty()) out.push_back(id);
        if (out.empty()) return fail(ErrorCode::already_refunded, "every ticket of the sale");
        return out;
    }
    const std::set<TicketId> distinct(command.tickets.begin(), command.tickets.end());
    if (distinct.size() != command.tickets.size()) return fail_at("tickets", Why::twice, "one is named twice");
    for (const auto& id : distinct) {
        const auto at = context.tickets.find(id);
        if (at == context.tickets.end())
            return fail(ErrorCode::invalid_body, "tickets: " + to_string(id) + " is not of this sale");
        if (!at->second.refunds.empty()) return fail(ErrorCode::already_refunded, to_string(id));
        out.push_back(id);
    }
    return out;
}

}  // namespace

Error revoked_ticket(TicketId id) {
    return fail(ErrorCode::ticket_used, Why::ticket_revoked, "{ticket} is revoked", {{"ticket", to_string(id)}});
}

Error replaced_ticket(TicketId id) {
    return fail(ErrorCode::ticket_used, Why::ticket_replaced, "{ticket} was replaced", {{"ticket", to_string(id)}});
}

Minor price_of(const Sale& sale, std::uint16_t ordinal) {
    std::uint32_t first = 1;
    for (const auto& line : sale.lines) {
        if (ordinal >= first && ordinal < first + line.quantity) return line.unit_price;
        first += line.quantity;
    }
    return Minor{0};
}

Result<Refund> plan_refund(const MakeRefund& command, const RefundContext& context) {
    if (command.reason.empty() || command.reason.size() > limits::text)
        return fail_at("reason", Why::missing, "is needed");
    const auto ids = chosen(command, context);
    if (!ids) return ids.error();

    Refund refund;
    for (const auto& id : *ids) {
        const auto& facts = context.tickets.at(id);
        if (!facts.reissues.empty()) return replaced_ticket(id);
        if (!facts.revocations.empty()) return revoked_ticket(id);
        const bool admitted = facts.held() > 0;
        if (admitted && !context.by_supervisor) return fail(ErrorCode::ticket_used, to_string(id));
        refund.tickets.push_back({id, price_of(context.sale.sale, id.ordinal), admitted});
        refund.total += refund.tickets.back().amount;
    }
    Minor of_the_sale = refund.total;  // in several steps it is no less
    for (const auto& earlier : context.earlier) of_the_sale += earlier.total;
    if (of_the_sale.value > std::int64_t{context.limits.refund_supervisor_minor} && !context.by_supervisor)
        return fail(ErrorCode::forbidden, Why::roles, "a refund of this amount needs one of {roles}",
                    {{"roles", "supervisor"}});
    refund.id = command.id;
    refund.request = request_of(command);
    refund.sale = context.sale.ref;
    refund.window = context.window;
    refund.shift = context.shift;
    refund.tenders = hand_back(refund.total, context.sale.sale, context.earlier);
    refund.reason = command.reason;
    refund.by_supervisor = context.by_supervisor;
    return refund;
}

Hash request_of(const MakeRefund& command) {
    OctetWriter out;
    const auto text = [&](std::string_view t) { out.varint(t.size()).octets(view_of(t)); };
    text("refund");
    text(to_string(command.sale));
    text(command.window.value);
    out.varint(command.tickets.size());
    for (const auto& id : command.tickets) text(to_string(id));
    text(command.reason);
    return sha256(out.bytes());
}

Result<TicketPayload> plan_reissue(const TicketPayload& old, const ledger::TicketFacts& facts, TicketId id,
                                   Date today) {
    if (!facts.refunds.empty()) return fail(ErrorCode::already_refunded, to_string(old.id));
    if (!facts.reissues.empty())
        return fail(ErrorCode::ticket_used, Why::ticket_replaced, "{ticket} was replaced before",
                    {{"ticket", to_string(old.id)}});
    if (!facts.revocations.empty()) return revoked_ticket(old.id);
    const auto allowance = allowance_of(old, facts, today);
    TicketPayload fresh = old;
    fresh.id = id;
    fresh.entries = static_cast<std::uint16_t>(allowance.entries_left);
    // A code says entries x persons: part of an entry beside whole ones has no place in it, and would be lost.
    if (allowance.entries_left > 0 && allowance.entry_rest > 0)
        return fail(ErrorCode::ticket_used, Why::entry_open,
                    "{ticket} has an entry open: let its other persons in first, {persons}",
                    {{"ticket", to_string(old.id)}, {"persons", std::to_string(allowance.entry_rest)}});
    if (allowance.entries_left == 0) {
        if (allowance.entry_rest == 0) return fail(ErrorCode::ticket_used, to_string(old.id));
        fresh.entries = 1;
        fresh.persons = static_cast<std::uint16_t>(allowance.entry_rest);
    }
    return fresh;
}

}  // namespace gatehouse::edge
