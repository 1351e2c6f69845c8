#include "sync/replication/discovery.hpp"

#include <algorithm>

namespace gatehouse::sync {

namespace {

// The port follows `GHB1`: schemas/crypto/FORMAT.md. Of octets that were judged before.
std::uint16_t port_of(ByteView beacon) { return static_cast<std::uint16_t>(beacon[4] | beacon[5] << 8U); }

}  // namespace

DiscoveryEffects Discovery::hear(ByteView datagram, const std::string& host, WallTime floor, const Linked& linked,
                                 Instant now) {
    DiscoveryEffects out;
    const auto heard = judge(datagram, floor, now, out);
    if (!heard) return out;
    Peer& peer = peers_.at(heard->node);
    const std::string text = host + ":" + std::to_string(heard->port);
    auto& known = peer.addresses;
    std::erase_if(known, [&](const Address& one) { return one.text == text; });
    known.insert(known.begin(), {text, now});
    if (known.size() > options_.most_addresses) known.pop_back();
    decide(heard->node, peer, linked, now, out);
    return out;
}

// Whose beacon it is; a newcomer is among `peers_` then, and hears from us at once.
std::optional<Discovery::Heard> Discovery::judge(ByteView datagram, WallTime floor, Instant now,
                                                 DiscoveryEffects& out) {
    for (const auto& [node, peer] : peers_)
        if (std::ranges::equal(peer.beacon, datagram)) return Heard{node, port_of(datagram)};
    if (datagram.size() > largest_beacon) return std::nullopt;
    if (now - judging_since_ >= std::chrono::seconds{1}) {
        judging_since_ = now;
        judged_ = 0;
    }
    if (judged_ == options_.judged_a_second) return std::nullopt;
    ++judged_;
    const auto beacon = verify_beacon(options_.authority, options_.venue, datagram);
    if (!beacon || beacon->certificate.node == options_.self || beacon->certificate.not_after < floor)
        return std::nullopt;
    const NodeId node = beacon->certificate.node;
    const bool fresh = !peers_.contains(node);
    if (fresh && peers_.size() == options_.most_peers) return std::nullopt;
    Peer& peer = peers_[node];
    peer.name = beacon->certificate.name;
    peer.beacon.assign(datagram.begin(), datagram.end());
    if (fresh && (!announced_ || now - *announced_ >= options_.announce_pause)) announce(now, out);
    return Heard{node, beacon->port};
}

void Discovery::decide(NodeId node, Peer& peer, const Linked& linked, Instant now, DiscoveryEffects& out) const {
    if (linked(node)) return peer.unlinked_since.reset();
    if (!peer.unlinked_since) peer.unlinked_since = now;
    const bool starting = began_ && now - *began_ < options_.starting;
    const bool ours = options_.self < node || starting || now - *peer.unlinked_since >= options_.patience;
    if (!ours && peer.dialled.empty()) return;
    // A beacon that is sent again from ever other addresses costs no signature, and must not cost a dial each time.
    if (!peer.dialled.empty() && now - peer.told < options_.announce_every) return;
    std::vector<std::string> addresses;
    for (const auto& one : peer.addresses) addresses.push_back(one.text);
    // In another order it is nothing new.
    if (std::ranges::is_permutation(addresses, peer.dialled)) return;
    peer.dialled = addresses;
    peer.told = now;
    out.emplace_back(DialPeer{node, peer.name, std::move(addresses)});
}

DiscoveryEffects Discovery::tick(const Linked& linked, Instant now) {
    DiscoveryEffects out;
    if (!began_) began_ = now;
    if (now >= next_) announce(now, out);
    for (auto at = peers_.begin(); at != peers_.end();) {
        auto& [node, peer] = *at;
        const bool gone = now - peer.addresses.front().heard >= options_.forget_after && !linked(node);
        if (gone) {
            if (!peer.dialled.empty()) out.emplace_back(ForgetPeer{node});
            at = peers_.erase(at);
            continue;
        }
        const auto old = [&](const Address& one) { return now - one.heard >= options_.forget_after; };
        peer.addresses.erase(std::remove_if(peer.addresses.begin() + 1, peer.addresses.end(), old),
                             peer.addresses.end());
        decide(node, peer, linked, now, out);
        ++at;
    }
    return out;
}

void Discovery::announce(Instant now, DiscoveryEffects& out) {
    announced_ = now;
    next_ = now + options_.announce_every;
    out.emplace_back(Announce{});
}

}  // namespace gatehouse::sync
