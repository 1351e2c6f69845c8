// The venue's network: connections that carry frames in order, and everything that happens to them.
//
// A blocked direction holds frames back, as TCP does, until it opens or the connection is taken for dead. Duplicated,
// overtaken and altered frames are what a proxy or an attacker would do: TLS rules them out, the machines must not
// rely on it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "sync/replication/replicator.hpp"
#include "tests/sim/world.hpp"

namespace gatehouse::sim {

// What the process of a machine is told; as sync::LinkCallbacks.
struct LinkHandlers {
    std::function<void(sync::LinkId, bool dialled, const Hash& tls_key)> opened;
    std::function<void(sync::LinkId, Bytes)> received;
    std::function<void(sync::LinkId, std::size_t octets)> sent;
    std::function<void(sync::LinkId)> closed;
    std::function<void(NodeId to)> dial_failed;
};

// Chances of each frame.
struct Tampering {
    double duplicate = 0;
    double overtake = 0;
    double alter = 0;
};

class Network {
public:
    explicit Network(World& world) : world_(world), chance_(world.chance.fork("network")) {}

    // A process came up on this machine, or died. A cut of power tells nobody.
    void attach(NodeId machine, const Hash& tls_key, LinkHandlers handlers);
    void detach(NodeId machine, bool silently);

    void dial(NodeId from, NodeId to);
    void send(sync::LinkId link, NodeId from, Bytes frame);
    void close(sync::LinkId link, NodeId by);

    void block(NodeId from, NodeId to) { blocked_.insert({from, to}); }
    void unblock(NodeId from, NodeId to);
    void heal();
    // Both ends see the connection end; what is under way is lost. The same machine twice: all its connections.
    // Answers how many there were.
    std::size_t lose_connections(NodeId a, NodeId b);
    void tamper(const Tampering& tampering) { tampering_ = tampering; }
    [[nodiscard]] bool is_tampered() const {
        return tampering_.duplicate > 0 || tampering_.overtake > 0 || tampering_.alter > 0;
    }
    // Every frame from `machine` takes so much longer.
    void slow_down(NodeId machine, Duration extra) { extra_[machine] = extra; }

    [[nodiscard]] bool hears(NodeId a, NodeId b) const {
        return !blocked_.contains({a, b}) && !blocked_.contains({b, a});
    }

private:
    struct Machine {
        Hash tls_key{};
        LinkHandlers handlers;
    };
    struct Direction {
        Instant last_arrival{};
        std::deque<Bytes> held;
    };
    struct Pipe {
        NodeId dialler;
        NodeId listener;
        std::map<NodeId, Direction> towards;
        std::set<NodeId> open_at;  // ends that have not been told of the end
    };

    [[nodiscard]] Duration latency(NodeId from);
    void carry(sync::LinkId link, NodeId to, Bytes frame, Instant when);
    void arrive(sync::LinkId link, NodeId to, Bytes frame);
    void watch_silence(sync::LinkId link);
    void end(sync::LinkId link, NodeId at, Duration within);
    void tell_end(sync::LinkId link, NodeId at);

    World& world_;
    Chance chance_;
    std::map<NodeId, Machine> machines_;
    std::map<sync::LinkId, Pipe> pipes_;
    std::set<std::pair<NodeId, NodeId>> blocked_;
    std::map<NodeId, Duration> extra_;
    Tampering tampering_;
    std::uint64_t links_ = 0;
};

}  // namespace gatehouse::sim
