// The files beside the database: epochs used, the mark of a disk failure, quarantine.
#pragma once

#include <filesystem>
#include <optional>

#include "schemas/base/ids.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::edge {

class JournalFiles {
public:
    explicit JournalFiles(std::filesystem::path directory) : directory_(std::move(directory)) {}

    [[nodiscard]] std::filesystem::path database() const { return directory_ / "journal.db"; }
    [[nodiscard]] std::filesystem::path log() const { return directory_ / "journal.db-wal"; }
    [[nodiscard]] std::filesystem::path lock() const { return directory_ / "lock"; }
    [[nodiscard]] std::filesystem::path ballast() const { return directory_ / "ballast"; }

    // The highest epoch that was ever begun here, also when the database that it stood in is gone; 0 when none was.
    [[nodiscard]] Epoch last_epoch() const;
    // Durable when it answers well. Errors: io.
    [[nodiscard]] Result<void> note_epoch(Epoch epoch) const;

    // Left behind by a run that stopped on a disk failure, as well as it still could.
    [[nodiscard]] bool has_failed() const;
    void note_failure() const;
    // That failure is dealt with; it is remembered for `failed_again`.
    void set_failure_aside() const;
    // The latest failure came within ten minutes of the one before: this disk is not written to any more, until
    // somebody removes the mark, `disk-failed`.
    [[nodiscard]] bool failed_again() const;
    // Forgets cached pages of the database, so that the next read shows what the disk has. Only before it is opened.
    void drop_page_cache() const;

    // Moves database, log and index together to a new folder below `quarantine`. Errors: io.
    [[nodiscard]] Result<std::filesystem::path> quarantine() const;

private:
    std::filesystem::path directory_;
};

}  // namespace gatehouse::edge
