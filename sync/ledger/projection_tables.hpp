// The tables that follow from the records, for rebuilding and comparing. Internal to sync/ledger.
#pragma once

#include <span>

namespace gatehouse::ledger {

struct ProjectionTable {
    const char* name;
    const char* rows;  // every row, in key order
};

[[nodiscard]] std::span<const ProjectionTable> projection_tables();

}  // namespace gatehouse::ledger
