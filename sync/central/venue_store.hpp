// The one thread that writes central's database. Commands of people go first, then live batches, then backlog; whatever
// waits goes into one transaction, and nothing is answered before its commit.
//
// After a failed flush nothing more is acknowledged: `broken` is called once, every job is answered
// storage_unavailable, and a mark beside the database has the next start read back what the disk has (see DiskFailure):
// what never reached it would else be acknowledged as a duplicate. A full disk refuses what does not fit and is tried
// again with the next job.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "sync/central/central_journal.hpp"
#include "sync/central/identity.hpp"
#include "sync/central/ingest.hpp"
#include "sync/ledger/reader.hpp"

namespace gatehouse::central {

// What a job may use, on the writing thread, inside the open transaction. `reader` sees what is not committed yet.
struct Writing {
    ledger::Ledger& ledger;
    ledger::LedgerReader& reader;
    CentralJournal& journal;
    Clock clock;
};

// Called after the commit, on the writing thread: the answer goes out, or the error does.
using Committed = std::function<void(const Result<void>& outcome)>;
using WriteJob = std::function<Committed(Writing&)>;

struct StoreOptions {
    std::filesystem::path database;
    std::filesystem::path behind_note;  // a file that remembers `fell_behind`; empty: none
    ledger::VenueSettings venue;
    VenueCalendar calendar = VenueCalendar::utc();
    std::size_t records_at_once = 2'048;      // of batches in one transaction, about
    std::uint32_t checkpoint_pages = 1'000;   // with nothing waiting
    std::uint32_t checkpoint_forced = 4'000;  // whatever waits
};

// Called on the writing thread.
struct StoreCallbacks {
    std::function<void(std::vector<sync::HeldJournal>)> grown = [](auto) {};
    std::function<void(std::vector<sync::Revocation>)> revoked = [](auto) {};  // all there are
    std::function<void(const Ingested&)> ingested = [](const auto&) {};
    std::function<void(std::uint64_t)> catalogue_published = [](auto) {};  // its version
    std::function<void(const Error&)> broken = [](const auto&) {};
};

class VenueStore {
public:
    // Opens and reads; writing starts with `start`. `identity` must outlive this.
    // Errors: those of Ledger::open; chain_broken after a disk failure; not_found when node 0's journal is empty (not
    // initialised).
    [[nodiscard]] static Result<std::unique_ptr<VenueStore>> open(StoreOptions options, const Identity& identity);
    VenueStore(const VenueStore&) = delete;
    VenueStore& operator=(const VenueStore&) = delete;
    ~VenueStore();

    // Tells of all journals held and all revocations, on the caller's thread, then starts the writing thread.
    void start(StoreCallbacks callbacks);
    // Finishes what waits and checkpoints. Idempotent; also called by the destructor.
    void stop();

    // From any thread. Jobs run in the order in which they came. `refused`: the job was not run.
    void submit(WriteJob job, std::function<void(const Error&)> refused);
    // From any thread; `done` on the writing thread. An error is storage_unavailable.
    void take(sync::StoreBatch batch, std::function<void(Result<Ingested>)> done);
    // From any thread: somebody holds `known` of node 0's journal, which this database does not, or holds otherwise.
    // Refuses every further command, also after a restart with the same database.
    void fell_behind(const RecordRef& known, const Hash& hash);

    // From any thread: the newest published catalogue; never null.
    [[nodiscard]] std::shared_ptr<const Catalogue> catalogue() const;
    // From any thread: octets of batches that wait.
    [[nodiscard]] std::size_t waiting_octets() const;
    [[nodiscard]] bool is_writable() const;
    [[nodiscard]] JournalId own_journal() const;
    [[nodiscard]] const StoreOptions& options() const;

private:
    void recall_behind();

    struct Inner;
    explicit VenueStore(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

// As replication wants to know it. `certificates` are the nodes' statements.
[[nodiscard]] sync::HeldJournal held_journal(const ledger::JournalState& state, Bytes certificate);

}  // namespace gatehouse::central
