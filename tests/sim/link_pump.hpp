// One machine's connections: the real Replicator and DialSessions over the virtual network. Decides nothing.
#pragma once

#include <map>
#include <vector>

#include "sync/replication/dial_session.hpp"
#include "tests/sim/alarm_bell.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/venue.hpp"

namespace gatehouse::sim {

struct LinkPumpHandlers {
    std::function<void(sync::LinkId, const sync::LoadBatch&)> load;
    std::function<void(sync::LinkId, const sync::StoreBatch&)> store;
    std::function<void(const Receipt&)> store_receipt;
    std::function<void(NodeId peer, JournalId, Seq)> copied;
    std::function<void(const SignedHead&)> fork;
    std::function<void(JournalId)> own_head;
    std::function<void(std::vector<NodeId> heard)> peers_changed;
    std::function<void(const sync::ReportResync&)> resync;
};

class LinkPump {
public:
    LinkPump(World& world, Network& network, const Life& life, const MachineClock& clock, const Venue& venue,
             JournalId writing, std::vector<NodeId> dials, LinkPumpHandlers handlers);

    void start();
    void grown(const std::vector<sync::HeldJournal>& journals);
    void revoked(std::vector<sync::Revocation> revocations);
    // An answer to `load` or `store`.
    void answer(sync::LinkId link, const sync::Event& event);
    // False when there is no connection to it.
    bool ask_resync(NodeId to, JournalId journal, Seq from, Seq until);
    [[nodiscard]] Seq copied_to(NodeId peer, JournalId journal) const;
    [[nodiscard]] bool is_linked(NodeId peer) const { return replicator_.link_to(peer).has_value(); }
    [[nodiscard]] const sync::Replicator& replicator() const { return replicator_; }

private:
    struct Dialler {
        sync::DialSession session;
        std::optional<sync::LinkId> link;
        std::uint32_t retry_after_s = 0;
        bool superseded = false;
    };
    [[nodiscard]] LinkHandlers network_handlers();
    void opened(sync::LinkId link, bool dialled, const Hash& tls_key);
    void closed(sync::LinkId link);
    void carry_out(const sync::LinkEffects& effects);
    void carry_out(sync::LinkId link, const sync::Effect& effect);
    void hang_up(sync::LinkId link, const sync::HangUp& hang_up);
    void tick();
    void step_dialler(NodeId to, const sync::DialEvent& event);
    void look_at_peers();
    [[nodiscard]] Dialler* dialler_of(sync::LinkId link);

    World& world_;
    Network& network_;
    const Life& life_;
    const MachineClock& clock_;
    const Venue& venue_;
    NodeId self_;
    Chance chance_;
    LinkPumpHandlers handlers_;
    sync::Replicator replicator_;
    std::map<NodeId, Dialler> diallers_;
    std::map<sync::LinkId, NodeId> unaccepted_;  // dialled, the other's hello is not in yet
    std::vector<NodeId> heard_;
    AlarmBell bell_;
    std::uint64_t resyncs_ = 0;
};

}  // namespace gatehouse::sim
