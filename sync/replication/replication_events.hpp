// What a ReplicationSession is told and what it asks for; see replication_session.hpp.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schemas/base/time.hpp"
#include "schemas/crypto/certificate.hpp"
#include "sync/replication/messages.hpp"

namespace gatehouse::sync {

// What this machine holds, synced, of one journal (its own included).
struct HeldJournal {
    JournalId id;
    Seq seq;                         // last record held; 0: nothing
    Hash hash{};                     // of that record; of the genesis when there is none
    std::optional<SignedHead> head;  // newest signed head, head->seq <= seq; nothing is served beyond it
    std::optional<Receipt> receipt;  // central's newest known here
    Bytes certificate;               // the owner's statement, from the epoch's first record or an announcement
    bool forked = false;             // no more of this journal is taken
    friend bool operator==(const HeldJournal&, const HeldJournal&) = default;
};

// A node's records after (epoch, last) are not asked for, and the node itself is not heard.
struct Revocation {
    NodeId node;
    Epoch epoch;
    Seq last;
    friend auto operator<=>(const Revocation&, const Revocation&) = default;
};

// Which of the peer's journals are pulled over this connection.
struct Interest {
    bool everything = false;
    std::set<JournalId> journals;
    friend bool operator==(const Interest&, const Interest&) = default;
};

struct ReplicationOptions {
    VenueId venue{};
    PublicKey authority{};  // signing key of the venue's authority
    NodeId self;
    Epoch epoch;        // that this machine writes; what it wrote before and has lost is pulled as others' journals are
    Bytes certificate;  // own statement
    Bytes central_certificate;  // node 0's statement, where it is known; else its journal brings it
    std::string software;
    std::uint16_t credit = 4;           // batches in flight for each wanted journal
    std::uint32_t batch_records = 512;  // of a batch that we serve
    std::uint32_t batch_octets = 256U * 1024U;
    std::uint32_t live_tail = 64;              // a journal with fewer records to send is live
    unsigned backlog_in_flight = 2;            // batches of backlog loading, or in the transport unsent
    std::size_t largest_journals = 4096;       // announced by the peer, besides its own and central's
    std::size_t largest_epochs = 64;           // of one node among them, and of those: the newest
    std::size_t largest_wants = 256;           // of each side
    std::size_t largest_pending = 64U << 20U;  // octets received and not stored yet
    std::size_t largest_resyncs = 16;          // under way at once
    std::uint32_t storage_retry_s = 30;        // what a peer is told when a batch could not be stored
    std::uint32_t longest_busy_s = 3600;       // that a peer is obeyed when it has no room
    Duration hello_within = std::chrono::seconds{10};
    Duration gossip_every = std::chrono::seconds{1};   // news of journals that are neither end's own
    std::optional<Duration> ask_time_every;            // of central, by a node
    Duration longest_round = std::chrono::seconds{5};  // an answer about the time that took longer says nothing

