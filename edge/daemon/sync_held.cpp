// What this machine holds, for the replicator; and what the status shows of central and peers.
#include "edge/daemon/machine_clock.hpp"
#include "edge/daemon/sync_loop.hpp"

namespace gatehouse::edge {

std::vector<sync::HeldJournal> SyncPump::Loop::load_held() {
    std::map<NodeId, Bytes> certificates;
    for (auto& node : reader_.nodes()) {
        certificates[node.node] = std::move(node.certificate);
        if (node.node != options_.own.node && node.node != central_node) peers_[node.node].name = node.name.value;
    }
    std::vector<sync::HeldJournal> held;
    bool own_seen = false;
    for (const auto& state : reader_.journals()) {
        sync::HeldJournal journal{state.journal, state.head, state.hash, state.signed_head, state.receipt, {}, false};
        journal.forked = state.forked;
        if (state.journal == options_.own) {
            own_seen = true;
            journal.certificate = options_.session.certificate;
            if (state.head.value > 0 && (!journal.head || journal.head->seq < state.head))
                journal.head = sign_head(*options_.key, options_.venue, state.journal, state.head, state.hash);
            if (state.receipt) central_.acked = state.receipt->seq;
        } else if (const auto found = certificates.find(state.journal.node); found != certificates.end()) {
            journal.certificate = found->second;
        }
        held.push_back(std::move(journal));
    }
    if (!own_seen)
        held.push_back({options_.own,
                        Seq{0},
                        genesis_hash(options_.venue, options_.own),
                        {},
                        {},
                        options_.session.certificate,
                        false});
    return held;
}

std::vector<sync::Revocation> SyncPump::Loop::load_revocations() {
    std::vector<sync::Revocation> found;
    for (const auto& revocation : reader_.revocations())
        found.push_back({revocation.body.node, revocation.body.epoch, revocation.body.last});
    return found;
}

sync::HeldJournal SyncPump::Loop::held(JournalId journal) const {
    const auto& all = replicator_.held();
    if (const auto found = all.find(journal); found != all.end()) return found->second;
    sync::HeldJournal nothing;
    nothing.id = journal;
    nothing.hash = genesis_hash(options_.venue, journal);
    if (journal == options_.own) nothing.certificate = options_.session.certificate;
    return nothing;
}

void SyncPump::Loop::show_central(const std::string& error) {
    const auto link = replicator_.link_to(central_node);
    central_.connected = link.has_value();
    if (!error.empty() && !central_.connected) central_.last_error = error;
    if (central_.connected) central_.last_error.clear();
    outlets_.board(central_);
}

void SyncPump::Loop::show_peers() {
    std::vector<NodeId> heard;
    for (auto& [node, view] : peers_) {
        view.node = node;
        view.connected = false;
    }
    for (const auto& peer : replicator_.peers()) {
        heard.push_back(peer.node);
        if (peer.node == central_node) continue;
        PeerView& view = peers_[peer.node];
        view.node = peer.node;
        view.name = peer.name.value;
        view.connected = true;
        view.last_contact = MachineClock{}.read().wall;
        if (const auto* session = replicator_.session(peer.link); session != nullptr)
            view.copied = std::max(view.copied, session->copied(options_.own));
    }
    outlets_.heard(heard);
    outlets_.board(peers_);
}

}  // namespace gatehouse::edge
