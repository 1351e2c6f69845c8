// Which nodes are connected and how far they say that journals go, for readers on other threads.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::central {

struct ConnectedNode {
    NodeId node;
    NodeName name;
    std::string software;
    std::string address;
    WallTime since;
};

constexpr std::size_t announced_epochs = 4;  // of one node

// Thread-safe.
class Presence {
public:
    void came(ConnectedNode node);
    // A message of a connected node came.
    void heard(NodeId node, WallTime now);
    void went(NodeId node, WallTime now);
    // An owner-signed head that somebody announced. An owner can sign one of any epoch: of each node the newest
    // `announced_epochs` are remembered, and none that no ledger could hold.
    void heard_of(JournalId journal, Seq seq);
    [[nodiscard]] bool remembers(JournalId journal) const;

    [[nodiscard]] std::map<NodeId, ConnectedNode> connected() const;
    // When something last came from a node, since this process started.
    [[nodiscard]] std::map<NodeId, WallTime> last_contact() const;
    // The highest number heard of in each journal that is remembered, since this process started.
    [[nodiscard]] std::map<JournalId, Seq> announced() const;

private:
    mutable std::mutex mutex_;
    std::map<NodeId, ConnectedNode> connected_;
    std::map<NodeId, WallTime> last_;
    std::map<JournalId, Seq> announced_;
};

}  // namespace gatehouse::central
