// Giving money back, and replacing tickets.
#pragma once

#include <map>
#include <vector>

#include "edge/desk/commands.hpp"
#include "schemas/catalogue/catalogue.hpp"
#include "sync/ledger/facts.hpp"

namespace gatehouse::edge {

struct RefundContext {
    const ledger::SaleFacts& sale;                           // held here: own, or copied
    const std::map<TicketId, ledger::TicketFacts>& tickets;  // every ticket of the sale
    const std::vector<Refund>& earlier;                      // of the same sale
    const Limits& limits;
    RecordRef shift;
    WindowName window;
    bool by_supervisor = false;
};

// Errors: invalid_body (a ticket is not of this sale), already_refunded, ticket_used (unless a supervisor refunds; a
// replaced or revoked ticket never), forbidden (beyond the limit without a supervisor).
[[nodiscard]] Result<Refund> plan_refund(const MakeRefund& command, const RefundContext& context);
[[nodiscard]] Hash request_of(const MakeRefund& command);

// Why nothing is done with such a ticket any more: ticket_used.
[[nodiscard]] Error revoked_ticket(TicketId id);
[[nodiscard]] Error replaced_ticket(TicketId id);

// The price of the ticket with this ordinal (from 1), by the sale's lines.
[[nodiscard]] Minor price_of(const Sale& sale, std::uint16_t ordinal);

// What a new ticket in place of `old` gives: what the old one has left. `id` is the new one's.
// Errors: already_refunded, ticket_used (nothing left, replaced before, revoked, or part of an entry left beside whole
// entries).
[[nodiscard]] Result<TicketPayload> plan_reissue(const TicketPayload& old, const ledger::TicketFacts& facts,
                                                 TicketId id, Date today);

}  // namespace gatehouse::edge
