// Who else of the venue is on this network: our beacon goes out, and those that are heard are dialled.
#include <algorithm>
#include <charconv>

#include "edge/daemon/machine_clock.hpp"
#include "edge/daemon/sync_loop.hpp"
#include "schemas/base/match.hpp"
#include "sync/link/address.hpp"
#include "sync/link/log.hpp"

namespace gatehouse::edge {

void SyncPump::Loop::begin_discovery() {
    const auto address = sync::parse_address(listening_);
    std::uint16_t port = 0;
    if (address) std::from_chars(address->port.data(), address->port.data() + address->port.size(), port);
    if (port == 0) return;
    sync::DiscoveryOptions options;
    options.venue = options_.venue;
    options.authority = options_.session.authority;
    options.self = options_.own.node;
    discovery_.emplace(options);
    beacon_ = make_beacon(*options_.key, options_.session.certificate, port);
    sync::BeaconNetwork network;
    network.host = address->host;
    beacons_.emplace(io_, std::move(network), [this](ByteView datagram, const std::string& host) {
        carry_out(discovery_->hear(datagram, host, options_.links.floor(), linked_, boot_now()));
        arm_timer();
    });
    discover_until_ = boot_now() + options_.discover_within;
    carry_out(discovery_->tick(linked_, boot_now()));
}

void SyncPump::Loop::carry_out(const sync::DiscoveryEffects& effects) {
    for (const auto& effect : effects)
        std::visit(Match{[&](const sync::Announce&) { beacons_->send(beacon_); },
                         [&](const sync::DialPeer& peer) { dial_discovered(peer); },
                         [&](const sync::ForgetPeer& peer) { forget(peer.node); }},
                   effect);
}

void SyncPump::Loop::dial_discovered(const sync::DialPeer& peer) {
    // What the configuration names is dialled anyway.
    auto urls = peer.addresses;
    std::erase_if(urls, [&](const std::string& url) { return std::ranges::count(options_.peers, url) > 0; });
    if (urls.empty()) return forget(peer.node);
    log::info("{} says that it is at {}", peer.name.value, urls.front());
    const auto known = std::ranges::find(dialled_, std::optional{peer.node}, &Dialled::discovered);
    if (known != dialled_.end()) return known->session.set_urls(std::move(urls));
    Dialled& fresh = dialled_.emplace_back(std::move(urls));
    fresh.discovered = peer.node;
    dial_step(fresh, sync::DialStarted{jitter()});
}

void SyncPump::Loop::forget(NodeId node) {
    std::erase_if(dialled_, [&](const Dialled& one) { return one.discovered == node && !one.link; });
}

}  // namespace gatehouse::edge
