#include "sync/replication/discovery.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace gatehouse;
using namespace gatehouse::sync;
using namespace std::chrono_literals;

namespace {

constexpr VenueId beacon_venue{1};
constexpr WallTime ends{2'000};

SigningKey authority() { return SigningKey::from_seed(Seed{9}); }

Bytes beacon(std::uint16_t node, std::uint16_t port = 8442) {
    const auto key = SigningKey::from_seed(Seed{static_cast<std::uint8_t>(node)});
    const auto certificate =
        issue_certificate(authority(), {beacon_venue, NodeId{node}, NodeName{"booth-" + std::to_string(node)},
                                        key.public_key(), Hash{}, WallTime{0}, ends});
    return make_beacon(key, certificate, port);
}

// Node 5, which hears others and goes on from tick to tick.
struct Bench {
    explicit Bench(const DiscoveryOptions& options = {}) : discovery(complete(options)) {
        effects = discovery.tick(linked, now);
    }
    static DiscoveryOptions complete(DiscoveryOptions options) {
        options.venue = beacon_venue;
        options.authority = authority().public_key();
        options.self = NodeId{5};
        return options;
    }
    void hear(const Bytes& datagram, const std::string& host = "10.0.0.1", WallTime floor = {}) {
        for (auto& effect : discovery.hear(datagram, host, floor, linked, now)) effects.push_back(std::move(effect));
    }
    void pass(Duration time) {
        const Instant until = now + time;
        while (discovery.deadline() <= until) {
            now = discovery.deadline();
            for (auto& effect : discovery.tick(linked, now)) effects.push_back(std::move(effect));
        }
        now = until;
    }
    template <class Effect>
    std::vector<Effect> take() {
        std::vector<Effect> found;
        for (const auto& effect : effects)
            if (const auto* one = std::get_if<Effect>(&effect)) found.push_back(*one);
        std::erase_if(effects, [](const auto& effect) { return std::holds_alternative<Effect>(effect); });
        return found;
    }

    std::set<NodeId> links;
    Discovery::Linked linked = [this](NodeId node) { return links.contains(node); };
    Instant now{1h};
    Discovery discovery;
    DiscoveryEffects effects;
};

DialPeer dial(std::uint16_t node, std::vector<std::string> addresses) {
    return {NodeId{node}, NodeName{"booth-" + std::to_string(node)}, std::move(addresses)};
}

}  // namespace

TEST_CASE("a node says where it is when it starts, every five seconds, and at once to a newcomer") {
    Bench bench;
    CHECK(bench.take<Announce>().size() == 1);
    bench.pass(11s);
    CHECK(bench.take<Announce>().size() == 2);
    bench.hear(beacon(7));
    CHECK(bench.take<Announce>().size() == 1);
    bench.hear(beacon(8));  // one beacon answers both
    bench.hear(beacon(7));
    CHECK(bench.take<Announce>().empty());
}

TEST_CASE("the lower-numbered node dials; the other while it starts, and when nothing comes of it") {
    Bench starting;
    starting.hear(beacon(4));
    CHECK(starting.take<DialPeer>() == std::vector{dial(4, {"10.0.0.1:8442"})});
    Bench bench;
    bench.pass(6s);
    bench.hear(beacon(7));
    CHECK(bench.take<DialPeer>() == std::vector{dial(7, {"10.0.0.1:8442"})});
    bench.hear(beacon(4));
    bench.pass(15s);
    CHECK(bench.take<DialPeer>().empty());
    bench.links.insert(NodeId{4});
    bench.pass(30s);
    bench.hear(beacon(4));
    bench.links.erase(NodeId{4});
    bench.pass(15s);
    CHECK(bench.take<DialPeer>().empty());
    bench.pass(15s);
    CHECK(bench.take<DialPeer>() == std::vector{dial(4, {"10.0.0.1:8442"})});
    bench.hear(beacon(4));  // said once
    CHECK(bench.take<DialPeer>().empty());
}

TEST_CASE("another address of a node is dialled beside the former, and one that was long not heard is not") {
    Bench bench;
    bench.hear(beacon(7));
    bench.pass(50s);
    bench.hear(beacon(7), "10.0.0.2");
    CHECK(bench.take<DialPeer>().back() == dial(7, {"10.0.0.2:8442", "10.0.0.1:8442"}));
    bench.hear(beacon(7));  // both are heard: their order is nothing new
    CHECK(bench.take<DialPeer>().empty());
    bench.pass(5s);
    bench.hear(beacon(7, 9000), "10.0.0.2");
    CHECK(bench.take<DialPeer>().back() == dial(7, {"10.0.0.2:9000", "10.0.0.1:8442", "10.0.0.2:8442"}));
    bench.pass(50s);
    bench.hear(beacon(7, 9000), "10.0.0.2");
    bench.pass(15s);
    CHECK(bench.take<DialPeer>().back() == dial(7, {"10.0.0.2:9000"}));
    // Told at once, and what comes close upon it together: somebody may send a beacon again from everywhere.
    for (int i = 3; i < 9; ++i) bench.hear(beacon(7), "10.0.0." + std::to_string(i));
    CHECK(bench.take<DialPeer>() == std::vector{dial(7, {"10.0.0.3:8442", "10.0.0.2:9000"})});
    bench.pass(5s);
    CHECK(bench.take<DialPeer>() ==
          std::vector{dial(7, {"10.0.0.8:8442", "10.0.0.7:8442", "10.0.0.6:8442", "10.0.0.5:8442"})});
}

TEST_CASE("a node that is not heard for a minute is forgotten, but not while it is connected") {
    Bench bench;
    bench.hear(beacon(7));
    bench.hear(beacon(8));
    bench.links.insert(NodeId{8});
    bench.pass(66s);
    CHECK(bench.take<ForgetPeer>() == std::vector{ForgetPeer{NodeId{7}}});
    CHECK(bench.discovery.peers() == 1);
    bench.links.clear();
    bench.pass(6s);
    CHECK(bench.take<ForgetPeer>() == std::vector{ForgetPeer{NodeId{8}}});
    bench.take<DialPeer>();
    bench.hear(beacon(7));
    CHECK(bench.take<DialPeer>().size() == 1);
}

TEST_CASE("its own beacon, another venue's, one that ended, one that was changed and any other octets are nothing") {
    Bench bench;
    bench.effects.clear();
    bench.hear(beacon(5));
    bench.hear(beacon(7), "10.0.0.1", WallTime{ends.value + 1});
    auto changed = beacon(7);
    changed[4] ^= 1U;
    bench.hear(changed);
    bench.hear({});
    bench.hear(Bytes(65'507, 0x47));
    Bench other{};
    DiscoveryOptions elsewhere = Bench::complete({});
    elsewhere.venue = VenueId{2};
    other.discovery = Discovery{elsewhere};
    other.effects.clear();
    other.hear(beacon(7));
    CHECK(bench.effects.empty());
    CHECK(bench.discovery.peers() == 0);
    CHECK(other.effects.empty());
}

TEST_CASE("a flood is judged in part, those that are known are heard through it, and there is an end to how many") {
    DiscoveryOptions options;
    options.judged_a_second = 3;
    options.most_peers = 2;
    Bench bench{options};
    bench.hear(beacon(7));
    auto forged = beacon(8);
    forged.back() ^= 1U;
    for (int i = 0; i < 5; ++i) bench.hear(forged);
    bench.hear(beacon(8));
    CHECK(bench.discovery.peers() == 1);
    bench.take<DialPeer>();
    bench.hear(beacon(7), "10.0.0.9");
    bench.pass(5s);
    CHECK(bench.take<DialPeer>() == std::vector{dial(7, {"10.0.0.9:8442", "10.0.0.1:8442"})});
    bench.now += 1s;
    bench.hear(beacon(8));
    bench.hear(beacon(9));
    CHECK(bench.discovery.peers() == 2);
}
