// Files that nobody else may read.
#pragma once

#include <filesystem>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::central {

constexpr std::size_t largest_secret_file = 64U * 1024U;

// Creates the file with mode 0600 and flushes it. Errors: io, also when it exists.
[[nodiscard]] Result<void> write_secret(const std::filesystem::path& path, ByteView bytes);

// Errors: not_found, io, config (others may read it, or it is too large).
[[nodiscard]] Result<Bytes> read_secret(const std::filesystem::path& path, std::size_t largest = largest_secret_file);

// Flushes the folder's entries. Errors: io.
[[nodiscard]] Result<void> flush_folder(const std::filesystem::path& path);

}  // namespace gatehouse::central
