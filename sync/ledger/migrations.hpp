// The numbered scripts of schemas/sql, embedded. Internal to sync/ledger.
#pragma once

#include <cstdint>

#include "sync/ledger/database.hpp"

namespace gatehouse::ledger {

// This release's schema.
[[nodiscard]] std::uint32_t latest_schema();

// Brings the database to `latest_schema()`, all of it in one transaction.
// Errors: schema_newer (nothing was touched), storage_unavailable.
[[nodiscard]] Result<void> migrate(Database& database);

}  // namespace gatehouse::ledger
