// Conflicts: facts that a person must settle, derived anew for their subject whenever a record touches it. What makes
// one is a property of the set of records, so every machine that holds them comes to the same ids and evidence. Those
// about one ticket are in conflicts_ticket.cpp.
#include <algorithm>
#include <string>

#include "sync/ledger/finding.hpp"

namespace gatehouse::ledger {

namespace {

// Lines in the order of their records; those that no longer fit into `capacity` are the evidence.
void find_oversold(Fold& fold, const std::string& subject, const SessionId& session, std::int64_t excess,
                   std::optional<NodeId> node) {
    if (excess <= 0) return;
    Finding finding;
    finding.kind = ConflictKind::oversold;
    finding.excess = excess;
    const auto range = node ? keys_of(*node) : KeyRange{0, INT64_MAX};
    auto lines = fold.rows(
        "SELECT sale, quantity * max(persons, 1), unit_price, max(persons, 1) FROM sale_line "
        "WHERE session = ? AND sale BETWEEN ? AND ? ORDER BY sale DESC, line DESC",
        session, range.first, range.last);
    while (excess > 0 && fold.next(lines)) {
        const auto units = std::min(excess, lines.number(1));
        const auto each = lines.number(3);
        const Minor price{(units + each - 1) / each * lines.number(2)};
        finding.money = (Minor{finding.money} + price).value;
        finding.evidence.push_back(ref_at(lines, 0));
        excess -= units;
    }
    std::ranges::sort(finding.evidence);
    const auto repeated = std::ranges::unique(finding.evidence);
    finding.evidence.erase(repeated.begin(), repeated.end());
    write_finding(fold, subject, std::move(finding));
}

}  // namespace

std::int64_t units_received(Database& database, const SessionId& session, KeyRange range) {
    auto sum = ask(database,
                   "SELECT ifnull(sum(units), 0) FROM lease_received AS l WHERE session = ? AND ref BETWEEN ?2 AND ?3 "
                   "AND NOT EXISTS (SELECT 1 FROM lease_received AS e WHERE e.grant_ref = l.grant_ref AND "
                   "e.ref >= ?2 AND e.ref < l.ref)",
                   session, range.first, range.last);
    return next(sum) ? sum.number(0) : 0;
}

namespace {

// What `node` received of `session`, as far as central's grants that are held say so too. Its own word makes units
// spendable at its windows; that it sold no more than it was given, another machine does not believe by that alone.
std::int64_t units_granted(Fold& fold, const SessionId& session, NodeId node) {
    const auto range = keys_of(node);
    auto rows = fold.rows(
        "SELECT grant_ref, units FROM lease_received AS l WHERE session = ? AND ref BETWEEN ?2 AND ?3 "
        "AND EXISTS (SELECT 1 FROM control WHERE kind = ?4 AND ref = l.grant_ref) "
        "AND NOT EXISTS (SELECT 1 FROM lease_received AS e WHERE e.grant_ref = l.grant_ref AND "
        "e.ref >= ?2 AND e.ref < l.ref)",
        session, range.first, range.last, Kind::lease_granted);
    std::int64_t units = 0;
    while (fold.next(rows)) {
        const auto record = load_record(fold.database, ref_at(rows, 0));
        const auto* grant = record ? std::get_if<LeaseGranted>(&record->body) : nullptr;
        if (grant != nullptr && grant->node == node && grant->session == session)
            units += std::min(rows.number(1), std::int64_t{grant->units});
    }
    return units;
}

}  // namespace

void judge_session(Fold& fold, const SessionId& session) {
    if (fold.stopped()) return;
    erase_finding(fold, session.value, ConflictKind::oversold);
    const auto capacity = fold.number("SELECT capacity FROM session WHERE id = ?", session);
    if (!capacity) return;
    const auto live = fold.number("SELECT sum(sold - refunded) FROM session_units WHERE session = ?", session);
    find_oversold(fold, session.value, session, live.value_or(0) - *capacity, std::nullopt);
}

void judge_leases(Fold& fold, const SessionId& session, NodeId node) {
    if (fold.stopped()) return;
    const auto subject = session.value + "@" + std::to_string(node.value);
    erase_finding(fold, subject, ConflictKind::oversold);
    const auto sold = fold.number("SELECT sold FROM session_units WHERE session = ? AND node = ?", session, node);
    if (sold) find_oversold(fold, subject, session, *sold - units_granted(fold, session, node), node);
}

void judge_prices(Fold& fold, RecordRef sale) {
    if (fold.stopped()) return;
    const auto subject = to_string(sale);
    erase_finding(fold, subject, ConflictKind::unknown_product);
    erase_finding(fold, subject, ConflictKind::price_differs);
    auto row = fold.rows("SELECT catalogue, written_date FROM sale WHERE ref = ?", sale);
    if (!fold.next(row) || row.number(0) == 0) return;
    const auto catalogue = fold.catalogues.find(fold.database, static_cast<std::uint64_t>(row.number(0)));
    if (!catalogue) return;
    const Date date{as<std::int32_t>(row.number(1))};
    if (date == no_priced_date) return;
    Finding unknown;
    unknown.kind = ConflictKind::unknown_product;
    Finding differs;
    differs.kind = ConflictKind::price_differs;
    auto lines =
        fold.rows("SELECT product, concession, quantity, persons, unit_price FROM sale_line WHERE sale = ?", sale);
    while (fold.next(lines)) {
        const auto* product = catalogue->product(ProductId{text_at(lines, 0)});
        if (product == nullptr) {
            unknown.evidence = {sale};
            unknown.product = text_at(lines, 0);
            unknown.money += lines.number(2) * lines.number(4);
            continue;
        }
        const auto* concession = lines.is_null(1) ? nullptr : catalogue->concession(ConcessionClass{text_at(lines, 1)});
        const auto due = ticket_price(*product, as<std::uint16_t>(lines.number(3)), concession, date);
        if (!due || due->value == lines.number(4)) continue;
        differs.evidence = {sale};
        differs.product = text_at(lines, 0);
        differs.charged = lines.number(4);
        differs.due = due->value;
        differs.money += (due->value - lines.number(4)) * lines.number(2);
    }
    if (!unknown.evidence.empty()) write_finding(fold, subject, unknown);
    if (!differs.evidence.empty()) write_finding(fold, subject, differs);
}

}  // namespace gatehouse::ledger
