#include "sync/central/presence.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sync/ledger/ledger.hpp"

namespace gatehouse::central {

void Presence::came(ConnectedNode node) {
    const std::scoped_lock lock{mutex_};
    last_[node.node] = node.since;
    connected_[node.node] = std::move(node);
}

void Presence::heard(NodeId node, WallTime now) {
    const std::scoped_lock lock{mutex_};
    if (connected_.contains(node)) last_[node] = now;
}

void Presence::went(NodeId node, WallTime now) {
    const std::scoped_lock lock{mutex_};
    connected_.erase(node);
    last_.try_emplace(node, now);  // a link that died was silent for a while before it was given up
}

void Presence::heard_of(JournalId journal, Seq seq) {
    if (journal.epoch.value > ledger::largest_epoch) return;
    const std::scoped_lock lock{mutex_};
    auto& highest = announced_[journal];
    highest = std::max(highest, seq);
    const auto oldest = announced_.lower_bound({journal.node, Epoch{0}});
    const auto last = announced_.upper_bound({journal.node, Epoch{ledger::largest_epoch}});
    if (std::distance(oldest, last) > std::ptrdiff_t{announced_epochs}) announced_.erase(oldest);
}

bool Presence::remembers(JournalId journal) const {
    const std::scoped_lock lock{mutex_};
    return announced_.contains(journal);
}

std::map<NodeId, ConnectedNode> Presence::connected() const {
    const std::scoped_lock lock{mutex_};
    return connected_;
}

std::map<NodeId, WallTime> Presence::last_contact() const {
    const std::scoped_lock lock{mutex_};
    return last_;
}

std::map<JournalId, Seq> Presence::announced() const {
    const std::scoped_lock lock{mutex_};
    return announced_;
}

}  // namespace gatehouse::central
