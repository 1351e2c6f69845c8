// The last catalogue as a file of mode 0600, so that operators, their PINs and tokens are known also when the journal
// cannot be read: an emergency must be ordered and ended, and a lane be opened, by somebody.
#pragma once

#include <filesystem>
#include <optional>

#include "schemas/base/result.hpp"
#include "schemas/catalogue/catalogue.hpp"

namespace gatehouse::edge {

// Replaces the file at once. Errors: io.
[[nodiscard]] Result<void> keep_catalogue(const std::filesystem::path& path, const Catalogue& catalogue);
// Nothing when there is none, or none that can be read.
[[nodiscard]] std::optional<Catalogue> kept_catalogue(const std::filesystem::path& path);

}  // namespace gatehouse::edge
