#include "sync/replication/replicator.hpp"

#include <doctest/doctest.h>

#include "tests/sync/replication/venue_rig.hpp"

namespace gatehouse::sync::testing {

namespace {

constexpr NodeId a{1};
constexpr NodeId b{2};
constexpr NodeId c{3};

}  // namespace

TEST_CASE("a node's records reach central, and its receipt comes back") {
    Venue venue;
    auto& central = venue.add(central_node);
    auto& booth = venue.add(a);
    venue.append(central_node, 3);
    venue.append(a, 2000);
    venue.connect(a, central_node);
    venue.settle();
    CHECK(central.journals.at(booth.own()).records == booth.journals.at(booth.own()).records);
    CHECK(booth.journals.at(central.own()).records == central.journals.at(central.own()).records);
    REQUIRE(booth.journals.at(booth.own()).receipt);
    CHECK(booth.journals.at(booth.own()).receipt->seq == Seq{2000});
    venue.append(a, 1);
    venue.settle();
    CHECK(booth.journals.at(booth.own()).receipt->seq == Seq{2001});
    CHECK(central.duplicates == 0);
    CHECK(booth.hang_ups.empty());
}

TEST_CASE("a backlog goes over a peer to central, and falls at its owner when the receipt comes back") {
    Venue venue;
    auto& central = venue.add(central_node);
    auto& booth = venue.add(a);
    auto& gate = venue.add(b);
    venue.append(a, 700);
    venue.append(b, 5);
    venue.append(central_node, 2);
    venue.connect(a, b);
    venue.connect(b, central_node);
    venue.settle();
    CHECK(central.journals.at(booth.own()).records == booth.journals.at(booth.own()).records);
    CHECK(gate.journals.at(booth.own()).records == booth.journals.at(booth.own()).records);
    CHECK(booth.journals.at(central.own()).records == central.journals.at(central.own()).records);
    REQUIRE(booth.journals.at(booth.own()).receipt);
    CHECK(booth.journals.at(booth.own()).receipt->seq == Seq{700});
}

TEST_CASE("a dead node's records reach central through a peer") {
    Venue venue;
    auto& central = venue.add(central_node);
    auto& booth = venue.add(a);
    venue.add(b);
    venue.append(a, 300);
    const auto lan = venue.connect(a, b);
    venue.settle();
    venue.cut(lan);
    venue.connect(b, central_node);
    venue.settle();
    CHECK(central.journals.at(booth.own()).records == booth.journals.at(booth.own()).records);
}

TEST_CASE("a machine that lagged gets a revoked node's trusted records from one that holds more, and then rests") {
    Venue venue;
    auto& booth = venue.add(a);
    auto& gate = venue.add(b);
    auto& lagging = venue.add(c);
    venue.append(a, 120);
    const auto lan = venue.connect(a, b);
    venue.settle();
    venue.append(a, 30);  // the thief's
    venue.settle();
    venue.cut(lan);
    CHECK(gate.journals.at(booth.own()).records.size() == 150);
    for (const auto node : {b, c}) venue.revoke(node, {a, Epoch{1}, Seq{120}});
    venue.connect(b, c);
    venue.settle();
    CHECK(lagging.journals.at(booth.own()).records.size() >= 120);
    CHECK(lagging.hang_ups.empty());
    CHECK(lagging.replicator.link_to(b));
    CHECK_FALSE(lagging.replicator.deadline());  // waits for nothing more
}

TEST_CASE("a peer's journal comes from central only if no other machine serves it") {
    Venue venue;
    venue.add(central_node);
    auto& booth = venue.add(a);
    auto& gate = venue.add(b);
    venue.append(a, 50);
    venue.connect(a, central_node);
    venue.connect(b, central_node);
    venue.settle();
    CHECK(gate.journals.at(booth.own()).records.size() == 50);
    const auto before = gate.accepted;
    venue.connect(a, b);
    venue.settle();
    venue.append(a, 1);
    venue.settle();
    CHECK(gate.accepted == before + 1);
    CHECK(gate.duplicates == 0);
}

TEST_CASE("a resync of everything, twice, yields only duplicates") {
    Venue venue;
    auto& central = venue.add(central_node);
    auto& booth = venue.add(a);
    venue.append(a, 1500);
    venue.connect(a, central_node);
    venue.settle();
    const auto accepted = central.accepted;
    for (std::uint64_t id = 1; id <= 2; ++id) {
        venue.resync(a, central_node, id, booth.own(), Seq{1}, Seq{1'000'000});
        venue.settle();
        const auto& report = booth.resyncs.at(id);
        CHECK(report.done);
        CHECK(report.sent == 1500);
        CHECK(report.accepted == 0);
        CHECK(report.duplicate == 1500);
        CHECK(report.up_to == Seq{1500});
    }
    CHECK(central.accepted == accepted);
    venue.resync(a, central_node, 3, booth.own(), Seq{100}, Seq{199});
    venue.settle();
    CHECK(booth.resyncs.at(3).sent == 100);
    venue.resync(a, central_node, 4, booth.own(), Seq{1600}, Seq{1700});
    CHECK(booth.resyncs.at(4).done);
    CHECK(booth.resyncs.at(4).sent == 0);
}

TEST_CASE("a resync that loses its link says so") {
    Venue venue;
    venue.add(central_node);
    auto& booth = venue.add(a);
    venue.append(a, 1500);
    const auto link = venue.connect(a, central_node);
    venue.settle();
    venue.resync(a, central_node, 1, booth.own(), Seq{1}, Seq{1500});
    venue.cut(link);
    CHECK(booth.resyncs.at(1).failed);
}

TEST_CASE("of two connections to one node one remains, the same for both ends") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Venue venue{seed};
        auto& first = venue.add(a);
        auto& second = venue.add(b);
        const auto by_lower = venue.connect(a, b);
        venue.connect(b, a);
        venue.settle();
        CHECK(venue.open_links() == std::vector<LinkId>{by_lower});
        CHECK(first.replicator.peers().size() == 1);
        CHECK(second.replicator.peers().size() == 1);
        const auto again = venue.connect(a, b);
        venue.settle();
        CHECK(venue.open_links() == std::vector<LinkId>{again});
    }
}

