// One end of one connection: offers the journals held here, pulls the journals wanted here. Both ends run the same
// machine. A value: no clock, no I/O; the shell carries the effects out and brings their answers back as events.
//
//   idle ──LinkUp──▶ greeting ──valid Hello──▶ open ──HangUp, LinkDown──▶ closed
//                       └──bad Hello, 10 s──────────────────────────────────▲
//
// Pulling: each wanted journal has one standing Want; batches come without being asked for again, several in flight,
// as far as credit goes. Serving: journals whose tail is short (live) go first; at most `backlog_in_flight` batches of
// backlog wait in the transport, so that a live one never queues behind more than those.
//
// **Guarantees**
// - a batch is stored only if its records continue the journal without a gap and end at a head that its owner signed
// - a peer is heard only with a certificate of this venue's authority that names the connection's TLS key
// - nothing is served beyond the newest signed head held here
// - a live record is sent before a backlog
// - a batch is live only if every batch of its journal before it was: whoever stores live ones first breaks no chain
// - whatever arrives, memory is bounded: credit, frame and batch limits, number of journals
// - central's time is asked for at once and then regularly, and reported with the measured round trip
// - records of a revoked node are taken up to its last trusted one, and beyond it only to the end of that batch
// - a resync changes nothing where everything is held: its records come out as duplicates
// - a peer never counts more records than it was sent: what a resync says it brought was sent
#pragma once

#include <deque>

#include "sync/replication/replication_events.hpp"

namespace gatehouse::sync {

class ReplicationSession {
public:
    explicit ReplicationSession(ReplicationOptions options);

