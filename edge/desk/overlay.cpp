#include "edge/desk/overlay.hpp"

#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

// The tickets a record says something about. Those it sold are found by their id: see apply_to.
std::vector<TicketId> concerned(const Body& body, std::optional<TicketId> passage_of) {
    return std::visit(
        Match{[](const Verdict& verdict) {
                  return verdict.ticket ? std::vector{*verdict.ticket} : std::vector<TicketId>{};
              },
              [&](const Passage&) { return passage_of ? std::vector{*passage_of} : std::vector<TicketId>{}; },
              [](const Refund& refund) {
                  std::vector<TicketId> ids;
                  for (const auto& part : refund.tickets) ids.push_back(part.ticket);
                  return ids;
              },
              [](const Reprint& reprint) { return std::vector{reprint.ticket}; },
              [](const Reissue& reissue) { return std::vector{reissue.replaced}; },
              [](const TicketRevoked& revoked) { return std::vector{revoked.ticket}; },
              [](const auto&) { return std::vector<TicketId>{}; }},
        body);
}

}  // namespace

void Overlay::add(SharedRecord record, std::optional<TicketId> passage_of) {
    const auto ref = record->ref();
    if (const auto* passage = std::get_if<Passage>(&record->body); passage && !passage_of)
        if (const auto at = records_.find(passage->verdict); at != records_.end() && !at->second.tickets.empty())
            passage_of = at->second.tickets.front();
    if (const auto* order = std::get_if<OrderImported>(&record->body)) orders_.try_emplace(order->code, ref);
    auto tickets = concerned(record->body, passage_of);
    for (const auto& id : tickets) by_ticket_[id].try_emplace(ref, record);
    records_.insert_or_assign(ref, Held{std::move(record), std::move(tickets)});
}

void Overlay::remove(const RecordRef& ref) {
    const auto at = records_.find(ref);
    if (at == records_.end()) return;
    for (const auto& id : at->second.tickets) {
        const auto listed = by_ticket_.find(id);
        if (listed == by_ticket_.end()) continue;
        listed->second.erase(ref);
        if (listed->second.empty()) by_ticket_.erase(listed);
    }
    if (const auto* order = std::get_if<OrderImported>(&at->second.record->body))
        if (const auto known = orders_.find(order->code); known != orders_.end() && known->second == ref)
            orders_.erase(known);
    records_.erase(at);
}

void Overlay::apply_to(ledger::TicketFacts& facts) const {
    if (const auto sold = records_.find(facts.id.sold); sold != records_.end())
        facts.apply(sold->second.record->header, sold->second.record->body);
    const auto at = by_ticket_.find(facts.id);
    if (at == by_ticket_.end()) return;
    for (const auto& [ref, record] : at->second) facts.apply(record->header, record->body);
}

std::optional<TicketId> Overlay::order_by_code(const std::string& code) const {
    const auto at = orders_.find(code);
    if (at == orders_.end()) return std::nullopt;
    return TicketId{at->second, 1};
}

SharedRecord Overlay::find(const RecordRef& ref) const {
    const auto at = records_.find(ref);
    return at == records_.end() ? nullptr : at->second.record;
}

std::vector<SharedRecord> Overlay::refunds_of(const RecordRef& sale) const {
    std::vector<SharedRecord> out;
    for (const auto& [ref, held] : records_)
        if (const auto* refund = std::get_if<Refund>(&held.record->body); refund && refund->sale == sale)
            out.push_back(held.record);
    return out;
}

}  // namespace gatehouse::edge
