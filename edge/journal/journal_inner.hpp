// What Journal's functions share. Internal to edge/journal.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "edge/journal/disk_space.hpp"
#include "edge/journal/journal.hpp"
#include "edge/journal/journal_files.hpp"
#include "sync/ledger/lock_file.hpp"

namespace gatehouse::edge {

struct Journal::Inner {
    Inner(JournalOptions given, JournalFiles where, std::optional<ledger::LockFile> locked, ledger::Ledger opened)
        : options(std::move(given)), files(std::move(where)), lock(std::move(locked)), ledger(std::move(opened)) {}

    JournalOptions options;
    JournalFiles files;
    std::optional<ledger::LockFile> lock;  // released after the ledger is closed
    ledger::Ledger ledger;
    OwnHead own;
    OpenReport report;
    bool stopped = false;
    bool tight = false;                     // the ballast is given up
    bool closing_tried = false;             // since then: to record that the journal closed
    bool log_ready = false;                 // laid out and held in memory, as far as either can be
    std::optional<HeldInMemory> log_held;   // once it is laid out
    bool closed = false;                    // not even the closing record found room
    std::optional<SignedHead> signed_head;  // to be kept with the next transaction
    Seq head_kept;                          // of the own heads that are in the database, the latest of this run
    std::optional<std::pair<JournalId, Seq>> last_signed;
    std::optional<OwnHead> checkpointed;  // all up to here is in the database file: noted with the next transaction
    Work owed;                            // receipts and announced heads that found no room, one of each per journal

    [[nodiscard]] bool continues(const std::vector<std::shared_ptr<const ledger::Record>>& records, OwnHead& end) const;
    [[nodiscard]] bool is_past(const ForeignBatch& batch, Epoch begun) const;
    [[nodiscard]] Result<Done> write(const Work& work);
    // Free octets of the real disk.
    [[nodiscard]] std::uint64_t room() const {
        const auto directory = files.database().parent_path();
        return options.free_octets ? options.free_octets(directory) : free_octets(directory);
    }
    // There is more than what is kept for the node's own records.
    [[nodiscard]] bool takes_foreign() const { return !tight && (!options.files || room() >= options.reserve_octets); }
    void owe_words(const Work& work);
    void stop();
    [[nodiscard]] bool retake_ballast(std::uint64_t left);
    void make_room(const Header* like);
};

}  // namespace gatehouse::edge
