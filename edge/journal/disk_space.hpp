// Room on the disk: how much is free, and the ballast file that is given up when there is none.
#pragma once

#include <cstdint>
#include <filesystem>

#include "schemas/base/result.hpp"

namespace gatehouse::edge {

// Octets that this process may still write below `directory`; the largest number when nobody can say.
[[nodiscard]] std::uint64_t free_octets(const std::filesystem::path& directory);

// Makes a file of `octets` whose blocks are really taken. Errors: io (no room for it either).
[[nodiscard]] Result<void> take_ballast(const std::filesystem::path& path, std::uint64_t octets);

// Writes zeros behind the end of an existing file until it has `octets`, at most `piece` of them in one call; true when
// it has. Where blocks were written once, a later flush need not record their place: it takes half the time.
// Errors: storage_unavailable (no room, or it cannot be opened), and the file ends where it ended; io (the disk
// failed).
[[nodiscard]] Result<bool> lay_out(const std::filesystem::path& path, std::uint64_t octets, std::uint64_t piece);

}  // namespace gatehouse::edge
