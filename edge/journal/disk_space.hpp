// Room on the disk: how much is free, the ballast file that is given up when there is none, the log's file laid out to
// its full length and kept in memory.
#pragma once

#include <cstddef>
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

// Keeps a file's octets in memory while it lives: where the system took back the page that the next frame of a log
// begins in, writing the frame reads that page from the disk first, frame after frame. Nothing is read or written
// through it, so the file may become shorter meanwhile. Without the right to lock so much (RLIMIT_MEMLOCK) it holds
// what it may, and all works as before, only later.
class HeldInMemory {
public:
    // Nothing is held yet.
    HeldInMemory(const std::filesystem::path& path, std::uint64_t octets);
    HeldInMemory(const HeldInMemory&) = delete;
    HeldInMemory& operator=(const HeldInMemory&) = delete;
    ~HeldInMemory();

    // Holds at most `piece` octets more, which may be read from the disk for it; true when it holds all that it may.
    [[nodiscard]] bool hold_more(std::uint64_t piece);
    [[nodiscard]] std::uint64_t held() const { return held_; }

private:
    void* at_ = nullptr;
    std::size_t octets_ = 0;
    std::size_t held_ = 0;
};

}  // namespace gatehouse::edge
