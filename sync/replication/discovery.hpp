// Who else of the venue is on this network, by the beacons that they send, and whom of them to dial.
//
// **Guarantees**
// - only a beacon that a node of this venue signed counts, and only in TLS it shows whether its sender is that node: a
//   beacon that somebody sends again costs a dial that fails, and displaces no address that was heard since
// - of two nodes the lower-numbered one dials, for its connection is the one that is kept; so does the other while it
//   starts, and after `patience` without a connection
// - a flood costs `judged_a_second` signatures a second, no memory, and of each node one `DialPeer` in `announce_every`
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/crypto/beacon.hpp"

namespace gatehouse::sync {

struct DiscoveryOptions {
    VenueId venue{};
    PublicKey authority{};
    NodeId self;
    Duration announce_every = std::chrono::seconds{5};
    Duration announce_pause = std::chrono::milliseconds{250};  // newcomers are answered at once, all of them by one
    Duration starting = std::chrono::seconds{5};               // from the first call on
    Duration patience = std::chrono::seconds{20};
    Duration forget_after = std::chrono::seconds{60};
    std::size_t most_peers = 64;
    std::size_t most_addresses = 4;  // of one peer: the latest
    unsigned judged_a_second = 50;
};

// Send our beacon on every network.
struct Announce {
    friend bool operator==(const Announce&, const Announce&) = default;
};
// Dial this node until it is forgotten. Takes the place of what was said of it before.
struct DialPeer {
    NodeId node;
    NodeName name;
    std::vector<std::string> addresses;  // HOST:PORT, the latest first
    friend bool operator==(const DialPeer&, const DialPeer&) = default;
};
struct ForgetPeer {
    NodeId node;
    friend bool operator==(const ForgetPeer&, const ForgetPeer&) = default;
};
using DiscoveryEffect = std::variant<Announce, DialPeer, ForgetPeer>;
using DiscoveryEffects = std::vector<DiscoveryEffect>;

class Discovery {
public:
    // Is there a connection to it now?
    using Linked = std::function<bool(NodeId)>;

    explicit Discovery(const DiscoveryOptions& options) : options_(options) {}

    // A datagram from `host`, a numeric address without port. `floor` is the clock's: certificates that ended before it
    // are none.
    [[nodiscard]] DiscoveryEffects hear(ByteView datagram, const std::string& host, WallTime floor,
                                        const Linked& linked, Instant now);
    // Call at `deadline()`, at first before anything else.
    [[nodiscard]] DiscoveryEffects tick(const Linked& linked, Instant now);
    [[nodiscard]] Instant deadline() const { return next_; }
    [[nodiscard]] std::size_t peers() const { return peers_.size(); }

private:
    struct Address {
        std::string text;
        Instant heard;
    };
    struct Peer {
        NodeName name;
        Bytes beacon;  // the latest: judged once
        std::vector<Address> addresses;
        std::optional<Instant> unlinked_since;
        std::vector<std::string> dialled;  // as we said; empty: we did not
        Instant told{};                    // when we said so last
    };
    struct Heard {
        NodeId node;
        std::uint16_t port = 0;
    };
    [[nodiscard]] std::optional<Heard> judge(ByteView datagram, WallTime floor, Instant now, DiscoveryEffects& out);
    void decide(NodeId node, Peer& peer, const Linked& linked, Instant now, DiscoveryEffects& out) const;
    void announce(Instant now, DiscoveryEffects& out);

    DiscoveryOptions options_;
    std::map<NodeId, Peer> peers_;
    std::optional<Instant> began_;
    std::optional<Instant> announced_;
    Instant next_{};
    Instant judging_since_{};
    unsigned judged_ = 0;  // since then
};

}  // namespace gatehouse::sync