    // Whether nobody but this machine can say how far this journal goes.
    [[nodiscard]] bool writes(JournalId journal) const { return journal.node == self && journal.epoch >= epoch; }
};

// ---- events

struct LinkUp {
    Hash tls_key{};  // SHA-256 of the peer's SubjectPublicKeyInfo, from the finished handshake
    WallTime floor;  // the clock's floor: a peer's not_after is judged by it
};
struct LinkDown {};
struct FrameReceived {
    Bytes frame;
};
// `octets` more of what SendFrame asked for have left the queue of the transport.
struct FrameSent {
    std::size_t octets = 0;
};
// Synced here: by this machine's own journal, or by a StoreBatch of any connection. Only what changed.
struct JournalsGrown {
    std::vector<HeldJournal> journals;
};
struct InterestChanged {
    Interest interest;
};
// All there are, not only new ones.
struct RevocationsChanged {
    std::vector<Revocation> revocations;
};
// Answer to LoadBatch: records from `from` on, ending at `head`. No records: nothing to be had now.
struct BatchLoaded {
    std::uint32_t generation = 0;
    JournalId journal;
    Seq from;
    std::vector<Bytes> records;
    SignedHead head;
};
// Answer to StoreBatch: committed and synced. Counts as in Stored.
struct BatchStored {
    std::uint32_t generation = 0;
    JournalId journal;
    Seq up_to;
    std::uint32_t accepted = 0;
    std::uint32_t duplicate = 0;
    std::uint32_t parked = 0;
    std::uint32_t conflicts = 0;
    std::vector<ParkedRecord> parked_records;
    std::optional<Receipt> receipt;  // made by central after the commit
};
enum class Refusal : std::uint8_t {
    storage_unavailable,  // nothing of it was stored; the peer is told to come back
    chain_broken,         // does not continue what is held
    journal_fork,         // another record with the same number is held; evidence was kept
};
struct BatchRefused {
    std::uint32_t generation = 0;
    JournalId journal;
    Refusal why{};
};
// An operator wants [from, to] sent again over this connection. `id` is not 0 and new.
struct ResyncAsked {
    std::uint64_t id = 0;
    JournalId journal;
    Seq from;
    Seq to;
};
// Answer to TellTime: this machine's wall clock, read now.
struct TimeRead {
    std::uint64_t question = 0;
    WallTime wall;
};
// The machine has no room for this connection now.
struct Shed {
    std::uint32_t retry_after_s = 0;
};
// A better connection to the same node exists.
struct Superseded {};
struct Ticked {};  // deadline() has come

using Event =
    std::variant<LinkUp, LinkDown, FrameReceived, FrameSent, JournalsGrown, InterestChanged, RevocationsChanged,
                 BatchLoaded, BatchStored, BatchRefused, ResyncAsked, TimeRead, Shed, Superseded, Ticked>;

// ---- effects

struct SendFrame {
    Bytes frame;
    friend bool operator==(const SendFrame&, const SendFrame&) = default;
};

enum class HangUpReason : std::uint8_t {
    protocol,  // malformed, out of phase, beyond credit
    too_large,
    not_a_member,  // certificate
    revoked,
    forged,        // a signature that does not hold
    out_of_order,  // a batch that is not the next one
    fork,
    superseded,  // a better connection to the same node exists
    itself,      // the peer is this node
    hello_late,
    busy,  // the peer said so; see retry_after_s
    shed,  // we said so
    storage_unavailable,
};
[[nodiscard]] std::string_view to_string(HangUpReason reason);

struct HangUp {
    HangUpReason reason{};
    std::string detail;               // English, for the log
    std::uint32_t retry_after_s = 0;  // with busy
    friend bool operator==(const HangUp&, const HangUp&) = default;
};
// Read records from `from` on, at most so many and never beyond the newest signed head, ending where a signed head is
// held (an owner may sign one there). Answer with BatchLoaded. At least one head's worth is answered if any fits
// largest_batch.
struct LoadBatch {
    std::uint32_t generation = 0;
    JournalId journal;
    Seq from;
    std::optional<Seq> to;
    std::uint32_t records = 0;
    std::uint32_t octets = 0;
    SignedHead newest;  // that is held here
    friend bool operator==(const LoadBatch&, const LoadBatch&) = default;
};
// Verified: contiguous from `first`, chained among themselves, ending at `head`. Whether they continue what is held is
// the ledger's to judge. Keep `head` beside them, to serve them on. Answer with BatchStored or BatchRefused.
struct StoreBatch {
    std::uint32_t generation = 0;
    JournalId journal;
    Seq first;
    std::vector<Bytes> records;
    SignedHead head;
    Bytes certificate;  // the owner's
    bool live = false;  // short tail, nothing but live before it waits: may go before bulk work
    friend bool operator==(const StoreBatch&, const StoreBatch&) = default;
};
// Verified. Answered by JournalsGrown when it is stored. One for this machine's own journal is stored only if the
// record there has its hash; else it is as after ReportOwnHead.
struct StoreReceipt {
    Receipt receipt;
    friend bool operator==(const StoreReceipt&, const StoreReceipt&) = default;
};
// The peer is who it says. Once for each connection.
struct ReportPeer {
    Certificate certificate;
    std::string software;
    friend bool operator==(const ReportPeer&, const ReportPeer&) = default;
};
// The peer has this journal, synced, up to `seq`.
struct ReportCopied {
    JournalId journal;
    Seq seq;
    std::vector<ParkedRecord> parked;
    friend bool operator==(const ReportCopied&, const ReportCopied&) = default;
};
// The owner signed two histories.
struct ReportFork {
    SignedHead head;              // theirs
    std::optional<Bytes> record;  // the first that differs, where it is known
    friend bool operator==(const ReportFork&, const ReportFork&) = default;
};
// The owner signed this of a record that is held here: whether it is the same record is the ledger's to judge. Another
// one of this machine's own journal is as ReportOwnHead.
struct CompareHead {
    SignedHead head;
    friend bool operator==(const CompareHead&, const CompareHead&) = default;
};
// Somebody holds more of this machine's own epoch than it holds itself, or something else: it was restored or cloned.
struct ReportOwnHead {
    JournalId journal;
    Seq seq;
    Hash hash{};
    friend bool operator==(const ReportOwnHead&, const ReportOwnHead&) = default;
};
// The peer asks for this machine's time. Answer with TimeRead at once; a machine that has none to give does not.
struct TellTime {
    std::uint64_t question = 0;
    friend bool operator==(const TellTime&, const TellTime&) = default;
};
// Central's wall clock showed `wall` now, give or take half of `round`: half the way there and back is in it already.
struct ReportTime {
    WallTime wall;
    Duration round{};
    friend bool operator==(const ReportTime&, const ReportTime&) = default;
};
struct ReportResync {
    std::uint64_t id = 0;
    Seq up_to;
    std::uint64_t sent = 0;
    std::uint64_t accepted = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t parked = 0;
    std::uint64_t conflicts = 0;
    bool done = false;
    bool failed = false;  // the connection ended first; ask again on the next one
    friend bool operator==(const ReportResync&, const ReportResync&) = default;
};

using Effect = std::variant<SendFrame, HangUp, LoadBatch, StoreBatch, StoreReceipt, ReportPeer, ReportCopied,
                            ReportFork, CompareHead, ReportOwnHead, TellTime, ReportTime, ReportResync>;
using Effects = std::vector<Effect>;

}  // namespace gatehouse::sync