TEST_CASE("a source that brings nothing gives way to another that has more") {
    Venue venue;
    auto& central = venue.add(central_node);
    auto& booth = venue.add(a);
    auto& gate = venue.add(b);
    auto& door = venue.add(c);
    venue.append(a, 100);
    const auto lan_b = venue.connect(a, b);
    const auto lan_c = venue.connect(a, c);
    venue.settle();
    venue.cut(lan_b);
    venue.cut(lan_c);
    // Node 2 announces the booth's journal but can load nothing of it.
    gate.journals.at(booth.own()).heads.clear();
    venue.connect(b, central_node);
    venue.settle(std::chrono::seconds{1});
    CHECK_FALSE(central.journals.contains(booth.own()));
    venue.connect(c, central_node);
    venue.settle();
    REQUIRE(central.journals.contains(booth.own()));
    CHECK(central.journals.at(booth.own()).records == door.journals.at(booth.own()).records);
}

TEST_CASE("a journal that was quiet for long stays with its owner when it grows") {
    Venue venue;
    venue.add(a);
    auto& gate = venue.add(b);
    venue.add(c);
    venue.append(a, 10);
    venue.connect(a, b);
    venue.connect(a, c);
    venue.connect(b, c);
    venue.settle();
    for (int i = 0; i < 20; ++i) {
        venue.now += std::chrono::minutes{10};
        venue.append(a, 1);
        venue.settle();
    }
    CHECK(gate.journals.at({a, Epoch{1}}).records.size() == 30);
    CHECK(gate.duplicates == 0);
    CHECK(venue.at(c).duplicates == 0);
}

