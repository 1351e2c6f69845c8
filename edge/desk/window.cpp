// Sales, refunds, reprints, reissues: plans of edge/ticketing over what is known here, written once.
#include <algorithm>

#include "edge/desk/state.hpp"
#include "edge/ticketing/refund.hpp"
#include "edge/ticketing/sell.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

Error closed(const std::string& why) { return fail(ErrorCode::storage_unavailable, "the journal is closed: " + why); }

// Its record is here, copied before its seller was revoked from an earlier one on: whoever had the key may have made
// it.
Error not_trusted() {
    return fail(ErrorCode::bad_signature, Why::seller_revoked,
                "its seller is revoked, and not trusted as far as this sale");
}

template <class B>
concept HasClientId = requires(const B& body) {
    { body.id } -> std::same_as<const ClientId&>;
};

ClientId client_of(const Body& body) {
    return std::visit(
        [](const auto& b) {
            if constexpr (HasClientId<std::decay_t<decltype(b)>>) return b.id;
            return ClientId{};
        },
        body);
}

// What became of a sale's tickets since.
void mark_tickets(const ledger::SaleFacts& sale, const std::vector<Refund>& refunds, std::vector<TicketView>& tickets) {
    for (auto& ticket : tickets) {
        ticket.replaced = std::ranges::count(sale.replaced, ticket.id.ordinal) > 0;
        for (const auto& refund : refunds)
            ticket.refunded |= std::ranges::count(refund.tickets, ticket.id, &RefundedTicket::ticket) > 0;
    }
}

}  // namespace

SharedRecord Desk::State::record_at(RecordRef ref) {
    if (auto held = overlay.find(ref)) return held;
    auto stored = reader.record(ref);
    if (!stored) return nullptr;
    return std::make_shared<const ledger::Record>(std::move(*stored));
}

SharedRecord Desk::State::record_by_client(const ClientId& id) {
    for (const auto& waiting : outbox.waiting())
        if (client_of(waiting.record->body) == id) return waiting.record;
    const auto ref = reader.by_client(id, options.journal.node);
    return ref ? record_at(*ref) : nullptr;
}

std::uint32_t Desk::State::units_left(const SessionId& session) { return units_of(session).left(); }

ledger::SessionUnits& Desk::State::units_of(const SessionId& session) {
    const auto at = units.find(session);
    if (at != units.end()) return at->second;
    return units.emplace(session, reader.session_units(session, options.journal)).first->second;
}

void Desk::State::sell(const Sell& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, window_roles, step)) return;
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (answered_before(command.id, from, step)) return;
    if (!outbox.is_open()) return answer(from, closed(closed_why), step);
    if (!room_for_sales)
        return answer(from, fail(ErrorCode::storage_unavailable, "the disk's reserve would be touched"), step);
    const auto* window = window_named(command.window);
    if (!window) return answer(from, fail_at("window", Why::unknown, "no such window"), step);
    const auto* shift = own_shift(command.window, from.actor.name);
    if (!shift) return answer(from, fail(ErrorCode::shift_closed, "open a shift at this window first"), step);

    std::map<SessionId, std::uint32_t> left;
    for (const auto& line : command.lines)
        if (line.session) left[*line.session] = units_left(*line.session);
    if (!unverified) unverified = reader.unverified_total(options.journal.node);
    const SaleContext context{catalogue,
                              options.calendar,
                              selling_date(step.clock, step.quality),
                              step.clock.wall,
                              step.quality == ClockQuality::suspect,
                              outbox.next(),
                              shift->ref,
                              window->printer,
                              left,
                              *unverified};
    if (unreadable(from, step)) return;
    auto sale = plan_sale(command, context);
    if (!sale) return answer(from, sale.error(), step);
    carry_out(std::move(*sale), from, step);
}

std::optional<ledger::SaleFacts> Desk::State::sale_facts(RecordRef ref) {
    if (auto stored = reader.sale(ref)) return stored;
    const auto held = overlay.find(ref);
    const auto* sale = held ? std::get_if<Sale>(&held->body) : nullptr;
    if (!sale) return std::nullopt;
    return ledger::SaleFacts{ref, held->header, *sale, {}};
}

std::vector<Refund> Desk::State::refunds_of(const ledger::SaleFacts& sale) {
    std::map<RecordRef, Refund> found;
    for (const auto& ref : sale.refunds)
        if (const auto record = record_at(ref))
            if (const auto* refund = std::get_if<Refund>(&record->body)) found.emplace(ref, *refund);
    for (const auto& record : overlay.refunds_of(sale.ref))
        found.emplace(record->ref(), std::get<Refund>(record->body));
    std::vector<Refund> out;
    for (auto& [ref, refund] : found) out.push_back(std::move(refund));
    return out;
}

void Desk::State::find_sale(const FindSale& command, const CommandReceived& from, Step& step) {
    if (!started) return answer(from, closed(closed_why), step);
    const auto known = command.id ? record_by_client(*command.id) : nullptr;
    const auto ref = known ? known->ref() : command.sale;
    const auto sale = command.id && !known ? std::nullopt : sale_facts(ref);
    const auto record = sale ? record_at(ref) : nullptr;
    if (unreadable(from, step)) return;
    if (!record) return answer(from, fail(ErrorCode::sale_unknown, "not held on this node"), step);
    Answer reply{from.token, reply_for(*record, from.actor.name)};
    if (reply.reply) mark_tickets(*sale, refunds_of(*sale), std::get<SaleReply>(*reply.reply).tickets);
    if (!outbox.also(ref, reply)) step.out.emplace_back(std::move(reply));
}

