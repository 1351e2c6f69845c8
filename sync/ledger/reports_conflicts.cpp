#include <algorithm>
#include <charconv>

#include "sync/ledger/reader_inner.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::ledger {

std::string_view to_string(ConflictKind kind) {
    switch (kind) {
        case ConflictKind::duplicate_admission: return "duplicate_admission";
        case ConflictKind::duplicate_refund: return "duplicate_refund";
        case ConflictKind::admitted_after_refund: return "admitted_after_refund";
        case ConflictKind::admitted_after_revocation: return "admitted_after_revocation";
        case ConflictKind::oversold: return "oversold";
        case ConflictKind::unknown_product: return "unknown_product";
        case ConflictKind::price_differs: return "price_differs";
        case ConflictKind::clock_suspect: return "clock_suspect";
        case ConflictKind::journal_fork: return "journal_fork";
        case ConflictKind::parked_record: return "parked_record";
    }
    return "";
}

namespace {

Conflict make(ConflictKind kind, std::string subject, ConflictFacts facts) {
    Conflict conflict;
    conflict.kind = kind;
    conflict.id = std::string{to_string(kind)} + "-" + subject;
    conflict.subject = std::move(subject);
    conflict.facts = std::move(facts);
    return conflict;
}

// A session, or a session at the node whose leases are meant: what judge_session makes of it.
UnitsBeyond units_beyond(const std::string& subject, std::int64_t units) {
    UnitsBeyond facts{SessionId{subject}, std::nullopt, static_cast<std::uint32_t>(units)};
    const auto at = subject.rfind('@');
    std::uint16_t node = 0;
    const auto* const end = subject.data() + subject.size();
    if (at == std::string::npos || std::from_chars(subject.data() + at + 1, end, node).ptr != end) return facts;
    facts.session = SessionId{subject.substr(0, at)};
    facts.lessee = NodeId{node};
    return facts;
}

// Of a row of `conflict`, from the column `related` on. Kinds that have no row there say so by nothing.
std::optional<ConflictFacts> facts_at(Statement& row, ConflictKind kind, const std::string& subject, int related) {
    const auto ticket = [&] { return parse_ticket_id(subject).value_or(TicketId{}); };
    const auto sale = [&] { return parse_record_ref(subject).value_or(RecordRef{}); };
    const auto ref = [&] { return ref_at(row, related); };
    const auto product = [&] { return ProductId{text_at(row, related + 2)}; };
    switch (kind) {
        case ConflictKind::duplicate_admission:
            return PersonsBeyond{ticket(), as<std::uint32_t>(row.number(related + 1)), ref()};
        case ConflictKind::duplicate_refund: return RefundedAgain{ticket(), ref()};
        case ConflictKind::admitted_after_refund: return AdmittedRefunded{ticket()};
        case ConflictKind::admitted_after_revocation: return AdmittedRevoked{ticket(), ref()};
        case ConflictKind::oversold: return units_beyond(subject, row.number(related + 1));
        case ConflictKind::unknown_product: return ProductUnknown{sale(), product()};
        case ConflictKind::price_differs:
            return PriceDiffers{sale(), product(), Minor{row.number(related + 3)}, Minor{row.number(related + 4)}};
        case ConflictKind::clock_suspect:
        case ConflictKind::journal_fork:
        case ConflictKind::parked_record: return std::nullopt;
    }
    return std::nullopt;
}

// Of one id, or all.
void add_derived(Database& database, const std::string* id, std::vector<Conflict>& found) {
    auto rows = id != nullptr
                    ? ask(database,
                          "SELECT id, kind, subject, money, evidence_count, related, excess, product, charged, due "
                          "FROM conflict WHERE id = ?",
                          *id)
                    : ask(database,
                          "SELECT id, kind, subject, money, evidence_count, related, excess, product, charged, due "
                          "FROM conflict ORDER BY id");
    while (next(rows)) {
        const auto kind = as<ConflictKind>(rows.number(1));
        auto facts = facts_at(rows, kind, text_at(rows, 2), 5);
        if (!facts) continue;
        auto conflict = make(kind, text_at(rows, 2), std::move(*facts));
        conflict.money = Minor{rows.number(3)};
        conflict.evidence_count = as<std::uint32_t>(rows.number(4));
        auto evidence = ask(database, "SELECT ref FROM conflict_evidence WHERE id = ? ORDER BY ref", conflict.id);
        while (next(evidence)) conflict.evidence.push_back(ref_at(evidence, 0));
        found.push_back(std::move(conflict));
    }
}

// Sales and admissions of a boot whose clock nobody has corrected.
void add_suspects(Database& database, std::vector<Conflict>& found) {
    auto boots = ask(database,
                     "SELECT node, boot, count(*) FROM suspect s WHERE kind IN (30, 31, 40) AND NOT EXISTS "
                     "(SELECT 1 FROM clock_correction c WHERE c.node = s.node AND c.boot = s.boot) "
                     "GROUP BY node, boot ORDER BY node, boot");
    while (next(boots)) {
        const auto boot = boots.blob(1);
        const NodeId node{as<std::uint16_t>(boots.number(0))};
        auto conflict = make(ConflictKind::clock_suspect, std::to_string(node.value) + "-" + to_hex(boot),
                             ClockUncorrected{node, octets_at<16>(boots, 1)});
        conflict.evidence_count = as<std::uint32_t>(boots.number(2));
        auto evidence = ask(database,
                            "SELECT ref FROM suspect WHERE node = ? AND boot = ? AND kind IN (30, 31, 40) "
                            "ORDER BY ref LIMIT 64",
                            boots.number(0), boot);
        while (next(evidence)) conflict.evidence.push_back(ref_at(evidence, 0));
        found.push_back(std::move(conflict));
    }
}

void add_forks(Database& database, KeyRange at, std::vector<Conflict>& found) {
    auto forks = ask(database, "SELECT ref, count(*) FROM fork WHERE ref BETWEEN ? AND ? GROUP BY ref ORDER BY ref",
                     at.first, at.last);
    while (next(forks)) {
        const auto ref = ref_at(forks, 0);
        auto conflict = make(ConflictKind::journal_fork, to_string(ref), HistoryForked{ref});
        conflict.evidence = {ref};
        conflict.evidence_count = as<std::uint32_t>(forks.number(1) + 1);
        found.push_back(std::move(conflict));
    }
}

void add_parked(Database& database, KeyRange at, std::vector<Conflict>& found) {
    auto parked =
        ask(database, "SELECT ref, reason FROM parked WHERE ref BETWEEN ? AND ? ORDER BY ref", at.first, at.last);
    while (next(parked)) {
        const auto ref = ref_at(parked, 0);
        auto conflict = make(ConflictKind::parked_record, to_string(ref), RecordParked{ref, text_at(parked, 1)});
        conflict.evidence = {ref};
        conflict.evidence_count = 1;
        found.push_back(std::move(conflict));
    }
}

bool is_kind(const std::string& id, ConflictKind kind) { return id.starts_with(std::string{to_string(kind)} + "-"); }

// The record that such an id names.
KeyRange record_in(const std::string& id, ConflictKind kind) {
    const auto ref = parse_record_ref(std::string_view{id}.substr(to_string(kind).size() + 1));
    if (!ref || !has_key(*ref)) return {0, -1};
    return {to_key(*ref), to_key(*ref)};
}

// What was said of it last.
void add_resolution(Database& database, Conflict& conflict) {
    auto row =
        ask(database, "SELECT ref, outcome, note FROM conflict_resolution WHERE id = ? ORDER BY ref DESC LIMIT 1",
            conflict.id);
    if (!next(row)) return;
    conflict.resolution = ref_at(row, 0);
    ConflictResolved latest{conflict.id, text_at(row, 1), text_at(row, 2)};
    if (latest.outcome == outcome_assigned)
        conflict.assigned = OperatorName{latest.note.substr(0, latest.note.find(' '))};
    else
        conflict.resolved = std::move(latest);
}

}  // namespace

std::vector<Conflict> Reports::conflicts(bool open_only) {
    auto& database = reader_.database();
    std::vector<Conflict> found;
    add_derived(database, nullptr, found);
    add_suspects(database, found);
    add_forks(database, {0, INT64_MAX}, found);
    add_parked(database, {0, INT64_MAX}, found);
    for (auto& conflict : found) add_resolution(database, conflict);
    if (open_only) std::erase_if(found, [](const Conflict& conflict) { return conflict.resolved.has_value(); });
    return found;
}

std::optional<Conflict> Reports::conflict(const std::string& id) {
    auto& database = reader_.database();
    std::vector<Conflict> some;
    if (is_kind(id, ConflictKind::clock_suspect))
        add_suspects(database, some);
    else if (is_kind(id, ConflictKind::journal_fork))
        add_forks(database, record_in(id, ConflictKind::journal_fork), some);
    else if (is_kind(id, ConflictKind::parked_record))
        add_parked(database, record_in(id, ConflictKind::parked_record), some);
    else
        add_derived(database, &id, some);
    const auto found = std::ranges::find(some, id, &Conflict::id);
    if (found == some.end()) return std::nullopt;
    add_resolution(database, *found);
    return std::move(*found);
}

}  // namespace gatehouse::ledger
