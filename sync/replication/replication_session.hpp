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
// - whatever arrives, memory is bounded: credit, frame and batch limits, number of journals
// - a resync changes nothing where everything is held: its records come out as duplicates
#pragma once

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
    // Newest valid head of each journal that the peer can serve.
    [[nodiscard]] std::optional<Seq> announced(JournalId journal) const;
    [[nodiscard]] std::vector<JournalId> announced_journals() const;
    // How far the peer said it holds a journal: by Stored, Heads or Want.
    [[nodiscard]] Seq copied(JournalId journal) const;
    // Octets received and not yet stored.
    [[nodiscard]] std::size_t pending() const { return pending_; }

private:
    // A journal as the peer announced it.
    struct Announcement {
        SignedHead head;
        Certificate owner;
        Bytes certificate;
    };
    // A Want of ours.
    struct Pull {
        JournalId journal;
        Seq next;                  // first record of the next batch
        std::optional<Hash> last;  // hash of record next-1, where it is known
        std::optional<Seq> to;     // resync
        std::uint64_t offer = 0;
        unsigned credit = 0;               // batches the peer may still send
        std::vector<std::size_t> storing;  // octets of the batches given to StoreBatch, in order
    };
    // A Want of the peer's.
    struct Serve {
        JournalId journal;
        Seq next;
        std::optional<Seq> to;
        std::uint64_t offer = 0;
        unsigned credit = 0;
        bool loading = false;
        bool bulk = false;  // the batch being loaded counts as backlog
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
    void on(const Shed& event, Effects& out);
    void on(const Ticked& event, Effects& out);

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
    std::map<JournalId, Seq> copied_;
    std::map<std::uint32_t, Pull> pulls_;
    std::map<std::uint32_t, Serve> serves_;
    std::map<std::uint64_t, Resync> resyncs_;
    std::uint32_t last_generation_ = 0;
    std::size_t pending_ = 0;
};

}  // namespace gatehouse::sync
