#include <algorithm>

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

Conflict make(ConflictKind kind, std::string subject, std::string detail) {
    Conflict conflict;
    conflict.kind = kind;
    conflict.id = std::string{to_string(kind)} + "-" + subject;
    conflict.subject = std::move(subject);
    conflict.detail = std::move(detail);
    return conflict;
}

void add_derived(Database& database, std::vector<Conflict>& found) {
    auto rows = ask(database, "SELECT id, kind, subject, money, detail, evidence_count FROM conflict ORDER BY id");
    while (next(rows)) {
        auto conflict = make(as<ConflictKind>(rows.number(1)), text_at(rows, 2), text_at(rows, 4));
        conflict.money = Minor{rows.number(3)};
        conflict.evidence_count = as<std::uint32_t>(rows.number(5));
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
        auto conflict = make(ConflictKind::clock_suspect, std::to_string(boots.number(0)) + "-" + to_hex(boot),
                             "no trusted time was learned in this boot");
        conflict.evidence_count = as<std::uint32_t>(boots.number(2));
        auto evidence = ask(database,
                            "SELECT ref FROM suspect WHERE node = ? AND boot = ? AND kind IN (30, 31, 40) "
                            "ORDER BY ref LIMIT 64",
                            boots.number(0), boot);
        while (next(evidence)) conflict.evidence.push_back(ref_at(evidence, 0));
        found.push_back(std::move(conflict));
    }
}

void add_forks_and_parked(Database& database, std::vector<Conflict>& found) {
    auto forks = ask(database, "SELECT ref, count(*) FROM fork GROUP BY ref ORDER BY ref");
    while (next(forks)) {
        const auto ref = ref_at(forks, 0);
        auto conflict = make(ConflictKind::journal_fork, to_string(ref), "other records with this number are kept");
        conflict.evidence = {ref};
        conflict.evidence_count = as<std::uint32_t>(forks.number(1) + 1);
        found.push_back(std::move(conflict));
    }
    auto parked = ask(database, "SELECT ref, reason FROM parked ORDER BY ref");
    while (next(parked)) {
        const auto ref = ref_at(parked, 0);
        auto conflict = make(ConflictKind::parked_record, to_string(ref), text_at(parked, 1));
        conflict.evidence = {ref};
        conflict.evidence_count = 1;
        found.push_back(std::move(conflict));
    }
}

}  // namespace

std::vector<Conflict> Reports::conflicts(bool open_only) {
    auto& database = reader_.database();
    std::vector<Conflict> found;
    add_derived(database, found);
    add_suspects(database, found);
    add_forks_and_parked(database, found);
    for (auto& conflict : found) {
        auto row =
            ask(database, "SELECT ref, outcome, note FROM conflict_resolution WHERE id = ? ORDER BY ref DESC LIMIT 1",
                conflict.id);
        if (!next(row)) continue;
        conflict.resolution = ref_at(row, 0);
        ConflictResolved latest{conflict.id, text_at(row, 1), text_at(row, 2)};
        if (latest.outcome == outcome_assigned)
            conflict.assigned = OperatorName{latest.note.substr(0, latest.note.find(' '))};
        else
            conflict.resolved = std::move(latest);
    }
    if (open_only) std::erase_if(found, [](const Conflict& conflict) { return conflict.resolved.has_value(); });
    return found;
}

std::optional<Conflict> Reports::conflict(const std::string& id) {
    auto all = conflicts(false);
    const auto found = std::ranges::find(all, id, &Conflict::id);
    if (found == all.end()) return std::nullopt;
    return std::move(*found);
}

}  // namespace gatehouse::ledger
