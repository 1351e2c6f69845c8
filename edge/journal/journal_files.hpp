// The files beside the database: epochs used, the mark of a disk failure, quarantine.
#pragma once

#include <filesystem>
#include <optional>

#include "schemas/base/ids.hpp"
#include "schemas/base/result.hpp"
#include "sync/ledger/disk_failure.hpp"

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

    // After `failed_again` this disk is not written to any more, until somebody removes the mark.
    [[nodiscard]] ledger::DiskFailure failure() const { return ledger::DiskFailure{database()}; }

    // Moves database, log and index together to a new folder below `quarantine`. Errors: io.
    [[nodiscard]] Result<std::filesystem::path> quarantine() const;

private:
    std::filesystem::path directory_;
};

}  // namespace gatehouse::edge
