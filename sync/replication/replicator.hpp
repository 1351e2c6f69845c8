// All connections of one machine: which journal is pulled over which of them.
//
// A journal is pulled from its owner if the owner is connected, else from one machine that has more of it than this
// one; another one takes over when that stalls or goes. Central pulls everything; a node pulls node 0's journal and its
// peers', the latter over central only if no other connection serves them.
//
// **Guarantees**
// - of two connections to one node one remains: the newer of those dialled by the lower-numbered node
// - a journal whose source goes is pulled from the next one that serves it
// - a head or a receipt that is told late, after a newer one of its journal, changes nothing
// - a source that brings nothing for `stalled_after` though it has more gives way to another that has
#pragma once

#include "sync/replication/replication_session.hpp"

namespace gatehouse::sync {

// One connection; never used again within a process.
using LinkId = Strong<struct LinkIdTag, std::uint64_t>;

struct LinkEffect {
    LinkId link;
    Effect effect;
    friend bool operator==(const LinkEffect&, const LinkEffect&) = default;
};
using LinkEffects = std::vector<LinkEffect>;

struct ReplicatorOptions {
    ReplicationOptions session;
    Duration stalled_after = std::chrono::seconds{5};
    bool pulls = true;  // false: serves, and takes nothing
};

struct PeerState {
    LinkId link;
    NodeId node;
    NodeName name;
    bool dialled = false;
};

class Replicator {
public:
    explicit Replicator(ReplicatorOptions options);

    // A finished TLS handshake. `dialled`: this machine dialled.
    [[nodiscard]] LinkEffects open(LinkId link, bool dialled, const LinkUp& up, Instant now);
    // Anything else about one connection; LinkDown forgets it. Events of unknown links are ignored.
    [[nodiscard]] LinkEffects step(LinkId link, const Event& event, Instant now);
    // Synced here; told to every connection. At start: all journals held. In any order, and in part (a head without the
    // receipt, a receipt without the head): of what is known already the newest stays.
    [[nodiscard]] LinkEffects journals_grown(std::vector<HeldJournal> journals, Instant now);
    [[nodiscard]] LinkEffects revocations_changed(std::vector<Revocation> revocations, Instant now);
    // deadline() has come.
    [[nodiscard]] LinkEffects tick(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    // Connections whose peer is known.
    [[nodiscard]] std::vector<PeerState> peers() const;
    [[nodiscard]] std::optional<LinkId> link_to(NodeId node) const;
    [[nodiscard]] const ReplicationSession* session(LinkId link) const;
    // The furthest head that any peer announced of what `journal`'s node wrote in other epochs.
    [[nodiscard]] std::optional<SignedHead> furthest_beside(JournalId journal) const;
    // What is held here, as last told.
    [[nodiscard]] const std::map<JournalId, HeldJournal>& held() const { return held_; }

private:
    struct Link {
        ReplicationSession session;
        bool dialled = false;
        std::uint64_t news = 0;
        Interest interest;
    };
    // Where a journal is pulled from.
    struct Source {
        LinkId link;
        std::optional<Instant> waiting;  // since when it has more than is held here, and brought none of it
    };

    void run(Link& link, LinkId id, const Event& event, Instant now, LinkEffects& out);
    void settle_rivals(LinkId fresh, Instant now, LinkEffects& out);
    void choose_sources(Instant now, LinkEffects& out);
    [[nodiscard]] std::optional<LinkId> best_source(JournalId journal, const std::optional<Source>& current,
                                                    Instant now) const;
    [[nodiscard]] std::optional<Seq> offered(const Link& link, JournalId journal) const;

    ReplicatorOptions options_;
    std::map<LinkId, Link> links_;
    std::map<JournalId, HeldJournal> held_;
    std::vector<Revocation> revocations_;
    std::map<JournalId, Source> sources_;
    std::optional<Instant> next_look_;
};

}  // namespace gatehouse::sync
