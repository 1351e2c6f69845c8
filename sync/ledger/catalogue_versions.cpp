#include "sync/ledger/catalogue_versions.hpp"

#include <utility>

#include "sync/ledger/fold.hpp"

namespace gatehouse::ledger {

std::vector<CatalogueVersion> catalogue_versions(Database& database, std::uint64_t before, std::size_t count) {
    std::vector<CatalogueVersion> found;
    auto rows = ask(database,
                    "SELECT version, min(ref) FROM catalogue WHERE version < ? GROUP BY version "
                    "ORDER BY version DESC LIMIT ?",
                    before, count);
    while (next(rows)) {
        const auto version = static_cast<std::uint64_t>(rows.number(0));
        if (auto record = load_record(database, ref_at(rows, 1))) found.push_back({version, std::move(record->header)});
    }
    return found;
}

std::optional<Catalogue> catalogue_of(Database& database, std::uint64_t version) {
    auto row = ask(database, "SELECT min(ref) FROM catalogue WHERE version = ?", version);
    if (!next(row) || row.is_null(0)) return std::nullopt;
    auto record = load_record(database, ref_at(row, 0));
    auto* published = record ? std::get_if<CataloguePublished>(&record->body) : nullptr;
    return published == nullptr ? std::nullopt : std::optional{std::move(published->catalogue)};
}

}  // namespace gatehouse::ledger