TEST_CASE("a head or a receipt that is told late, after a newer one of its journal, changes nothing") {
    Venue venue;
    auto& central = venue.add(central_node);
    auto& booth = venue.add(a);
    venue.append(central_node, 1);
    const auto older = booth.append(3);
    const auto newer = booth.append(2);
    for (const auto& told : {newer, older}) venue.told(a, told);
    CHECK(booth.replicator.held().at(booth.own()) == newer);
    venue.connect(a, central_node);
    venue.settle();
    CHECK(booth.own_heads.empty());
    CHECK(central.journals.at(booth.own()).records.size() == 5);

    venue.told(a, older);  // while it is connected
    venue.settle();
    REQUIRE(booth.replicator.held().at(booth.own()).receipt);
    CHECK(booth.replicator.held().at(booth.own()).receipt->seq == Seq{5});
    CHECK(booth.replicator.held().at(booth.own()).seq == Seq{5});
    CHECK(booth.own_heads.empty());
    CHECK(booth.hang_ups.empty());
    venue.append(a, 1);
    venue.settle();
    CHECK(central.journals.at(booth.own()).records.size() == 6);
}

TEST_CASE("a machine that finds more of its own journal elsewhere is told") {
    Venue venue;
    auto& central = venue.add(central_node);
    venue.add(a);
    venue.append(a, 10);
    venue.connect(a, central_node);
    venue.settle();
    Venue restored;
    auto& again = restored.add(a);
    auto& another = restored.add(central_node);
    another.journals = central.journals;
    restored.append(central_node, 1);
    for (const auto& [id, copy] : another.journals)
        (void)another.replicator.journals_grown({another.held(id)}, restored.now);
    restored.connect(a, central_node);
    restored.settle();
    REQUIRE_FALSE(again.own_heads.empty());
    CHECK(again.own_heads[0].seq == Seq{10});
    CHECK(again.journals.at(again.own()).records.empty());
}

TEST_CASE("an earlier epoch of its own is fetched back from others, and served on to who asks") {
    Venue before;
    auto& known = before.add(central_node);
    before.add(a);
    before.append(a, 1000);
    before.connect(a, central_node);
    before.settle();
    Venue after;
    ReplicationOptions fresh;
    fresh.epoch = Epoch{2};
    auto& booth = after.add(a, fresh);
    after.append(a, 3);
    auto& central = after.add(central_node);
    central.journals = known.journals;
    after.append(central_node, 1);
    for (const auto& [id, copy] : central.journals)
        (void)central.replicator.journals_grown({central.held(id)}, after.now);
    CHECK(!booth.replicator.furthest_beside(booth.own()));
    const auto first = after.connect(a, central_node);
    after.settle();
    const JournalId past{a, Epoch{1}};
    REQUIRE(booth.replicator.furthest_beside(booth.own()));
    CHECK(booth.replicator.furthest_beside(booth.own())->journal == past);
    CHECK(booth.replicator.furthest_beside(booth.own())->seq == Seq{1000});
    CHECK(booth.own_heads.empty());
    CHECK(booth.hang_ups.empty());
    REQUIRE(booth.journals.contains(past));
    CHECK(booth.journals.at(past).records == central.journals.at(past).records);
    CHECK(central.journals.at(booth.own()).records.size() == 3);
    // Its receipt, whenever the two speak next; and a peer that has neither gets both epochs from here.
    after.cut(first);
    after.connect(a, central_node);
    auto& gate = after.add(b);
    after.connect(b, a);
    after.settle();
    REQUIRE(booth.journals.at(past).receipt);
    CHECK(booth.journals.at(past).receipt->seq == Seq{1000});
    REQUIRE(gate.journals.contains(past));
    CHECK(gate.journals.at(past).records == booth.journals.at(past).records);
    CHECK(gate.journals.at(booth.own()).records.size() == 3);
    // It can be offered again like any other: only duplicates.
    after.resync(central_node, a, 5, past, Seq{1}, Seq{1000});
    after.settle();
    CHECK(central.resyncs.at(5).done);
    CHECK(central.resyncs.at(5).duplicate == 1000);
    CHECK(booth.hang_ups.empty());
}

