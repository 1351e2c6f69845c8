// The catalogues that were in force one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schemas/catalogue/catalogue.hpp"
#include "schemas/records/header.hpp"
#include "sync/ledger/database.hpp"

namespace gatehouse::ledger {

struct CatalogueVersion {
    std::uint64_t version = 0;
    Header published;  // of its record
};

// Those before `before`, newest first, at most `count`. Ends early where a read fails.
[[nodiscard]] std::vector<CatalogueVersion> catalogue_versions(Database& database, std::uint64_t before,
                                                               std::size_t count);
// Nothing when it is not held.
[[nodiscard]] std::optional<Catalogue> catalogue_of(Database& database, std::uint64_t version);

}  // namespace gatehouse::ledger