void Desk::State::refund(const MakeRefund& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, window_roles, step)) return;
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (answered_before(command.id, from, step)) return;
    if (!outbox.is_open()) return answer(from, closed(closed_why), step);
    const bool by_supervisor = may(from.actor.name, {Role::supervisor});
    const auto* shift = own_shift(command.window, from.actor.name);
    // A supervisor comes to the clerk's window for it: the money leaves that clerk's drawer, so it is of that shift.
    if (!shift && by_supervisor && !command.window.value.empty()) shift = open_shift_at(command.window);
    if (!shift) return answer(from, fail(ErrorCode::shift_closed, "open a shift first"), step);
    auto sale = sale_facts(command.sale);
    if (unreadable(from, step)) return;
    if (!sale) return answer(from, fail(ErrorCode::sale_unknown, "not held on this node"), step);
    if (keys.is_revoked(command.sale, true)) return answer(from, not_trusted(), step);
    show_settled(command.sale, sale->sale);

    std::map<TicketId, ledger::TicketFacts> tickets;
    for (std::size_t i = 1; i <= sale->sale.tickets.size(); ++i) {
        const TicketId id{command.sale, static_cast<std::uint16_t>(i)};
        tickets.emplace(id, facts_of(id));
    }
    const auto earlier = refunds_of(*sale);
    if (unreadable(from, step)) return;
    const RefundContext context{*sale, tickets, earlier, catalogue.limits, shift->ref, shift->window, by_supervisor};
    auto refund = plan_refund(command, context);
    if (!refund) return answer(from, refund.error(), step);
    carry_out(std::move(*refund), from, step);
}

void Desk::State::reprint(const MakeReprint& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, window_roles, step)) return;
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (command.reason.empty() || command.reason.size() > limits::text)
        return answer(from, fail_at("reason", Why::missing, "is needed"), step);
    if (answered_before(command.id, from, step)) return;
    if (!outbox.is_open()) return answer(from, closed(closed_why), step);
    if (keys.is_revoked(command.ticket.sold, true)) return answer(from, not_trusted(), step);
    if (command.ticket.sold.node != options.journal.node)
        return answer(from, fail(ErrorCode::not_the_seller, "a supervisor reissues it"), step);
    const auto facts = facts_of(command.ticket);
    if (unreadable(from, step)) return;
    if (!facts.origin) return answer(from, fail(ErrorCode::sale_unknown, "no such ticket"), step);
    if (!facts.refunds.empty()) return answer(from, fail(ErrorCode::already_refunded, "it is refunded"), step);
    if (!facts.reissues.empty()) return answer(from, replaced_ticket(command.ticket), step);
    if (!facts.revocations.empty()) return answer(from, revoked_ticket(command.ticket), step);
    const auto sold = record_at(command.ticket.sold);
    const auto* sale = sold ? std::get_if<Sale>(&sold->body) : nullptr;
    const auto* window = window_named(command.window.value.empty() && sale ? sale->window : command.window);
    if (!window || !window->printer) return answer(from, fail_at("window", Why::no_printer, "has no printer"), step);

    const auto copy = static_cast<std::uint16_t>(facts.reprints.size() + 1);
    carry_out(Reprint{command.id, command.ticket, copy, command.reason, *window->printer}, from, step);
}

void Desk::State::reissue(const MakeReissue& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::supervisor}, step)) return;
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (command.reason.empty() || command.reason.size() > limits::text)
        return answer(from, fail_at("reason", Why::missing, "is needed"), step);
    if (answered_before(command.id, from, step)) return;
    if (!outbox.is_open()) return answer(from, closed(closed_why), step);
    const auto facts = facts_of(command.ticket);
    if (unreadable(from, step)) return;
    std::optional<TicketPayload> old;
    if (facts.origin && keys.is_revoked(command.ticket.sold, true)) return answer(from, not_trusted(), step);
    if (facts.origin) {
        old = facts.origin->payload;
        if (facts.origin->order_code) complete(*old);
    }
    if (!old && command.code) {
        const auto code = decode_code(*command.code);
        if (code && code->payload.id == command.ticket) {
            const auto standing = keys.standing(*code, SaleRecord::unheard);
            if (standing == Standing::revoked_key) return answer(from, not_trusted(), step);
            if (standing == Standing::good) old = code->payload;
        }
    }
    if (!old) return answer(from, fail(ErrorCode::sale_unknown, "neither its sale nor its code is known here"), step);
    const auto payload = plan_reissue(*old, facts, TicketId{outbox.next(), 1}, step.today);
    if (!payload) return answer(from, payload.error(), step);
    auto octets = encode_payload(*payload);
    if (!octets) return answer(from, octets.error(), step);

    const auto* window = window_named(command.window);
    if (!command.window.value.empty() && !window)
        return answer(from, fail_at("window", Why::unknown, "no such window"), step);
    Reissue body{command.id, command.ticket, std::move(*octets), command.reason,
                 window ? window->printer : std::optional<DeviceName>{}};
    carry_out(std::move(body), from, step);
}

}  // namespace gatehouse::edge
