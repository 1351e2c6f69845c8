// What LedgerReader's functions share. Internal to sync/ledger.
#pragma once

#include <optional>

#include "sync/ledger/fold.hpp"
#include "sync/ledger/reader.hpp"

namespace gatehouse::ledger {

struct LedgerReader::Inner {
    std::optional<Database> own;
    Database* database = nullptr;
};

// The body of a stored record when it is a `T`.
template <class T>
[[nodiscard]] std::optional<T> load_body(Database& database, RecordRef ref) {
    auto record = load_record(database, ref);
    if (!record) return std::nullopt;
    auto* body = std::get_if<T>(&record->body);
    if (body == nullptr) return std::nullopt;
    return std::move(*body);
}

// What one shift's records add up to; `facts` names the shift.
void add_up_shift(Database& database, ShiftFacts& facts);

}  // namespace gatehouse::ledger
