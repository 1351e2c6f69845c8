// The tables that follow from the records, for rebuilding and comparing. Internal to sync/ledger.
#pragma once

#include <span>

namespace gatehouse::ledger {

struct ProjectionTable {
    const char* name;
    const char* rows;         // what follows from the records, in key order
    bool keeps_told = false;  // others have read its rows up to one of them: a rebuild adds to them and takes none away
};

[[nodiscard]] std::span<const ProjectionTable> projection_tables();

}  // namespace gatehouse::ledger
