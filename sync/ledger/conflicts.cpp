// Conflicts: facts that a person must settle, derived anew for their subject whenever a record touches it. What makes
// one is a property of the set of records, so every machine that holds them comes to the same ids and evidence.
#include <algorithm>
#include <vector>

#include "sync/ledger/fold.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::ledger {

namespace {

constexpr std::size_t evidence_kept = 64;

struct Finding {
    ConflictKind kind{};
    std::vector<RecordRef> evidence;
    std::int64_t money = 0;
    // What more there is to say; see ConflictFacts.
    std::optional<RecordRef> related;
    std::optional<std::int64_t> excess;
    std::optional<std::string> product;
    std::optional<std::int64_t> charged;
    std::optional<std::int64_t> due;
};

std::string id_of(ConflictKind kind, const std::string& subject) {
    return std::string{to_string(kind)} + "-" + subject;
}

void write_finding(Fold& fold, const std::string& subject, Finding finding) {
    const auto id = id_of(finding.kind, subject);
    std::ranges::sort(finding.evidence);
    fold.put("INSERT INTO conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", id, finding.kind, subject, finding.money,
             finding.evidence.size(), finding.related, finding.excess, finding.product, finding.charged, finding.due);
    for (std::size_t i = 0; i < std::min(finding.evidence.size(), evidence_kept); ++i)
        fold.put("INSERT OR IGNORE INTO conflict_evidence VALUES (?, ?)", id, finding.evidence[i]);
}

void erase_finding(Fold& fold, const std::string& subject, ConflictKind kind) {
    const auto id = id_of(kind, subject);
    if (!fold.number("SELECT 1 FROM conflict WHERE id = ?", id)) return;
    fold.put("DELETE FROM conflict WHERE id = ?", id);
    fold.put("DELETE FROM conflict_evidence WHERE id = ?", id);
}

// An entry that holds persons.
struct HeldUse {
    RecordRef verdict;
    std::int64_t persons = 0;
    Date date;
    WallTime wall;
};

std::vector<HeldUse> reservations(Fold& fold, const TicketId& ticket) {
    std::vector<HeldUse> uses;
    auto rows = fold.rows(
        "SELECT ref, persons, business_date, wall FROM verdict WHERE sold = ? AND ordinal = ? AND "
        "decision = 0 AND direction = 0 AND reentry = 0 ORDER BY ref",
        ticket.sold, ticket.ordinal);
    while (fold.next(rows))
        uses.push_back(
            {ref_at(rows, 0), rows.number(1), Date{as<std::int32_t>(rows.number(2))}, WallTime{rows.number(3)}});
    return uses;
}

// Leaves what passages did not give back.
void keep_held(Fold& fold, std::vector<HeldUse>& uses) {
    for (auto& use : uses) {
        auto sums = fold.rows(
            "SELECT ifnull(sum(persons) FILTER (WHERE outcome = 0), 0), "
            "ifnull(sum(persons) FILTER (WHERE outcome = 1), 0) FROM passage WHERE verdict = ?",
            use.verdict);
        if (!fold.next(sums)) continue;
        use.persons = std::max(std::min(sums.number(0), use.persons), use.persons - sums.number(1));
    }
    std::erase_if(uses, [](const HeldUse& use) { return use.persons == 0; });
}

struct MarkRow {
    Mark mark{};
    RecordRef ref;
    std::int64_t amount = 0;
    std::int64_t flags = 0;
    WallTime wall;
};

std::vector<MarkRow> marks_of(Fold& fold, const TicketId& ticket) {
    std::vector<MarkRow> marks;
    auto rows = fold.rows(
        "SELECT kind, ref, amount, flags, wall FROM ticket_mark WHERE sold = ? AND ordinal = ? AND "
        "kind < 3 ORDER BY kind, ref",
        ticket.sold, ticket.ordinal);
    while (fold.next(rows))
        marks.push_back(
            {as<Mark>(rows.number(0)), ref_at(rows, 1), rows.number(2), rows.number(3), WallTime{rows.number(4)}});
    return marks;
}

// Reservations beyond entries x persons. An entry stays open for its persons until the business date ends, so entries
// used are summed by date; what exceeds is found in the order of the records.
std::optional<Finding> duplicates(const std::vector<HeldUse>& uses, const TicketRight& right) {
    if (uses.size() < 2 || right.persons == 0) return std::nullopt;
    Finding finding;
    finding.kind = ConflictKind::duplicate_admission;
    std::map<Date, std::int64_t> on_date;
    const auto entries_used = [&] {
        std::int64_t entries = 0;
        for (const auto& [date, persons] : on_date) entries += (persons + right.persons - 1) / right.persons;
        return entries;
    };
    std::int64_t excess = 0;
    for (const auto& use : uses) {
        on_date[use.date] += use.persons;
        if (entries_used() <= right.entries) continue;
        on_date[use.date] -= use.persons;
        finding.evidence.push_back(use.verdict);
        excess += use.persons;
    }
    if (finding.evidence.empty()) return std::nullopt;
    const auto whole = std::int64_t{right.persons} * std::max<std::int64_t>(right.entries, 1);
    finding.money = right.price.value / whole * excess + (right.price.value % whole * excess + whole - 1) / whole;
    finding.excess = excess;
    finding.related = uses.front().verdict;
    return finding;
}

std::optional<Finding> refunds_twice(const std::vector<MarkRow>& marks) {
    Finding finding;
    finding.kind = ConflictKind::duplicate_refund;
    bool first = true;
    for (const auto& mark : marks) {
        if (mark.mark != Mark::refund) continue;
        if (first) finding.related = mark.ref;
        if (!first) {
            finding.evidence.push_back(mark.ref);
            finding.money += mark.amount;
        }
        first = false;
    }
    if (finding.evidence.empty()) return std::nullopt;
    return finding;
}

// A supervisor who refunds what is known to be admitted knows why; any other refund of an admitted ticket is a loss.
std::optional<Finding> admitted_after_refund(const std::vector<HeldUse>& uses, const std::vector<MarkRow>& marks) {
    Finding finding;
    finding.kind = ConflictKind::admitted_after_refund;
    for (const auto& mark : marks) {
        if (mark.mark != Mark::refund || mark.flags == 3) continue;
        if (finding.evidence.empty()) finding.money = mark.amount;
        finding.evidence.push_back(mark.ref);
    }
    if (uses.empty() || finding.evidence.empty()) return std::nullopt;
    for (const auto& use : uses) finding.evidence.push_back(use.verdict);
    return finding;
}

std::optional<Finding> admitted_after_revocation(Fold& fold, const TicketId& ticket, const std::vector<HeldUse>& uses,
                                                 const std::vector<MarkRow>& marks, Minor price) {
    if (uses.empty()) return std::nullopt;
    struct Since {
        WallTime wall;
        RecordRef by;
    };
    std::optional<Since> since;
    const auto consider = [&](WallTime wall, RecordRef ref) {
        if (!since || wall < since->wall) since = Since{wall, ref};
    };
    for (const auto& mark : marks)
        if (mark.mark == Mark::revocation || mark.mark == Mark::reissue) consider(mark.wall, mark.ref);
    auto nodes = fold.rows(
        "SELECT wall, ref FROM node_revocation WHERE node = ? AND epoch = ? AND last < ? "
        "ORDER BY ref",
        ticket.sold.node, ticket.sold.epoch, ticket.sold.seq);
    while (fold.next(nodes)) consider(WallTime{nodes.number(0)}, ref_at(nodes, 1));
    if (!since) return std::nullopt;
    Finding finding;
    finding.kind = ConflictKind::admitted_after_revocation;
    finding.money = price.value;
    finding.related = since->by;
    for (const auto& use : uses)
        if (use.wall > since->wall) finding.evidence.push_back(use.verdict);
    if (finding.evidence.empty()) return std::nullopt;
    return finding;
}

}  // namespace

