// What the ledger knows, asked by those who decide. Reads only; every call is one short read of the latest commit.
//
// A broken read (I/O error, corrupt page) is remembered: `fault()` says so, and the call answers as if nothing were
// known. Who decides over money or admission asks `fault()` after reading and refuses with storage_unavailable.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/ledger/facts.hpp"
#include "sync/ledger/ledger.hpp"

namespace gatehouse::ledger {

struct JournalState {
    JournalId journal;
    Seq head;
    Hash hash{};
    WallTime last_wall;     // of the record at the head, as recorded
    WallTime last_trusted;  // the largest that was recorded under a synced clock
    bool forked = false;
    Seq verified;                           // chain read back up to here
    std::optional<SignedHead> signed_head;  // latest kept; the own journal's trails its head
    std::optional<Receipt> receipt;         // central's
    std::optional<SignedHead> announced;    // beyond `head`: known to exist, not held
    // Records that central has not acknowledged yet.
    [[nodiscard]] std::uint64_t backlog() const {
        return receipt && receipt->seq.value < head.value ? head.value - receipt->seq.value : receipt ? 0 : head.value;
    }
};

// Owner-signed position at which a batch may end.
struct BatchRecords {
    std::vector<Bytes> stored;  // from the position asked for, without a gap
    Seq last;                   // of the last of them; the position before the first when there is none
};

struct OpenReservation {
    RecordRef verdict;
    Header header;
    Verdict body;
    std::uint16_t persons = 0;     // still open
    std::uint16_t companions = 0;  // still open
};

// Persons of whom nobody knows whether they walked through, and whom nobody has resolved yet.
struct UnknownPassage {
    RecordRef verdict;
    GateName gate;
    LaneName lane;
    std::optional<TicketId> ticket;
    WallTime at;
    std::uint16_t persons = 0;
    std::uint16_t companions = 0;
};

struct PrintJob {
    RecordRef job;  // sale, reprint or reissue
    Kind kind{};
    DeviceName printer;
    bool asked = false;  // a print_resolved `ask` waits for the operator
};

struct LaneState {
    LaneMode mode{};
    std::string reason;
    OperatorName actor;
    WallTime at;
};

struct NodeFacts {
    NodeId node;
    NodeName name;
    Bytes certificate;   // as issued; whoever trusts it verifies it against the authority's key
    RecordRef enrolled;  // the node_enrolled record, or the epoch_opened record when only that is held
};

struct Revocation {
    RecordRef ref;
    NodeRevoked body;
    WallTime at;
};

// Persons of a business date in a zone. `inside` counts what is known. Who may be walking, or may have walked, through
// an entry may be inside as well; who may have gone out by an exit may not: from `inside_at_least` to `inside_at_most`.
struct Occupancy {
    ZoneId zone;
    std::int64_t entered = 0;
    std::int64_t left = 0;
    std::int64_t maybe_entered = 0;  // reserved and open, or unknown
    std::int64_t maybe_left = 0;     // likewise
    [[nodiscard]] std::int64_t inside() const { return persons(entered - left); }
    [[nodiscard]] std::int64_t inside_at_least() const { return persons(entered - left - maybe_left); }
    [[nodiscard]] std::int64_t inside_at_most() const { return persons(entered - left + maybe_entered); }

private:
    // Who came in yesterday leaves today.
    static std::int64_t persons(std::int64_t count) { return count > 0 ? count : 0; }
};

struct Grant {
    RecordRef ref;
    LeaseGranted body;
    Epoch epoch;            // of the grantee, which alone may sell the units
    bool received = false;  // the node's lease_received is held
};

// Which version of the catalogue a node said that it holds, and when it first said so.
struct NodeCatalogue {
    std::uint64_t version = 0;
    WallTime told;
};

class LedgerReader {
public:
    // A read-only connection of its own. Errors: io, storage_unavailable.
    [[nodiscard]] static Result<LedgerReader> open(const std::filesystem::path& path, DatabaseOptions options = {});
    // Reads through the writer's connection: one thread for both (simulator, central's ingest, tests).
    explicit LedgerReader(Database& writer);
    LedgerReader(LedgerReader&&) noexcept;
    LedgerReader& operator=(LedgerReader&&) noexcept;
    ~LedgerReader();

    [[nodiscard]] Fault fault() const;
    [[nodiscard]] Database& database();

    // Records
    [[nodiscard]] std::optional<Record> record(RecordRef ref);
    [[nodiscard]] std::vector<JournalState> journals();  // by (node, epoch)
    [[nodiscard]] std::optional<JournalState> journal(JournalId id);
    // Latest epoch held of a node; nothing when no record of it is.
    [[nodiscard]] std::optional<JournalState> latest_journal(NodeId node);
    // At most `count` records and about `octets` octets (always at least one record), not beyond `until`.
    [[nodiscard]] BatchRecords records(JournalId id, Seq from, Seq until, std::size_t count, std::size_t octets);
    // Where a batch from `from` may end: the largest kept head within `count` records, else the next one after them.
    [[nodiscard]] std::optional<SignedHead> head_for_batch(JournalId id, Seq from, std::size_t count);

