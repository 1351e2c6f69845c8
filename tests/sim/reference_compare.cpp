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

// The subjects of one kind of conflict, here and by the reference.
template <class Subjects>
std::optional<std::string> compare_kind(ledger::ConflictKind kind, const Subjects& reference,
                                        const std::vector<ledger::Conflict>& conflicts) {
    std::set<std::string> found, wanted;
    for (const auto& conflict : conflicts)
        if (conflict.kind == kind) found.insert(conflict.subject);
    for (const auto& subject : reference)
        if constexpr (requires { to_string(subject); })
            wanted.insert(to_string(subject));
        else
            wanted.insert(subject);
    for (const auto& subject : wanted)
        if (!found.contains(subject)) return fmt::format("{} is no conflict: {}", ledger::to_string(kind), subject);
    for (const auto& subject : found)
        if (!wanted.contains(subject))
            return fmt::format("a conflict that is none: {} {}", ledger::to_string(kind), subject);
    return std::nullopt;
}

std::optional<std::string> compare_conflicts(const Books& books, ledger::Reports& reports) {
    using ledger::ConflictKind;
    const auto all = reports.conflicts(false);
    if (auto d = compare_kind(ConflictKind::duplicate_admission, books.admitted_twice, all)) return d;
    if (auto d = compare_kind(ConflictKind::duplicate_refund, books.refunded_twice, all)) return d;
    if (auto d = compare_kind(ConflictKind::admitted_after_refund, books.admitted_after_refund, all)) return d;
    if (auto d = compare_kind(ConflictKind::admitted_after_revocation, books.admitted_after_revocation, all)) return d;
    return compare_kind(ConflictKind::oversold, books.oversold, all);
}

// Zones where nobody was are in neither.
std::optional<std::string> compare_occupancy(const Books& books, ledger::LedgerReader& reader) {
    for (const Date date : books.dates) {
        std::map<ZoneId, Inside> found;
        for (const auto& zone : reader.occupancy(date))
            found[zone.zone] = {zone.entered, zone.left, zone.maybe_entered, zone.maybe_left};
        std::map<ZoneId, Inside> wanted;
        for (const auto& [where, inside] : books.occupancy)
            if (where.first == date) wanted[where.second] = inside;
        if (found != wanted) return fmt::format("occupancy of day {} is another one", date.value);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> compare(const Books& books, ledger::LedgerReader& reader,
                                   const ledger::VenueSettings& venue) {
    ledger::Reports reports(reader, venue);
    if (auto d = compare_reports(books, reports)) return d;
    if (auto d = compare_conflicts(books, reports)) return d;
    if (auto d = compare_occupancy(books, reader)) return d;
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
