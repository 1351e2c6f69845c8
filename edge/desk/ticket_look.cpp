// A ticket in somebody's hand, as a window looks at it: read by its scanner, or asked for by id or code.
#include <algorithm>

#include "edge/admission/allowance.hpp"
#include "edge/desk/state.hpp"

namespace gatehouse::edge {

namespace {

Reason fault_of(Standing standing) {
    switch (standing) {
        case Standing::good: return Reason::none;
        case Standing::unknown: return Reason::unknown;
        case Standing::bad_signature:
        case Standing::unknown_seller: return Reason::bad_signature;
        case Standing::revoked_key: return Reason::revoked_key;
    }
    return Reason::unknown;
}

Reason fault_of(const ledger::TicketFacts& facts) {
    if (!facts.revocations.empty()) return Reason::revoked;
    if (!facts.refunds.empty()) return Reason::refunded;
    if (!facts.reissues.empty()) return Reason::blocked;
    return Reason::none;
}

}  // namespace

FirstAdmission Desk::State::admission_of(const ledger::TicketFacts& facts, RecordRef verdict) const {
    const auto& use = facts.uses.at(verdict);
    const auto name = verdict.node == options.journal.node ? options.node_name.value : keys.name_of(verdict.node);
    return {use.at, verdict.node, name, use.gate, use.lane};
}

TicketReply Desk::State::look_at(const Presented& presented, const ledger::TicketFacts& facts) {
    TicketReply reply;
    reply.fault = fault_of(presented.standing);
    if (reply.fault != Reason::none || !presented.payload) return reply;
    reply.fault = fault_of(facts);
    const auto octets = encode_payload(*presented.payload);
    reply.ticket = octets ? view_of(*octets) : TicketView{};
    reply.ticket->refunded = !facts.refunds.empty();
    reply.ticket->replaced = !facts.reissues.empty();
    // Neither an order of another seller nor a reissue is a sale: nothing is handed back for them here.
    const auto sold = facts.origin ? record_at(presented.payload->id.sold) : nullptr;
    reply.sale_held = sold && std::holds_alternative<Sale>(sold->body);
    reply.used = facts.held();
    reply.copies = static_cast<std::uint16_t>(facts.reprints.size());
    if (const auto first = allowance_of(*presented.payload, facts, Date{}).first)
        reply.first_admission = admission_of(facts, *first);
    return reply;
}

void Desk::State::find_ticket(const FindTicket& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::clerk, Role::attendant, Role::supervisor}, step)) return;
    if (!started) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    ledger::TicketFacts facts;
    Presented presented;
    if (command.ticket) {
        facts = facts_of(*command.ticket);
        if (unreadable(from, step)) return;
        if (!facts.origin) return answer(from, fail(ErrorCode::not_found, "no such ticket is known here"), step);
        const bool revoked = keys.is_revoked(command.ticket->sold, true);
        presented = {revoked ? Standing::revoked_key : Standing::good, facts.origin->payload};
        if (facts.origin->order_code) complete(*presented.payload);
    } else {
        presented = present(command.code, facts);
    }
    if (unreadable(from, step)) return;
    auto reply = look_at(presented, facts);
    if (reply.ticket && reply.ticket->code.empty() && !command.ticket && decode_code(command.code))
        reply.ticket->code = command.code;
    answer(from, Reply{std::move(reply)}, step);
}

void Desk::State::read_at_window(const ScanRead& scan, Step& step) {
    const auto at = std::ranges::find_if(options.windows, [&](const WindowOptions& window) {
        return std::ranges::find(window.scanners, scan.scanner) != window.scanners.end();
    });
    if (at == options.windows.end() || !started) return;
    ledger::TicketFacts facts;
    const auto presented = present(scan.text, facts);
    if (reader.fault() != ledger::Fault::none) return;
    auto reply = look_at(presented, facts);
    if (reply.ticket && reply.ticket->code.empty() && decode_code(scan.text)) reply.ticket->code = scan.text;
    // What is no ticket may be an external terminal's slip, whose number the clerk wants.
    std::string text = reply.ticket ? std::string{} : scan.text;
    step.out.emplace_back(ShowTicket{at->name, std::move(reply), std::move(text)});
}

}  // namespace gatehouse::edge
