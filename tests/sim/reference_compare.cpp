// The reference: what a machine holds and what its tables say, see reference.hpp.
#include <fmt/core.h>

#include "tests/sim/reference.hpp"

namespace gatehouse::sim {

RecordSet read_records(ledger::LedgerReader& reader) {
    RecordSet records;
    for (const auto& state : reader.journals()) {
        for (Seq from{1}; from <= state.head;) {
            const auto read = reader.records(state.journal, from, state.head, 1000, 1U << 20U);
            if (read.stored.empty()) break;
            for (const auto& stored : read.stored)
                if (auto record = ledger::read_record(stored))
                    records.emplace(record->ref(),
                                    RecordCopy{record->header, record->body, ledger::boot_began(*record)});
            from = Seq{read.last.value + 1};
        }
    }
    return records;
}

namespace {

std::optional<std::string> differs(const char* what, std::int64_t here, std::int64_t reference) {
    if (here == reference) return std::nullopt;
    return fmt::format("{}: projected {}, by the reference {}", what, here, reference);
}

std::optional<std::string> compare_reports(const Books& books, ledger::Reports& reports) {
    std::int64_t sales = 0, sold = 0, refunds = 0, refunded = 0, turned = 0, reentered = 0;
    for (const Date date : books.dates) {
        const auto of_day = reports.sales(date);
        sales += of_day.sales;
        sold += of_day.total.value;
        refunds += of_day.refunds;
        refunded += of_day.refunded.value;
        for (const auto& row : reports.admissions(date).admissions) {
            if (row.direction != Direction::entry) continue;
            turned += row.persons;
            reentered += row.reentries;
        }
    }
    if (auto d = differs("sales", sales, books.sales)) return d;
    if (auto d = differs("sold", sold, books.sold_minor)) return d;
    if (auto d = differs("refunds", refunds, books.refunds)) return d;
    if (auto d = differs("refunded", refunded, books.refunded_minor)) return d;
    if (auto d = differs("turned persons", turned, books.turned)) return d;
    return differs("re-entries", reentered, books.reentered);
}

std::optional<std::string> compare_conflicts(const Books& books, ledger::Reports& reports) {
    std::set<std::string> admitted, refunded;
    for (const auto& conflict : reports.conflicts(false)) {
        if (conflict.kind == ledger::ConflictKind::duplicate_admission) admitted.insert(conflict.subject);
        if (conflict.kind == ledger::ConflictKind::duplicate_refund) refunded.insert(conflict.subject);
    }
    for (const auto& ticket : books.admitted_twice)
        if (!admitted.contains(to_string(ticket))) return "a double admission is no conflict: " + to_string(ticket);
    for (const auto& ticket : books.refunded_twice)
        if (!refunded.contains(to_string(ticket))) return "a double refund is no conflict: " + to_string(ticket);
    if (admitted.size() != books.admitted_twice.size()) return "a double admission that was none is a conflict";
    if (refunded.size() != books.refunded_twice.size()) return "a double refund that was none is a conflict";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> compare(const Books& books, ledger::LedgerReader& reader,
                                   const ledger::VenueSettings& venue) {
    ledger::Reports reports(reader, venue);
    if (auto d = compare_reports(books, reports)) return d;
    if (auto d = compare_conflicts(books, reports)) return d;
    for (const auto& [key, units] : books.units) {
        const auto projected = reader.session_units(key.second, key.first);
        if (auto d = differs("units received", projected.received, static_cast<std::int64_t>(units.first))) return d;
        if (auto d = differs("units sold", projected.sold, static_cast<std::int64_t>(units.second))) return d;
    }
    for (const auto& [shift, expected] : books.expected_cash) {
        const auto facts = reader.shift(shift);
        if (facts)
            if (auto d = differs("cash expected", facts->expected_cash().value, expected)) return d;
    }
    for (const auto& [ticket, held] : books.held)
        if (auto d = differs(("held of " + to_string(ticket)).c_str(), reader.ticket(ticket).held(), held)) return d;
    return std::nullopt;
}

}  // namespace gatehouse::sim