    [[nodiscard]] Effects step(const Event& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    enum class Phase : std::uint8_t { idle, greeting, open, closed };
    [[nodiscard]] Phase phase() const { return phase_; }
    // The peer's statement, once it was accepted.
    [[nodiscard]] const std::optional<Certificate>& peer() const { return peer_; }
    [[nodiscard]] std::optional<NodeId> peer_node() const { return peer_ ? std::optional{peer_->node} : std::nullopt; }
    // How far the peer can serve a journal; of a revoked node's, no further than its last trusted record.
    [[nodiscard]] std::optional<Seq> announced(JournalId journal) const;
    // Newest valid head of it, unless that is beyond a revocation.
    [[nodiscard]] std::optional<SignedHead> announced_head(JournalId journal) const;
    [[nodiscard]] std::vector<JournalId> announced_journals() const;
    // How far the peer said it holds a journal: by Stored, Heads or Want.
    [[nodiscard]] Seq copied(JournalId journal) const;
    // Grows whenever `announced` may answer otherwise.
    [[nodiscard]] std::uint64_t news() const { return news_; }
    // Octets received and not yet stored.
    [[nodiscard]] std::size_t pending() const { return pending_; }

private:
    // A journal as the peer announced it.
    struct Announcement {
        SignedHead head;
        Certificate owner;
        bool forked = false;  // contradicts what is held here: not pulled
    };
    // A batch given to StoreBatch.
    struct Storing {
        std::size_t octets = 0;
        bool live = false;
    };
    // A Want of ours. Outlives `open` batches: one that was withdrawn stays until they are stored.
    struct Pull {
        JournalId journal;
        Seq next;                     // first record of the next batch
        std::optional<Hash> last;     // hash of record next-1, where it is known
        std::optional<Seq> to;        // resync
        unsigned credit = 0;          // batches the peer may still send
        std::deque<Storing> storing;  // not answered yet, in order
        bool withdrawn = false;
    };
    // A Want of the peer's.
    struct Serve {
        JournalId journal;
        Seq next;
        Seq stored;  // as far as the peer has said
        std::optional<Seq> to;
        std::uint64_t offer = 0;
        unsigned credit = 0;
        bool loading = false;
        bool bulk = false;  // what is being loaded is backlog
        bool dry = false;   // nothing could be loaded: wait until the journal grows
    };
    struct Resync {
        JournalId journal;
        Seq from;
        Seq to;
        ReportResync report;
    };

    void on(const LinkUp& event, Effects& out);
    void on(const LinkDown& event, Effects& out);
    void on(const FrameReceived& event, Effects& out);
    void on(const FrameSent& event, Effects& out);
    void on(const JournalsGrown& event, Effects& out);
    void on(const InterestChanged& event, Effects& out);
    void on(const RevocationsChanged& event, Effects& out);
    void on(const BatchLoaded& event, Effects& out);
    void on(const BatchStored& event, Effects& out);
    void on(const BatchRefused& event, Effects& out);
    void on(const ResyncAsked& event, Effects& out);
    void on(const TimeRead& event, Effects& out);
    void on(const Shed& event, Effects& out);
    void on(const Superseded& event, Effects& out);
    void on(const Ticked& event, Effects& out);

    void take(const UnknownMessage& message, Effects& out);
    void take(const Hello& message, Effects& out);
    void take(const Heads& message, Effects& out);
    void take(const Want& message, Effects& out);
    void take(const Unwant& message, Effects& out);
    void take(const Batch& message, Effects& out);
    void take(const Stored& message, Effects& out);
    void take(const Receipts& message, Effects& out);
    void take(const Offer& message, Effects& out);
    void take(const Busy& message, Effects& out);
    void take(const TimeAsked& message, Effects& out);
    void take(const TimeTold& message, Effects& out);

    void send(const Message& message, Effects& out);
    void hang_up(HangUpReason reason, std::string detail, Effects& out, std::uint32_t retry_after_s = 0);
    void close(Effects& out);

    void ask_time(Effects& out);

    // announcing
    [[nodiscard]] bool take_head(const AnnouncedHead& announced, Effects& out);
    [[nodiscard]] std::size_t announced_of(NodeId owner) const;
    [[nodiscard]] bool has_room_for(JournalId journal) const;
    void forget_oldest(NodeId owner, Effects& out);
    [[nodiscard]] bool is_own_business(const SignedHead& head, Effects& out);
    void take_receipt(const Receipt& receipt, const PublicKey& central, Effects& out);
    [[nodiscard]] std::optional<PublicKey> central_key() const;
    [[nodiscard]] Bytes central_certificate() const;
    void postpone(const std::vector<JournalId>& journals);
    void announce(const std::vector<JournalId>& journals, Effects& out);
    void pass_receipts(const std::vector<JournalId>& journals, Effects& out);
    [[nodiscard]] bool is_served(JournalId journal) const;
    [[nodiscard]] bool is_revoked(NodeId node) const;
    [[nodiscard]] Seq trusted(JournalId journal, Seq up_to) const;
    [[nodiscard]] bool is_beyond_revocation(JournalId journal, Seq seq) const;

    // pulling
    void update_pulls(Effects& out);
    [[nodiscard]] bool is_wanted(JournalId journal, const Announcement& announced) const;
    void start_pull(Pull pull, std::uint64_t offer, Effects& out);
    [[nodiscard]] bool is_chained(const Pull& pull, const Batch& batch, const std::vector<Bytes>& records) const;
    [[nodiscard]] std::optional<HangUpReason> fault_of(const Pull& pull, const Batch& batch) const;
    void finish_storing(std::map<std::uint32_t, Pull>::iterator pull);

    // serving
    void serve_more(Effects& out);
    [[nodiscard]] bool is_ready(const Serve& serve) const;
    [[nodiscard]] bool is_live(const Serve& serve) const;
    [[nodiscard]] Seq servable(JournalId journal) const;
    void load(std::uint32_t generation, Serve& serve, bool bulk, Effects& out);
    void account_resync(Serve& serve, const Stored& stored, Effects& out);

    ReplicationOptions options_;
    Phase phase_ = Phase::idle;
    Instant now_{};
    LinkUp up_;
    std::optional<Certificate> peer_;
    Instant hello_by_{};

    std::map<JournalId, HeldJournal> held_;
    std::vector<Revocation> revocations_;
    Interest interest_;

    std::map<JournalId, Announcement> announced_;
    std::map<JournalId, Bytes> issued_;         // the owners' statements, as announced
    std::map<JournalId, SignedHead> compared_;  // the last that CompareHead named: each costs a read
    std::uint64_t news_ = 0;                    // counts changes of announced_
    std::map<JournalId, Seq> copied_;           // what the peer holds, as far as it said
    std::map<JournalId, Seq> receipts_;         // newest that the peer or we have mentioned
    std::optional<PublicKey> central_;          // from a certificate that came with Receipts
    std::set<JournalId> told_certificates_;     // of journals, sent to the peer
    bool told_central_ = false;
    bool own_reported_ = false;
    std::set<JournalId> unsaid_;  // news for the next gossip
    std::optional<Instant> gossip_at_;

    std::optional<Instant> ask_time_at_;
    std::uint64_t time_question_ = 0;
    std::optional<Instant> time_asked_at_;  // of `time_question_`, while it is unanswered

    std::map<std::uint32_t, Pull> pulls_;
    std::uint32_t last_generation_ = 0;
    std::size_t pending_ = 0;

    std::map<std::uint32_t, Serve> serves_;
    std::uint32_t last_wanted_ = 0;  // the peer's highest generation
    std::uint32_t last_bulk_ = 0;    // generation served last as backlog: the next one is after it
    unsigned bulk_loading_ = 0;
    std::size_t unsent_ = 0;  // octets of batches not yet gone to the kernel
    std::map<std::uint64_t, Resync> resyncs_;
};

}  // namespace gatehouse::sync