TEST_CASE(
    "a machine is told of more of the epoch that it writes, and of a later one, though earlier ones are fetched") {
    for (const Epoch elsewhere : {Epoch{2}, Epoch{3}}) {
        Venue before;
        ReplicationOptions writing;
        writing.epoch = elsewhere;
        auto& known = before.add(central_node);
        before.add(a, writing);
        before.append(a, 10);
        before.connect(a, central_node);
        before.settle();
        Venue after;
        ReplicationOptions second;
        second.epoch = Epoch{2};
        auto& booth = after.add(a, second);
        auto& central = after.add(central_node);
        central.journals = known.journals;
        after.append(central_node, 1);
        for (const auto& [id, copy] : central.journals)
            (void)central.replicator.journals_grown({central.held(id)}, after.now);
        after.connect(a, central_node);
        after.settle();
        REQUIRE_FALSE(booth.own_heads.empty());
        CHECK(booth.own_heads[0].journal == JournalId{a, elsewhere});
        CHECK(booth.journals.at(booth.own()).records.empty());
        CHECK(booth.journals.size() == 2);
    }
}

TEST_CASE("links that come and go, broken frames and restarts lose nothing and double nothing") {
    std::uint64_t cuts = 0;
    std::uint64_t truncations = 0;
    std::uint64_t duplicates = 0;
    for (std::uint64_t seed = 1; seed <= 80; ++seed) {
        CAPTURE(seed);
        Venue venue{seed};
        const std::vector<NodeId> nodes{central_node, a, b, c};
        ReplicationOptions options;
        options.batch_records = 1 + static_cast<std::uint32_t>(seed % 50);
        options.credit = static_cast<std::uint16_t>(1 + seed % 5);
        for (const auto node : nodes) venue.add(node, options);
        for (int round = 0; round < 60; ++round) {
            const auto node = nodes[venue.chance() % nodes.size()];
            const auto another = nodes[venue.chance() % nodes.size()];
            switch (venue.chance() % 6) {
                case 0:
                case 1: venue.append(node, 1 + venue.chance() % 40, 10 + venue.chance() % 200); break;
                case 2:
                    if (node != another && node != central_node) venue.connect(node, another);
                    break;
                case 3: {
                    const auto links = venue.open_links();
                    if (links.empty()) break;
                    venue.cut(links[venue.chance() % links.size()]);
                    ++cuts;
                    break;
                }
                case 4: {
                    const auto links = venue.open_links();
                    if (!links.empty() && venue.chance() % 4 == 0) venue.truncate_next(links[0], node);
                    break;
                }
                default: venue.now += std::chrono::milliseconds{venue.chance() % 2000}; break;
            }
            for (auto steps = venue.chance() % 30; steps > 0 && venue.step(); --steps) {
            }
        }
        truncations += venue.truncated;
        for (const auto node : {a, b, c}) venue.connect(node, central_node);
        venue.connect(a, b);
        venue.connect(b, c);
        venue.connect(c, a);
        venue.settle();
        for (const auto node : nodes) {
            const auto own = venue.at(node).own();
            const auto& original = venue.at(node).journals.at(own);
            for (const auto holder : nodes) {
                if (original.records.empty()) continue;
                REQUIRE(venue.at(holder).journals.contains(own));
                CHECK(venue.at(holder).journals.at(own).records == original.records);
                CHECK_FALSE(venue.at(holder).journals.at(own).forked);
            }
            if (node == central_node || original.records.empty()) continue;
            REQUIRE(original.receipt);
            CHECK(original.receipt->seq == original.seq());
            CHECK(venue.at(node).forks.empty());
            CHECK(venue.at(node).own_heads.empty());
            duplicates += venue.at(node).duplicates;
        }
    }
    CHECK(cuts > 50);
    CHECK(truncations > 5);
    CHECK(duplicates > 0);
}

}  // namespace gatehouse::sync::testing