void judge_ticket(Fold& fold, const TicketId& ticket) {
    if (fold.stopped()) return;
    // One reservation, and nothing else known of the ticket: there is and was no conflict. Most scans end here.
    const auto doubt = fold.number(
        "SELECT EXISTS (SELECT 1 FROM verdict WHERE sold = ?1 AND ordinal = ?2 AND decision = 0 AND direction = 0 AND "
        "reentry = 0 LIMIT 1 OFFSET 1) OR "
        "EXISTS (SELECT 1 FROM ticket_mark WHERE sold = ?1 AND ordinal = ?2 AND kind < 3) OR "
        "EXISTS (SELECT 1 FROM node_revocation WHERE node = ?3 AND epoch = ?4 AND last < ?5)",
        ticket.sold, ticket.ordinal, ticket.sold.node, ticket.sold.epoch, ticket.sold.seq);
    if (fold.stopped() || doubt == 0) return;
    auto uses = reservations(fold, ticket);
    const auto marks = marks_of(fold, ticket);
    keep_held(fold, uses);
    const auto subject = to_string(ticket);
    for (const auto kind : {ConflictKind::duplicate_admission, ConflictKind::duplicate_refund,
                            ConflictKind::admitted_after_refund, ConflictKind::admitted_after_revocation})
        erase_finding(fold, subject, kind);
    const auto right = right_of(fold.database, ticket);
    if (right)
        if (const auto found = duplicates(uses, *right)) write_finding(fold, subject, *found);
    if (const auto found = refunds_twice(marks)) write_finding(fold, subject, *found);
    if (const auto found = admitted_after_refund(uses, marks)) write_finding(fold, subject, *found);
    if (const auto found = admitted_after_revocation(fold, ticket, uses, marks, right.value_or(TicketRight{}).price))
        write_finding(fold, subject, *found);
}

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
        finding.money += (units + each - 1) / each * lines.number(2);
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

void judge_session(Fold& fold, const SessionId& session) {
    if (fold.stopped()) return;
    std::int64_t live = 0;
    std::vector<std::pair<NodeId, std::int64_t>> sold;
    auto rows = fold.rows("SELECT node, sold, refunded FROM session_units WHERE session = ?", session);
    while (fold.next(rows)) {
        sold.emplace_back(as<std::uint16_t>(rows.number(0)), rows.number(1));
        live += rows.number(1) - rows.number(2);
    }
    erase_finding(fold, session.value, ConflictKind::oversold);
    const auto capacity = fold.number("SELECT capacity FROM session WHERE id = ?", session);
    if (capacity) find_oversold(fold, session.value, session, live - *capacity, std::nullopt);
    for (const auto& [node, units] : sold) {
        const auto subject = session.value + "@" + std::to_string(node.value);
        erase_finding(fold, subject, ConflictKind::oversold);
        find_oversold(fold, subject, session, units - units_received(fold.database, session, keys_of(node)), node);
    }
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
