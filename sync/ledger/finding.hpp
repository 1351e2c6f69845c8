// What makes a conflict, as found for one subject. Internal to sync/ledger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/ledger/fold.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::ledger {

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

// Each subject has at most one finding of a kind. Of the evidence the first 64 records are kept, and how many there
// are.
void write_finding(Fold& fold, const std::string& subject, Finding finding);
void erase_finding(Fold& fold, const std::string& subject, ConflictKind kind);

}  // namespace gatehouse::ledger
