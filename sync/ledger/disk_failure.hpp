// The mark that a run leaves when the disk fails under it, beside its database, and what the next start does about it.
#pragma once

#include <filesystem>

namespace gatehouse::ledger {

class DiskFailure {
public:
    // The mark is `disk-failed` in the database's folder.
    explicit DiskFailure(std::filesystem::path database) : database_(std::move(database)) {}

    // Left behind by a run that stopped on a disk failure, as well as it still could.
    [[nodiscard]] bool has_failed() const;
    void note() const;
    // That failure is dealt with; it is remembered for `failed_again`.
    void set_aside() const;
    // The latest failure came within ten minutes of the one before.
    [[nodiscard]] bool failed_again() const;
    // Forgets cached pages of the database, so that the next read shows what the disk has: after a failed flush the
    // cache has pages that never reached it, and calls them clean. Only before anybody opens it to write; who reads it
    // reads on from the disk.
    void drop_page_cache() const;
    [[nodiscard]] std::filesystem::path mark() const;

private:
    [[nodiscard]] std::filesystem::path former_mark() const;

    std::filesystem::path database_;
};

}  // namespace gatehouse::ledger