    // Tickets and orders
    [[nodiscard]] TicketFacts ticket(const TicketId& id);
    // The same for a ticket whose stored record says that it was given this code, and nothing for every other: a look
    // that costs little more than ticket() where it finds one, and less where it does not.
    [[nodiscard]] std::optional<TicketFacts> ticket_issued_as(const TicketId& id, const IssuedCode& code);
    // The id of the ticket that another seller's code stands for. Of two orders with one code the first by record.
    [[nodiscard]] std::optional<TicketId> order_by_code(std::string_view code);

    // Window
    [[nodiscard]] std::optional<SaleFacts> sale(RecordRef ref);
    // The record that a client's command became, of whatever kind; the first when there are several. Of `asked` before
    // all others: an id is told in its record, and whoever reads that can write it again.
    [[nodiscard]] std::optional<RecordRef> by_client(const ClientId& id, NodeId asked);
    [[nodiscard]] std::optional<SaleFacts> sale_by_client(const ClientId& id, NodeId asked);
    [[nodiscard]] std::optional<ShiftFacts> shift(RecordRef ref);
    [[nodiscard]] std::optional<RecordRef> open_shift(NodeId node, const WindowName& window);
    [[nodiscard]] std::vector<RecordRef> recent_sales(NodeId node, std::optional<RecordRef> before, std::size_t count);
    [[nodiscard]] SessionUnits session_units(const SessionId& session, NodeId node);
    // Of one epoch: what an earlier one was leased and has not sold is no later one's.
    [[nodiscard]] SessionUnits session_units(const SessionId& session, JournalId journal);
    // Units of a session that refunds gave back to central's pool, each ticket once.
    [[nodiscard]] std::uint64_t returned_units(const SessionId& session);
    // Units leased to journals that a revocation ended, less what those sold: of each that is held up to the last
    // record that is trusted, without a contradiction or a record that could not be projected. What a revoked node may
    // have sold in journals that no revocation names stays with it.
    [[nodiscard]] std::map<SessionId, std::uint64_t> fenced_units();
    [[nodiscard]] std::vector<Grant> grants(std::optional<NodeId> node);
    // Those that the node's own journal says it received, also while the grant's record is not held.
    [[nodiscard]] std::set<RecordRef> grants_received(NodeId node);
    [[nodiscard]] Minor unverified_total(NodeId node);
    [[nodiscard]] std::optional<TenderFacts> tender(RecordRef sale, std::uint16_t line);
    // Of all nodes, by sale; at most `count`.
    [[nodiscard]] std::vector<TenderFacts> unverified_tenders(std::size_t count);
    [[nodiscard]] std::vector<PrintJob> unresolved_prints(NodeId node);
    // Copies printed so far by reprints; the next one is this plus one.
    [[nodiscard]] std::uint16_t copies(const TicketId& id);

    // Gate
    [[nodiscard]] std::vector<OpenReservation> open_reservations(NodeId node);
    // Of scans of that business date; by verdict.
    [[nodiscard]] std::vector<UnknownPassage> unknown_passages(NodeId node, Date business_date);
    // As the last record of the node says, if it is of epoch `since` or later.
    [[nodiscard]] std::optional<LaneState> lane(NodeId node, const LaneName& lane, Epoch since = Epoch{1});
    [[nodiscard]] std::optional<EmergencySet> emergency(NodeId node, Epoch since = Epoch{1});
    [[nodiscard]] std::vector<Occupancy> occupancy(Date business_date);
    // Persons admitted at each lane of a node: turned, with companions.
    [[nodiscard]] std::map<LaneName, std::uint32_t> admitted(NodeId node, Date business_date);
    // Persons without a ticket whom an attendant let in, by lane; `admitted` has none of them.
    [[nodiscard]] std::map<LaneName, std::uint32_t> let_through(NodeId node, Date business_date);

    // People and machines
    [[nodiscard]] LoginFacts login(NodeId node, const OperatorName& name);
    [[nodiscard]] std::optional<Catalogue> catalogue();  // latest of node 0
    [[nodiscard]] std::uint64_t catalogue_version();     // of it, 0 when none is held; cheap
    // The newest version among the records of node 0 up to `position`; 0: none.
    [[nodiscard]] std::uint64_t catalogue_version_at(const RecordRef& position);
    [[nodiscard]] std::map<NodeId, NodeCatalogue> node_catalogues();
    [[nodiscard]] std::vector<NodeFacts> nodes();                // by node; latest certificate of each
    [[nodiscard]] std::vector<Bytes> certificates(NodeId node);  // every distinct one held
    [[nodiscard]] std::vector<Revocation> revocations();
    [[nodiscard]] std::vector<std::pair<RecordRef, EnrolmentTokenIssued>> enrolment_tokens();
    [[nodiscard]] std::vector<std::pair<RecordRef, ResyncRequested>> resync_requests(NodeId node);
    [[nodiscard]] std::map<DeviceName, DeviceChanged> devices(NodeId node);
    // The configuration that the node last said it runs with.
    [[nodiscard]] std::optional<Hash> config_applied(NodeId node);
    // The first record of a boot that was dated by a suspect clock, if nothing has corrected that boot.
    struct SuspectRecord {
        WallTime wall;
        Duration since_boot{};
    };
    [[nodiscard]] std::optional<SuspectRecord> uncorrected(NodeId node, const BootId& boot);
    // Largest wall time recorded with a synced clock: part of the clock's floor.
    [[nodiscard]] std::optional<WallTime> trusted_wall(NodeId node);

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace gatehouse::ledger
