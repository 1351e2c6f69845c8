#include "sync/ledger/reports.hpp"

#include <algorithm>
#include <set>

#include "sync/ledger/reader_inner.hpp"

namespace gatehouse::ledger {

Reports::Reports(LedgerReader& reader, VenueSettings venue) : reader_(reader), venue_(std::move(venue)) {}

namespace {

using LineKey = std::tuple<NodeId, WindowName, RecordRef, ProductId, std::optional<ConcessionClass>>;
using TenderKey = std::tuple<NodeId, WindowName, RecordRef, TenderKind, TenderState>;

std::optional<ConcessionClass> concession_at(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return ConcessionClass{text_at(row, column)};
}

struct SalesSums {
    std::map<LineKey, SalesRow> lines;
    std::map<TenderKey, TenderRow> tenders;

    SalesRow& line(RecordRef ref, WindowName window, RecordRef shift, ProductId product,
                   std::optional<ConcessionClass> concession) {
        auto& row = lines[{ref.node, window, shift, product, concession}];
        row.node = ref.node;
        row.window = std::move(window);
        row.shift = shift;
        row.product = std::move(product);
        row.concession = std::move(concession);
        return row;
    }
    TenderRow& tender(RecordRef ref, WindowName window, RecordRef shift, TenderKind kind, TenderState state) {
        auto& row = tenders[{ref.node, window, shift, kind, state}];
        row.node = ref.node;
        row.window = std::move(window);
        row.shift = shift;
        row.kind = kind;
        row.state = state;
        return row;
    }
};

void add_lines(Database& database, Date date, SalesSums& sums) {
    auto rows = ask(database,
                    "SELECT s.ref, s.window, s.shift, l.product, l.concession, l.quantity, max(l.persons, 1), "
                    "l.unit_price FROM sale s JOIN sale_line l ON l.sale = s.ref WHERE s.business_date = ?",
                    date);
    while (next(rows)) {
        auto& row = sums.line(ref_at(rows, 0), WindowName{text_at(rows, 1)}, ref_at(rows, 2),
                              ProductId{text_at(rows, 3)}, concession_at(rows, 4));
        row.tickets += rows.number(5);
        row.persons += rows.number(5) * rows.number(6);
        row.amount += Minor{rows.number(5) * rows.number(7)};
    }
}

// What was handed back for a ticket stands with the product that its sale names; without the sale, with none.
void add_refunded(Database& database, Date date, SalesSums& sums) {
    auto rows = ask(database,
                    "SELECT r.ref, r.window, r.shift, l.product, l.concession, m.amount FROM refund r "
                    "JOIN ticket_mark m ON m.ref = r.ref AND m.kind = 0 LEFT JOIN sale_line l ON l.sale = m.sold "
                    "AND m.ordinal >= l.first_ordinal AND m.ordinal < l.first_ordinal + l.quantity "
                    "WHERE r.business_date = ?",
                    date);
    while (next(rows)) {
        auto& row = sums.line(ref_at(rows, 0), WindowName{text_at(rows, 1)}, ref_at(rows, 2),
                              ProductId{text_at(rows, 3)}, concession_at(rows, 4));
        ++row.refunded_tickets;
        row.refunded += Minor{rows.number(5)};
    }
}

void add_tenders(Database& database, Date date, SalesSums& sums) {
    const auto row_of = [&](const Statement& rows) -> TenderRow& {
        return sums.tender(ref_at(rows, 0), WindowName{text_at(rows, 1)}, ref_at(rows, 2),
                           as<TenderKind>(rows.number(3)), as<TenderState>(rows.number(4)));
    };
    auto taken = ask(database,
                     "SELECT s.ref, s.window, s.shift, t.kind, t.state, t.amount FROM sale s "
                     "JOIN tender t ON t.ref = s.ref WHERE s.business_date = ?",
                     date);
    while (next(taken)) row_of(taken).taken += Minor{taken.number(5)};
    auto back = ask(database,
                    "SELECT r.ref, r.window, r.shift, t.kind, t.state, t.amount FROM refund r "
                    "JOIN tender t ON t.ref = r.ref WHERE r.business_date = ?",
                    date);
    while (next(back)) row_of(back).refunded += Minor{back.number(5)};
    // Change is cash that was given and handed back.
    auto change = ask(database,
                      "SELECT ref, window, shift, 0, 0, change FROM sale WHERE business_date = ? AND "
                      "change <> 0",
                      date);
    while (next(change)) row_of(change).taken += Minor{-change.number(5)};
}

}  // namespace

SalesReport Reports::sales(Date business_date) {
    auto& database = reader_.database();
    SalesReport report;
    SalesSums sums;
    add_lines(database, business_date, sums);
    add_refunded(database, business_date, sums);
    add_tenders(database, business_date, sums);
    for (auto& [key, row] : sums.lines) report.lines.push_back(std::move(row));
    for (auto& [key, row] : sums.tenders) report.tenders.push_back(std::move(row));
    auto sold = ask(database, "SELECT count(*), total(total) FROM sale WHERE business_date = ?", business_date);
    if (next(sold)) {
        report.sales = sold.number(0);
        report.total = total_at(sold, 1);
    }
    auto refunded = ask(database, "SELECT count(*), total(total) FROM refund WHERE business_date = ?", business_date);
    if (next(refunded)) {
        report.refunds = refunded.number(0);
        report.refunded = total_at(refunded, 1);
    }
    return report;
}

std::vector<ShiftRow> Reports::shifts(Date business_date) {
    auto& database = reader_.database();
    std::vector<ShiftRow> found;
    auto rows =
        ask(database,
            "SELECT shift.ref, c.wall, c.ref FROM shift LEFT JOIN shift_close c ON c.shift = shift.ref AND c.ref = "
            "(SELECT min(ref) FROM shift_close WHERE shift = c.shift) WHERE business_date = ? ORDER BY shift.ref",
            business_date);
    while (next(rows)) {
        const auto ref = ref_at(rows, 0);
        auto facts = reader_.shift(ref);
        if (!facts) continue;
        ShiftRow row{ref.node, business_date, std::move(*facts), std::nullopt, std::nullopt};
        if (!rows.is_null(1)) row.closed = WallTime{rows.number(1)};
        if (!rows.is_null(2)) row.closing = ref_at(rows, 2);
        found.push_back(std::move(row));
    }
    return found;
}

std::vector<JournalCompleteness> Reports::completeness(Date business_date) {
    auto& database = reader_.database();
    std::map<NodeId, NodeName> names;
    for (auto& node : reader_.nodes()) names[node.node] = std::move(node.name);
    std::vector<JournalCompleteness> found;
    for (const auto& state : reader_.journals()) {
        JournalCompleteness row;
        row.journal = state.journal;
        row.name = names[state.journal.node];
        row.received = row.known = state.head;
        if (state.announced) row.known = std::max(row.known, state.announced->seq);
        row.last_wall = state.last_wall;
        row.last_trusted = state.last_trusted;
        const auto range = keys_of(state.journal);
        // The date's records lie close together at a journal's end; indexes by date begin with the date.
        auto dated = ask(database,
                         "SELECT EXISTS (SELECT 1 FROM sale WHERE business_date = ?1 AND ref BETWEEN ?2 AND ?3) OR "
                         "EXISTS (SELECT 1 FROM verdict WHERE business_date = ?1 AND ref BETWEEN ?2 AND ?3) OR "
                         "EXISTS (SELECT 1 FROM refund WHERE business_date = ?1 AND ref BETWEEN ?2 AND ?3) OR "
                         "EXISTS (SELECT 1 FROM shift WHERE business_date = ?1 AND ref BETWEEN ?2 AND ?3)",
                         business_date, range.first, range.last);
        row.has_date = next(dated) && dated.number(0) != 0;
        found.push_back(std::move(row));
    }
    return found;
}

std::vector<std::pair<RecordRef, std::string>> Reports::parked() {
    std::vector<std::pair<RecordRef, std::string>> found;
    auto rows = ask(reader_.database(), "SELECT ref, reason FROM parked ORDER BY ref");
    while (next(rows)) found.emplace_back(ref_at(rows, 0), text_at(rows, 1));
    return found;
}

}  // namespace gatehouse::ledger
