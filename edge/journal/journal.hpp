// The node's own writing: one database file, one transaction for whatever waits, and what to do when the disk fails.
//
//   open ──▶ ready ──commit──▶ ready
//              │ ├─ no space ──▶ tight ── ballast freed, storage_closed appended; sales are refused, outcomes fit
//              │ └─ I/O failed ─▶ stopped ── nothing is acknowledged any more; the process ends with 74
//
// **Guarantees**
//   - a commit that answered well is on the disk
//   - after a failed write or flush nothing is acknowledged, and nothing is tried again
//   - a full disk refuses, frees the ballast, and then there is room to record the outcome of what was begun
//   - a disk that fails twice within ten minutes is not written to a third time
//   - a second process cannot open the journal
//   - a database that cannot be trusted is moved to quarantine, never deleted
//   - of its own journals a node takes back only epochs before the one that it has begun
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schemas/crypto/crypto.hpp"
#include "sync/ledger/ledger.hpp"
#include "sync/ledger/reader.hpp"

namespace gatehouse::edge {

struct JournalOptions {
    ledger::LedgerOptions ledger;
    NodeId node;                                   // whose journal this is
    std::uint64_t ballast_octets = 40ULL << 20U;   // more than twice the largest log (4,000 pages of 4 KiB)
    std::uint64_t reserve_octets = 64ULL << 20U;   // free space below which new sales are refused
    std::uint32_t checkpoint_pages = 1000;         // while idle
    std::uint32_t forced_checkpoint_pages = 4000;  // even while busy
    bool files = true;                      // false: no lock file, ballast or free-space check (in-memory file systems)
    std::function<void()> give_up_ballast;  // in-memory file systems: what removing the file would do
    std::function<bool()> take_ballast;     // likewise: there is room for all again
    std::function<std::uint64_t(const std::filesystem::path&)> free_octets;  // absent: statvfs
};

// What the desk needs to know about the room that is left.
struct StorageState {
    bool open = true;  // false: nothing can be recorded
    bool room_for_sales = true;
    bool ballast_held = true;
    std::uint64_t free_octets = 0;
    friend bool operator==(const StorageState&, const StorageState&) = default;
};

// Verified records of another journal, in order, and the owner-signed head they end at.
struct ForeignBatch {
    std::uint64_t token = 0;                                     // the caller's, comes back with the result
    std::shared_ptr<const std::vector<ledger::Record>> records;  // never null
    std::optional<SignedHead> head;
};

struct ForeignResult {
    std::uint64_t token = 0;
    JournalId journal;
    Seq up_to;  // held without a gap
    std::uint32_t stored = 0;
    std::uint32_t duplicate = 0;
    std::uint32_t parked = 0;
    bool gap = false;
    bool forked = false;
    std::optional<Error> failed;  // storage: none of it is certain to be held
};

// One transaction's worth.
struct Work {
    std::vector<std::shared_ptr<const ledger::Record>> own;  // must continue the own journal
    std::vector<ForeignBatch> foreign;
    std::vector<Receipt> receipts;
    std::vector<SignedHead> announced;
    [[nodiscard]] bool empty() const { return own.empty() && foreign.empty() && receipts.empty() && announced.empty(); }
};

struct Done {
    Seq own_up_to;
    std::vector<ForeignResult> foreign;  // as Work::foreign
};

// Where a node's own chain stands: what the desk numbers its next record from.
struct OwnHead {
    JournalId journal;  // epoch 0: no record yet, the first must be epoch_opened of epoch next_epoch
    Seq seq;
    Hash hash{};
    Epoch next_epoch;  // to use when a new epoch must be opened
    // The one that is written, or that the first record will open.
    [[nodiscard]] Epoch epoch() const { return journal.epoch.value != 0 ? journal.epoch : next_epoch; }
};

struct OpenReport {
    bool clean = false;                                // the last own record is storage_closed{"stop"}
    bool after_failure = false;                        // the former run stopped on a disk failure
    std::optional<std::filesystem::path> quarantined;  // a former database was moved there: open a new epoch
    std::uint64_t verified = 0;                        // own records read back before ready
};

// For one thread at a time.
class Journal {
public:
    // Locks the directory, opens `directory/journal.db`, verifies the own chain since the last verified mark.
    // Errors: unavailable (another process), schema_newer, io, storage_unavailable, chain_broken.
    [[nodiscard]] static Result<Journal> open(const std::filesystem::path& directory, JournalOptions options);
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    // All of `work` in one synced transaction. On an error nothing of it is acknowledged:
    //   storage_unavailable  no space: freed ballast, appended storage_closed where it could; own_head() has moved.
    //                        Receipts and announced heads wait in memory for the next commit: nobody says them again
    //   chain_broken         own records do not continue the journal (they were numbered before a failure)
    //   io                   stopped for good
    // Where only the reserve is left, each foreign batch has `failed` as storage_unavailable, and the rest is
    // committed.
    [[nodiscard]] Result<Done> commit(const Work& work);

    // Words of others wait for room and for a commit: without work of its own a shell commits nothing to write them.
    [[nodiscard]] bool owes_words() const;

    // Call while nothing waits; `idle` false only forces a checkpoint that is overdue.
    void checkpoint(bool idle);

    // Call after a quiet moment, until it says that all is done: lays out a piece of the log for what comes, or keeps a
    // piece of it in memory. Stops on a disk failure.
    [[nodiscard]] bool lay_out_log();

    // Signs the head as of the last commit and returns it; about one in 64 records' is kept with the next transaction.
    [[nodiscard]] std::optional<SignedHead> sign_head(const SigningKey& key);

    // What was read back is wrong: stops, and the next start judges the whole chain and puts the database aside.
    void distrust();

    [[nodiscard]] const OwnHead& own_head() const;
    [[nodiscard]] const OpenReport& report() const;
    [[nodiscard]] StorageState storage();
    [[nodiscard]] bool stopped() const;  // exit with 74
    [[nodiscard]] std::filesystem::path database_path() const;
    [[nodiscard]] ledger::Ledger& ledger();
    [[nodiscard]] const VenueId& venue() const;

private:
    struct Inner;
    explicit Journal(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

}  // namespace gatehouse::edge
