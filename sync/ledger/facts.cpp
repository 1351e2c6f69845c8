#include "sync/ledger/facts.hpp"

#include <algorithm>

#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::ledger {

namespace {

std::uint32_t sum(const Use& use, PassageOutcome outcome, std::uint16_t Passage::* of = &Passage::persons) {
    std::uint32_t persons = 0;
    for (const auto& [ref, passage] : use.passages)
        if (passage.outcome == outcome) persons += passage.*of;
    return persons;
}

std::uint16_t narrow(std::uint32_t value) { return static_cast<std::uint16_t>(value); }

void apply_verdict(TicketFacts& facts, const Header& header, const Verdict& body) {
    if (body.decision != Decision::admit || body.ticket != facts.id) return;
    Use use;
    use.verdict = header.ref();
    use.persons = body.persons;
    use.companions = body.companions;
    use.reentry = body.reentry;
    use.direction = body.direction;
    use.confirmation = body.confirmation;
    use.zone = body.zone;
    use.gate = body.gate;
    use.lane = body.lane;
    use.at = header.wall;
    use.business_date = header.business_date;
    if (const auto early = facts.early.find(use.verdict); early != facts.early.end()) {
        use.passages = std::move(early->second);
        facts.early.erase(early);
    }
    facts.uses.try_emplace(use.verdict, std::move(use));
}

void apply_passage(TicketFacts& facts, const Header& header, const Passage& body) {
    if (const auto use = facts.uses.find(body.verdict); use != facts.uses.end())
        use->second.passages.try_emplace(header.ref(), body);
    else
        facts.early[body.verdict].try_emplace(header.ref(), body);
}

void apply_sale(TicketFacts& facts, const Sale& body) {
    const auto ordinal = facts.id.ordinal;
    if (ordinal == 0 || ordinal > body.tickets.size()) return;
    auto payload = decode_payload(body.tickets[ordinal - 1U]);
    if (!payload) return;
    TicketOrigin origin{std::move(*payload), std::nullopt, {}, Minor{}};
    std::uint64_t first = 1;
    for (const auto& line : body.lines) {
        if (ordinal >= first && ordinal < first + line.quantity) origin.price = line.unit_price;
        first += line.quantity;
    }
    facts.origin = std::move(origin);
}

// What else the product says (zones, re-entry, companions) is the catalogue's and not filled in here.
void apply_order(TicketFacts& facts, const OrderImported& body) {
    if (facts.id.ordinal != 1) return;
    TicketOrigin origin;
    origin.payload.id = facts.id;
    origin.payload.product = body.product;
    origin.payload.persons = body.persons;
    origin.payload.entries = body.entries;
    origin.payload.valid_from = body.valid_from;
    origin.payload.valid_to = body.valid_to;
    origin.order_code = body.code;
    origin.channel = body.channel;
    facts.origin = std::move(origin);
}

void apply_reissue(TicketFacts& facts, const Header& header, const Reissue& body) {
    if (body.replaced == facts.id) facts.reissues.insert(header.ref());
    if (facts.id != TicketId{header.ref(), 1}) return;
    if (auto payload = decode_payload(body.ticket))
        facts.origin = TicketOrigin{std::move(*payload), std::nullopt, {}, Minor{}};
}

}  // namespace

std::uint16_t Use::held() const {
    const auto given_back = std::min<std::uint32_t>(sum(*this, PassageOutcome::abandoned), persons);
    return std::max(turned(), narrow(persons - given_back));
}

std::uint16_t Use::companions_held() const {
    if (confirmation == Confirmation::at_once) return companions;
    const auto of = &Passage::companions;
    const auto given_back = std::min<std::uint32_t>(sum(*this, PassageOutcome::abandoned, of), companions);
    const auto walked = std::min<std::uint32_t>(sum(*this, PassageOutcome::turned, of), companions);
    return narrow(std::max(walked, companions - given_back));
}

std::uint16_t Use::turned() const {
    if (confirmation == Confirmation::at_once) return persons;
    return narrow(std::min<std::uint32_t>(sum(*this, PassageOutcome::turned), persons));
}

std::uint16_t Use::open() const {
    if (confirmation == Confirmation::at_once) return 0;
    std::uint32_t spoken_of = 0;
    for (const auto& [ref, passage] : passages) spoken_of += passage.persons;
    return narrow(persons - std::min<std::uint32_t>(spoken_of, persons));
}

void TicketFacts::apply(const Header& header, const Body& body) {
    if (const auto* verdict = std::get_if<Verdict>(&body)) return apply_verdict(*this, header, *verdict);
    if (const auto* passage = std::get_if<Passage>(&body)) return apply_passage(*this, header, *passage);
    if (const auto* refund = std::get_if<Refund>(&body)) {
        for (const auto& part : refund->tickets)
            if (part.ticket == id) refunds[header.ref()] = refund->by_supervisor;
        return;
    }
    if (const auto* sale = std::get_if<Sale>(&body); sale != nullptr && header.ref() == id.sold)
        return apply_sale(*this, *sale);
    if (const auto* order = std::get_if<OrderImported>(&body); order != nullptr && header.ref() == id.sold)
        return apply_order(*this, *order);
    if (const auto* revoked = std::get_if<TicketRevoked>(&body); revoked != nullptr && revoked->ticket == id)
        revocations.insert(header.ref());
    if (const auto* reissue = std::get_if<Reissue>(&body)) return apply_reissue(*this, header, *reissue);
    if (const auto* reprint = std::get_if<Reprint>(&body); reprint != nullptr && reprint->ticket == id)
        reprints.insert(header.ref());
}

std::uint32_t TicketFacts::held() const {
    std::uint32_t persons = 0;
    for (const auto& [ref, use] : uses)
        if (use.direction == Direction::entry && !use.reentry) persons += use.held();
    return persons;
}

std::uint32_t TicketFacts::held_on(Date business_date) const {
    std::uint32_t persons = 0;
    for (const auto& [ref, use] : uses)
        if (use.direction == Direction::entry && !use.reentry && use.business_date == business_date)
            persons += use.held();
    return persons;
}

Minor ShiftFacts::expected_cash() const { return opening_float + cash_sales - cash_refunds + paid_in - paid_out; }

}  // namespace gatehouse::ledger
