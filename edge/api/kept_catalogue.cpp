#include "edge/api/kept_catalogue.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "schemas/records/body.hpp"
#include "schemas/records/codec.hpp"
#include "sync/central/secret_file.hpp"

namespace gatehouse::edge {

Result<void> keep_catalogue(const std::filesystem::path& path, const Catalogue& catalogue) {
    auto fresh = path;
    fresh += ".new";
    std::error_code ignored;
    std::filesystem::remove(fresh, ignored);
    if (auto written = central::write_secret(fresh, encode_body(CataloguePublished{catalogue})); !written)
        return written.error();
    if (::rename(fresh.c_str(), path.c_str()) != 0)
        return fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
    return {};
}

std::optional<Catalogue> kept_catalogue(const std::filesystem::path& path) {
    const auto bytes = central::read_secret(path, largest_record);
    if (!bytes) return std::nullopt;
    auto body = decode_body(Kind::catalogue_published, *bytes);
    if (!body) return std::nullopt;
    auto* published = std::get_if<CataloguePublished>(&*body);
    return published == nullptr ? std::nullopt : std::optional{std::move(published->catalogue)};
}

}  // namespace gatehouse::edge
