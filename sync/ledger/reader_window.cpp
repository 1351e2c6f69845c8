#include <algorithm>

#include "sync/ledger/reader_inner.hpp"

namespace gatehouse::ledger {

std::optional<SaleFacts> LedgerReader::sale(RecordRef ref) {
    auto& database = *inner_->database;
    if (!has_key(ref)) return std::nullopt;
    {
        auto projected = ask(database, "SELECT 1 FROM sale WHERE ref = ?", ref);
        if (!next(projected)) return std::nullopt;
    }
    auto record = load_record(database, ref);
    if (!record || !std::holds_alternative<Sale>(record->body)) return std::nullopt;
    SaleFacts facts{ref, std::move(record->header), std::move(std::get<Sale>(record->body)), {}};
    auto refunds = ask(database, "SELECT ref FROM refund WHERE sale = ? ORDER BY ref", ref);
    while (next(refunds)) facts.refunds.push_back(ref_at(refunds, 0));
    // 2: reissue
    auto reissues =
        ask(database, "SELECT DISTINCT ordinal FROM ticket_mark WHERE sold = ? AND kind = 2 ORDER BY 1", ref);
    while (next(reissues)) facts.replaced.push_back(as<std::uint16_t>(reissues.number(0)));
    return facts;
}

std::optional<RecordRef> LedgerReader::by_client(const ClientId& id, NodeId asked) {
    for (const auto& range : {keys_of(asked), KeyRange{0, INT64_MAX}}) {
        auto row =
            ask(*inner_->database, "SELECT ref FROM client WHERE id = ? AND ref BETWEEN ? AND ? ORDER BY ref LIMIT 1",
                id, range.first, range.last);
        if (next(row)) return ref_at(row, 0);
    }
    return std::nullopt;
}

std::optional<SaleFacts> LedgerReader::sale_by_client(const ClientId& id, NodeId asked) {
    const auto ref = by_client(id, asked);
    return ref ? sale(*ref) : std::nullopt;
}

void add_up_shift(Database& database, ShiftFacts& facts) {
    auto sales =
        ask(database, "SELECT count(*), ifnull(sum(tickets), 0), total(change) FROM sale WHERE shift = ?", facts.ref);
    if (next(sales)) {
        facts.sales = as<std::uint32_t>(sales.number(0));
        facts.tickets = as<std::uint32_t>(sales.number(1));
        facts.cash_sales = -total_at(sales, 2);
        if (facts.cash_sales.value != 0) facts.tenders[TenderKind::cash] = facts.cash_sales;
    }
    auto taken = ask(database,
                     "SELECT t.kind, total(t.amount), total(CASE t.state WHEN 1 THEN t.amount ELSE 0 END) "
                     "FROM sale s JOIN tender t ON t.ref = s.ref WHERE s.shift = ? AND t.state <> 2 GROUP BY t.kind",
                     facts.ref);
    while (next(taken)) {
        const auto kind = as<TenderKind>(taken.number(0));
        facts.tenders[kind] += total_at(taken, 1);
        if (kind == TenderKind::cash) facts.cash_sales += total_at(taken, 1);
        if (const Minor unverified = total_at(taken, 2); unverified.value != 0) facts.unverified[kind] = unverified;
    }
    auto refunds = ask(database, "SELECT count(*) FROM refund WHERE shift = ?", facts.ref);
    if (next(refunds)) facts.refunds = as<std::uint32_t>(refunds.number(0));
    auto handed_back = ask(database,
                           "SELECT t.kind, total(t.amount) FROM refund r JOIN tender t ON t.ref = r.ref "
                           "WHERE r.shift = ? AND t.state <> 2 GROUP BY t.kind",
                           facts.ref);
    while (next(handed_back)) {
        const auto kind = as<TenderKind>(handed_back.number(0));
        const Minor amount = total_at(handed_back, 1);
        facts.tenders[kind] += -amount;
        facts.refunded[kind] = amount;
        if (kind == TenderKind::cash) facts.cash_refunds = amount;
    }
    auto moved =
        ask(database, "SELECT direction, total(amount) FROM cash_move WHERE shift = ? GROUP BY direction", facts.ref);
    while (next(moved))
        (as<CashDirection>(moved.number(0)) == CashDirection::pay_in ? facts.paid_in : facts.paid_out) =
            total_at(moved, 1);
    auto closed = ask(database, "SELECT counted FROM shift_close WHERE shift = ? ORDER BY ref LIMIT 1", facts.ref);
    if (next(closed)) facts.counted = Minor{closed.number(0)};
}

std::optional<ShiftFacts> LedgerReader::shift(RecordRef ref) {
    auto& database = *inner_->database;
    if (!has_key(ref)) return std::nullopt;
    ShiftFacts facts;
    {
        auto row = ask(database, "SELECT window, clerk, opening_float, wall FROM shift WHERE ref = ?", ref);
        if (!next(row)) return std::nullopt;
        facts.ref = ref;
        facts.window = WindowName{text_at(row, 0)};
        facts.clerk = OperatorName{text_at(row, 1)};
        facts.opening_float = Minor{row.number(2)};
        facts.opened = WallTime{row.number(3)};
    }
    add_up_shift(database, facts);
    return facts;
}

std::optional<RecordRef> LedgerReader::open_shift(NodeId node, const WindowName& window) {
    const auto range = keys_of(node);
    auto row = ask(*inner_->database,
                   "SELECT ref FROM shift WHERE ref BETWEEN ? AND ? AND window = ? AND NOT EXISTS "
                   "(SELECT 1 FROM shift_close c WHERE c.shift = shift.ref) ORDER BY ref DESC LIMIT 1",
                   range.first, range.last, window);
    if (!next(row)) return std::nullopt;
    return ref_at(row, 0);
}

std::vector<RecordRef> LedgerReader::recent_sales(NodeId node, std::optional<RecordRef> before, std::size_t count) {
    const auto range = keys_of(node);
    const auto last = before && has_key(*before) ? std::min(to_key(*before) - 1, range.last) : range.last;
    auto rows = ask(*inner_->database, "SELECT ref FROM sale WHERE ref BETWEEN ? AND ? ORDER BY ref DESC LIMIT ?",
                    range.first, last, count);
    std::vector<RecordRef> refs;
    while (next(rows)) refs.push_back(ref_at(rows, 0));
    return refs;
}

SessionUnits LedgerReader::session_units(const SessionId& session, NodeId node) {
    auto& database = *inner_->database;
    SessionUnits units;
    units.received =
        as<std::uint32_t>(std::min<std::int64_t>(units_received(database, session, keys_of(node)), UINT32_MAX));
    auto sold = ask(database, "SELECT sold FROM session_units WHERE session = ? AND node = ?", session, node);
    if (next(sold)) units.sold = as<std::uint32_t>(std::min<std::int64_t>(sold.number(0), UINT32_MAX));
    return units;
}

SessionUnits LedgerReader::session_units(const SessionId& session, JournalId journal) {
    auto& database = *inner_->database;
    const auto range = keys_of(journal);
    SessionUnits units;
    units.received = as<std::uint32_t>(std::min<std::int64_t>(units_received(database, session, range), UINT32_MAX));
    auto sold = ask(database,
                    "SELECT ifnull(sum(quantity * max(persons, 1)), 0) FROM sale_line WHERE session = ? "
                    "AND sale BETWEEN ? AND ?",
                    session, range.first, range.last);
    if (next(sold)) units.sold = as<std::uint32_t>(std::min<std::int64_t>(sold.number(0), UINT32_MAX));
    return units;
}

std::uint64_t LedgerReader::returned_units(const SessionId& session) {
    auto refunded =
        ask(*inner_->database, "SELECT ifnull(sum(refunded), 0) FROM session_units WHERE session = ?", session);
    return next(refunded) ? static_cast<std::uint64_t>(std::max<std::int64_t>(refunded.number(0), 0)) : 0;
}

std::vector<Grant> LedgerReader::grants(std::optional<NodeId> node) {
    auto& database = *inner_->database;
    std::vector<Grant> found;
    auto rows = ask(database, "SELECT ref FROM control WHERE kind = ? ORDER BY ref", Kind::lease_granted);
    while (next(rows)) {
        const auto ref = ref_at(rows, 0);
        auto record = load_record(database, ref);
        auto* body = record ? std::get_if<LeaseGranted>(&record->body) : nullptr;
        if (body == nullptr || (node && body->node != *node)) continue;
        // Only what the grantee's own journal says makes units spendable.
        const auto range = keys_of(body->node);
        auto received = ask(database, "SELECT 1 FROM lease_received WHERE grant_ref = ? AND ref BETWEEN ? AND ?", ref,
                            range.first, range.last);
        const bool there = next(received);
        const Epoch epoch = leased_epoch(*record);
        found.push_back({ref, std::move(*body), epoch, there});
    }
    return found;
}

std::map<SessionId, std::uint64_t> LedgerReader::fenced_units() {
    auto& database = *inner_->database;
    std::set<JournalId> fenced;
    // Of several revocations of one journal the one that trusts least holds, as at the gates.
    auto rows = ask(database,
                    "SELECT r.node, r.epoch FROM node_revocation r LEFT JOIN stream s ON s.id = r.node << 15 | r.epoch "
                    "GROUP BY r.node, r.epoch HAVING ifnull(s.seq, 0) >= min(r.last) AND ifnull(s.forked, 0) = 0");
    while (next(rows)) {
        const JournalId journal{NodeId{as<std::uint16_t>(rows.number(0))}, Epoch{as<std::uint32_t>(rows.number(1))}};
        const auto range = keys_of(journal);
        // It may have been a sale.
        auto parked = ask(database, "SELECT 1 FROM parked WHERE ref BETWEEN ? AND ?", range.first, range.last);
        if (!next(parked)) fenced.insert(journal);
    }
    std::map<std::pair<JournalId, SessionId>, std::uint64_t> leased;
    if (!fenced.empty())
        for (const auto& grant : grants(std::nullopt))
            if (const JournalId journal{grant.body.node, grant.epoch}; fenced.contains(journal))
                leased[{journal, grant.body.session}] += grant.body.units;
    std::map<SessionId, std::uint64_t> left;
    for (const auto& [of, units] : leased) {
        const auto sold = std::uint64_t{session_units(of.second, of.first).sold};
        left[of.second] += units - std::min(units, sold);
    }
    return left;
}

std::set<RecordRef> LedgerReader::grants_received(NodeId node) {
    const auto range = keys_of(node);
    std::set<RecordRef> found;
    auto rows = ask(*inner_->database, "SELECT grant_ref FROM lease_received WHERE ref BETWEEN ? AND ?", range.first,
                    range.last);
    while (next(rows)) found.insert(ref_at(rows, 0));
    return found;
}

Minor LedgerReader::unverified_total(NodeId node) {
    const auto range = keys_of(node);
    auto row = ask(*inner_->database,
                   "SELECT total(t.amount) FROM tender t INDEXED BY tender_unverified JOIN sale s "
                   "ON s.ref = t.ref WHERE t.state = 1 AND t.ref BETWEEN ? AND ?",
                   range.first, range.last);
    return next(row) ? total_at(row, 0) : Minor{};
}

namespace {

TenderFacts tender_at(const Statement& row) {
    return {ref_at(row, 0),
            as<std::uint16_t>(row.number(1)),
            as<TenderKind>(row.number(2)),
            as<TenderState>(row.number(3)),
            Minor{row.number(4)},
            row.number(5) != 0,
            WallTime{row.number(6)},
            Date{as<std::int32_t>(row.number(7))}};
}

}  // namespace

std::optional<TenderFacts> LedgerReader::tender(RecordRef sale, std::uint16_t line) {
    if (!has_key(sale)) return std::nullopt;
    auto row = ask(*inner_->database,
                   "SELECT t.ref, t.line, t.kind, t.state, t.amount, t.asked, s.wall, s.business_date FROM tender t "
                   "JOIN sale s ON s.ref = t.ref WHERE t.ref = ? AND t.line = ?",
                   sale, line);
    if (!next(row)) return std::nullopt;
    return tender_at(row);
}

std::vector<TenderFacts> LedgerReader::unverified_tenders(std::size_t count) {
    auto rows = ask(*inner_->database,
                    "SELECT t.ref, t.line, t.kind, t.state, t.amount, t.asked, s.wall, s.business_date FROM tender t "
                    "INDEXED BY tender_unverified JOIN sale s ON s.ref = t.ref WHERE t.state = 1 "
                    "ORDER BY t.ref, t.line LIMIT ?",
                    count);
    std::vector<TenderFacts> found;
    while (next(rows)) found.push_back(tender_at(rows));
    return found;
}

std::vector<PrintJob> LedgerReader::unresolved_prints(NodeId node) {
    const auto range = keys_of(node);
    auto rows = ask(*inner_->database,
                    "SELECT ref, kind, printer, state FROM print_job WHERE state IN (0, 3) AND ref BETWEEN ? AND ? "
                    "ORDER BY ref",
                    range.first, range.last);
    std::vector<PrintJob> jobs;
    while (next(rows))
        jobs.push_back({ref_at(rows, 0), as<Kind>(rows.number(1)), DeviceName{text_at(rows, 2)}, rows.number(3) == 3});
    return jobs;
}

}  // namespace gatehouse::ledger
