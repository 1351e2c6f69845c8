// Sales, refunds and the units of sessions.
#include <algorithm>

#include "schemas/records/limits.hpp"
#include "schemas/ticket/ticket_code.hpp"
#include "sync/ledger/facts.hpp"
#include "sync/ledger/fold.hpp"

namespace gatehouse::ledger {

namespace {

void add_tenders(Fold& fold, const std::vector<Tender>& tenders) {
    std::int64_t line = 0;
    for (const auto& tender : tenders) {
        fold.require(is_amount(tender.amount), "a tender beyond the largest amount");
        fold.put("INSERT INTO tender VALUES (?, ?, ?, ?, ?, ?)", fold.ref, line++, tender.kind, tender.state,
                 tender.amount, tender.state == TenderState::unverified);
    }
}

bool any_unverified(const std::vector<Tender>& tenders) {
    return std::ranges::find(tenders, TenderState::unverified, &Tender::state) != tenders.end();
}

// What refunds handed back before it was known whether it had come in follows the sale's tenders of its kind: it is
// confirmed with the first that is, and has failed when all of them have.
// Only of the refunds in `refunds`: each new one among very many of a sale settles itself alone.
void settle_refunded(Fold& fold, RecordRef sale, KeyRange refunds) {
    fold.put(
        "UPDATE tender SET state = (SELECT CASE WHEN max(t.state = ?2) THEN ?2 WHEN max(t.state = ?3) THEN ?3 ELSE ?4 "
        "END FROM tender t WHERE t.ref = ?1 AND t.kind = tender.kind) "
        "WHERE ref IN (SELECT r.ref FROM refund r JOIN sale s ON s.ref = r.sale WHERE r.sale = ?1 "
        "AND r.ref BETWEEN ?5 AND ?6) AND asked = 1 AND kind IN (SELECT kind FROM tender WHERE ref = ?1 AND asked = 1)",
        sale, TenderState::unverified, TenderState::confirmed, TenderState::failed, refunds.first, refunds.last);
}

// Of a sale that is held: unverified tenders that were settled are shown as they were settled last. What was confirmed
// or failed at the window needs nobody's word.
void settle_tenders(Fold& fold, RecordRef sale) {
    fold.put(
        "UPDATE tender SET state = (SELECT s.state FROM tender_settled s WHERE s.sale = tender.ref "
        "AND s.line = tender.line ORDER BY s.ref DESC LIMIT 1) WHERE ref = ?1 AND asked = 1 "
        "AND line IN (SELECT line FROM tender_settled WHERE sale = ?1) AND EXISTS (SELECT 1 FROM sale WHERE ref = ?1)",
        sale);
    settle_refunded(fold, sale, {0, INT64_MAX});
}

void add_units(Fold& fold, const SessionId& session, NodeId node, std::int64_t sold, std::int64_t refunded) {
    fold.put(
        "INSERT INTO session_units VALUES (?, ?, ?, ?) ON CONFLICT (session, node) DO UPDATE SET "
        "sold = sold + excluded.sold, refunded = refunded + excluded.refunded",
        session, node, sold, refunded);
}

// Units that refunds of this sale's tickets give back, when the refunds came first.
void add_refunded_before(Fold& fold, const Sale& body) {
    auto marks = fold.rows("SELECT DISTINCT ordinal FROM ticket_mark WHERE sold = ? AND kind = 0", fold.ref);
    while (fold.next(marks)) {
        std::int64_t first = 1;
        for (const auto& line : body.lines) {
            const auto ordinal = marks.number(0);
            if (line.session && ordinal >= first && ordinal < first + std::int64_t{line.quantity})
                add_units(fold, *line.session, fold.ref.node, 0, std::max<std::int64_t>(line.persons, 1));
            first += std::int64_t{line.quantity};
        }
    }
}

// Everything a record lists is worked through inside the transaction that own records wait for.
bool is_listed(std::size_t count, std::size_t limit) { return count <= record_limits::foreign_multiple * limit; }

void check_sale(Fold& fold, const Sale& body) {
    fold.require(is_listed(body.lines.size(), record_limits::lines) &&
                     is_listed(body.tenders.size(), record_limits::tenders) &&
                     is_listed(body.tickets.size(), record_limits::tickets),
                 "more lines, tenders or tickets than a sale has");
    require_own_shift(fold, body.shift);
    fold.require(is_amount(body.total) && is_amount(body.change), "an amount beyond the largest");
    std::uint64_t quantity = 0;
    for (const auto& line : body.lines) {
        quantity += line.quantity;
        fold.require(is_amount(line.unit_price), "a price beyond the largest amount");
        // A conflict's subject is made of it, and of a node.
        fold.require(!line.session || is_name(line.session->value), "its session cannot be one");
    }
    fold.require(quantity == body.tickets.size(), "lines and tickets do not match in number");
    for (std::size_t i = 0; i < body.tickets.size() && !fold.stopped(); ++i) {
        const auto payload = decode_payload(body.tickets[i]);
        fold.require(payload.has_value(), "a ticket in it cannot be read");
        if (payload)
            fold.require(payload->id == TicketId{fold.ref, static_cast<std::uint16_t>(i + 1)},
                         "a ticket in it names another sale");
    }
}

}  // namespace

void fold_sale(Fold& fold, const Sale& body) {
    check_sale(fold, body);
    if (fold.stopped()) return;
    fold.put("INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", fold.ref, body.window, body.shift,
             static_cast<std::int64_t>(std::min<std::uint64_t>(body.catalogue_version, INT64_MAX)), body.total,
             body.change, body.tickets.size(), fold.priced_date, fold.business_date, fold.wall);
    std::int64_t number = 0;
    std::int64_t first = 1;
    std::set<SessionId> sessions;
    for (const auto& line : body.lines) {
        std::optional<ConcessionClass> concession;
        if (line.concession) concession = line.concession->concession_class;
        fold.put("INSERT INTO sale_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", fold.ref, number++, line.product,
                 line.session, concession, line.quantity, line.persons, line.unit_price, first);
        first += std::int64_t{line.quantity};
        if (!line.session) continue;
        add_units(fold, *line.session, fold.ref.node, static_cast<std::int64_t>(units_of(line)), 0);
        sessions.insert(*line.session);
    }
    add_tenders(fold, body.tenders);
    if (any_unverified(body.tenders)) settle_tenders(fold, fold.ref);
    note_client(fold, body.id);
    if (body.printer) add_print_job(fold, Kind::sale, *body.printer);
    if (!sessions.empty()) add_refunded_before(fold, body);
    for (const auto& session : sessions) {
        judge_session(fold, session);
        judge_leases(fold, session, fold.ref.node);
    }
    judge_prices(fold, fold.ref);
    // A gate may have admitted, or a clerk refunded, before the sale itself arrived.
    std::set<std::uint16_t> touched;
    for (auto found = fold.rows("SELECT ordinal FROM verdict WHERE sold = ? AND decision = 0", fold.ref);
         fold.next(found);)
        touched.insert(as<std::uint16_t>(found.number(0)));
    for (auto found = fold.rows("SELECT ordinal FROM ticket_mark WHERE sold = ?", fold.ref); fold.next(found);)
        touched.insert(as<std::uint16_t>(found.number(0)));
    for (const auto ordinal : touched) judge_ticket(fold, {fold.ref, ordinal});
}

void fold_refund(Fold& fold, const Refund& body) {
    fold.require(has_key(body.sale), "its sale cannot be a record");
    require_own_shift(fold, body.shift);
    fold.require(is_amount(body.total), "an amount beyond the largest");
    fold.require(is_listed(body.tenders.size(), record_limits::tenders) &&
                     is_listed(body.tickets.size(), record_limits::tickets),
                 "more tenders or tickets than a refund has");
    if (fold.stopped()) return;
    fold.put("INSERT INTO refund VALUES (?, ?, ?, ?, ?, ?, ?)", fold.ref, body.sale, body.window, body.shift,
             body.total, fold.business_date, fold.wall);
    add_tenders(fold, body.tenders);
    if (any_unverified(body.tenders)) settle_refunded(fold, body.sale, {to_key(fold.ref), to_key(fold.ref)});
    note_client(fold, body.id);
    std::set<SessionId> sessions;
    for (const auto& [ticket, amount, was_admitted] : body.tickets) {
        fold.require(has_key(ticket.sold) && is_amount(amount), "a ticket or amount in it is out of range");
        if (fold.stopped()) return;
        // A ticket's units go back once, however often it is refunded.
        const bool before = fold.number("SELECT 1 FROM ticket_mark WHERE sold = ? AND ordinal = ? AND kind = 0",
                                        ticket.sold, ticket.ordinal)
                                .has_value();
        mark_ticket(fold, ticket, Mark::refund, amount.value, (body.by_supervisor ? 1 : 0) + (was_admitted ? 2 : 0));
        if (before) continue;
        auto line = fold.rows(
            "SELECT session, max(persons, 1) FROM sale_line WHERE sale = ?1 AND session IS NOT NULL "
            "AND ?2 >= first_ordinal AND ?2 < first_ordinal + quantity",
            ticket.sold, ticket.ordinal);
        if (!fold.next(line)) continue;
        const SessionId session{text_at(line, 0)};
        add_units(fold, session, ticket.sold.node, 0, line.number(1));
        sessions.insert(session);
    }
    for (const auto& session : sessions) judge_session(fold, session);
    for (const auto& part : body.tickets) judge_ticket(fold, part.ticket);
}

// What central found out about a tender holds whenever it comes, before the sale or after it.
void fold_tender_settled(Fold& fold, const TenderSettled& body) {
    fold.require(has_key(body.sale), "its sale cannot be a record");
    fold.require(body.state != TenderState::unverified, "it settles nothing");
    if (fold.stopped()) return;
    fold.put("INSERT INTO tender_settled VALUES (?, ?, ?, ?)", body.sale, body.line, fold.ref, body.state);
    settle_tenders(fold, body.sale);
}

void fold_lease_received(Fold& fold, const LeaseReceived& body) {
    fold.require(has_key(body.grant), "its grant cannot be a record");
    fold.require(is_name(body.session.value), "its session cannot be one");
    if (fold.stopped()) return;
    fold.put("INSERT INTO lease_received VALUES (?, ?, ?, ?)", body.grant, fold.ref, body.session, body.units);
    // The node's first word of a grant counts: that of an earlier epoch may come after one that counted until now.
    const auto range = keys_of(fold.ref.node);
    std::set<SessionId> sessions;
    for (auto found = fold.rows(
             "SELECT session FROM lease_received WHERE grant_ref = ? AND ref BETWEEN ? AND ? ORDER BY ref LIMIT 2",
             body.grant, range.first, range.last);
         fold.next(found);)
        sessions.insert(SessionId{text_at(found, 0)});
    for (const auto& session : sessions) judge_leases(fold, session, fold.ref.node);
}

void mark_ticket(Fold& fold, const TicketId& ticket, Mark mark, std::int64_t amount, std::int64_t flags) {
    fold.require(has_key(ticket.sold), "its ticket cannot be of a record");
    if (fold.stopped()) return;
    fold.put("INSERT OR IGNORE INTO ticket_mark VALUES (?, ?, ?, ?, ?, ?, ?)", ticket.sold, ticket.ordinal, mark,
             fold.ref, amount, flags, fold.wall);
}

}  // namespace gatehouse::ledger
