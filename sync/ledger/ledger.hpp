// The database of one machine: every journal it holds and everything that follows from them. Nodes and central use the
// same tables and the same fold.
//
// **Guarantees**
//   - a record is stored once, after the record before it, or not at all
//   - the projections depend on the set of records held, never on the order in which journals arrived
//   - a record whose projection fails is stored, parked with the reason, and blocks nothing
//   - a second record with the same number and another hash is kept as evidence, and no more of that epoch is taken;
//     so is an owner's signature under another record with that number
//   - rebuilding from the records gives the same tables
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "schemas/crypto/receipt.hpp"
#include "schemas/crypto/signed_head.hpp"
#include "sync/ledger/database.hpp"
#include "sync/ledger/record.hpp"

namespace gatehouse::ledger {

// Node, epoch and seq in one SQL integer, ordered as RecordRef is: 16, 15 and 32 bits.
constexpr std::uint32_t largest_epoch = (1U << 15U) - 1;
constexpr std::uint64_t largest_seq = (1ULL << 32U) - 1;
[[nodiscard]] std::int64_t to_key(const RecordRef& ref);
[[nodiscard]] RecordRef from_key(std::int64_t key);

struct VenueSettings {
    VenueId id{};
    std::string time_zone = "UTC";    // IANA
    std::chrono::minutes cutover{0};  // the business day begins so long after midnight
};

struct LedgerOptions {
    DatabaseOptions database;
    VenueSettings venue;
};

enum class AppendKind : std::uint8_t {
    stored,
    duplicate,  // held already, with the same hash
    gap,        // records before it are missing; nothing was stored
    forked,     // contradicts a record held: kept as evidence. Or the epoch was forked before: nothing was stored
    refused,    // epoch or seq beyond the limits above: nothing was stored
};

struct Appended {
    AppendKind kind{};
    std::optional<std::string> parked;  // why, when stored but not projected
};

// The one writing handle. Everything between `begin` and `commit` becomes durable at once or not at all.
// An error leaves the transaction rolled back and `fault()` set. Without a fault it is worth trying once more, as it
// was.
class Ledger {
public:
    // Opens or creates, migrates to this release's schema in one transaction, and finishes an interrupted rebuild.
    // Errors: schema_newer, io, storage_unavailable; `fault_out` says which kind of fault.
    [[nodiscard]] static Result<Ledger> open(const std::filesystem::path& path, LedgerOptions options,
                                             Fault* fault_out = nullptr);
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();

    [[nodiscard]] Result<void> begin();
    // Next record of any journal. The caller has judged signatures; chain, numbers and forks are judged here.
    [[nodiscard]] Result<Appended> append(const Record& record);
    // The latest owner-signed head of a journal, not beyond the records held. Thinned: about one in 128 records is
    // kept.
    [[nodiscard]] Result<void> store_head(const SignedHead& head);
    // Central's receipt; an older one than the one held changes nothing.
    [[nodiscard]] Result<void> store_receipt(const Receipt& receipt);
    // An owner-signed head beyond what is held: for completeness, and so that a restored node sees it is behind.
    [[nodiscard]] Result<void> note_announced(const SignedHead& head);
    // An owner-signed head at a number that is held: true if it says another record, or the epoch was forked before. It
    // is kept as evidence then, and no more of that epoch is taken.
    [[nodiscard]] Result<bool> contradicts(const SignedHead& head);
    // Keeps which version of the catalogue a node says that it holds. Follows from no record.
    [[nodiscard]] Result<void> note_node_catalogue(NodeId node, std::uint64_t version, WallTime when);
    // The chain up to here was read back and found good: verification after a crash begins after it.
    [[nodiscard]] Result<void> set_verified(JournalId journal, Seq seq);
    [[nodiscard]] Result<void> commit();
    void rollback();

    // Head of a journal as of now, uncommitted appends included. Seq 0 and the genesis hash when nothing is held.
    struct Head {
        Seq seq;
        Hash hash{};
    };
    [[nodiscard]] Result<Head> head(JournalId journal);

    // Empties the projections and folds every record again, in transactions of 1,000 records, calling `progress` with
    // records done after each. Interrupted, it goes on at the next open.
    [[nodiscard]] Result<void> rebuild(const std::function<void(std::uint64_t)>& progress = {});

    [[nodiscard]] Fault fault() const;
    [[nodiscard]] Database& database();
    [[nodiscard]] const VenueSettings& venue() const;

private:
    struct Inner;
    explicit Ledger(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

// SHA-256 over every row of every projection table, in key order: equal for equal sets of records.
[[nodiscard]] Result<Hash> state_hash(Database& database);

}  // namespace gatehouse::ledger
