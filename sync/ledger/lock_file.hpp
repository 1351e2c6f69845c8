// Keeps a second process off a data directory.
#pragma once

#include <filesystem>

#include "schemas/base/result.hpp"

namespace gatehouse::ledger {

// An exclusive flock on a file of its own (never on the database: closing a descriptor of that would drop SQLite's
// locks). Released when destroyed, and by the kernel when the process dies.
class LockFile {
public:
    // Errors: unavailable when another process holds it; io.
    [[nodiscard]] static Result<LockFile> acquire(const std::filesystem::path& path);
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&& other) noexcept;
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;
    ~LockFile();

private:
    explicit LockFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace gatehouse::ledger
