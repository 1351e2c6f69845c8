// How many conflicts the records held add up to, cheaply: for telling what one batch brought to light.
#pragma once

#include <cstdint>

#include "sync/ledger/database.hpp"

namespace gatehouse::ledger {

// Of tickets, sessions and sales, resolved or not; 0 when it cannot be read.
[[nodiscard]] std::uint64_t conflict_count(Database& database);

}  // namespace gatehouse::ledger
