#include "sync/ledger/finding.hpp"

#include <algorithm>

namespace gatehouse::ledger {

namespace {

constexpr std::size_t evidence_kept = 64;

std::string id_of(ConflictKind kind, const std::string& subject) {
    return std::string{to_string(kind)} + "-" + subject;
}

}  // namespace

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

}  // namespace gatehouse::ledger
