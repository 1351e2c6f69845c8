// When a gate takes itself for isolated, and what its verdicts say then.
#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using gatehouse::test::foreign_code;

namespace {

// A gate in a venue with booth 9.
struct Rig : DeskRig {
    Rig() {
        central(NodeEnrolled{NodeId{9}, NodeName{"booth-9"}, test::rig_certificate(9, "booth-9")});
        store_foreign();
    }
    // Central publishes what gates do with tickets for adults while they are isolated.
    void publish(IsolatedPolicy policy) {
        auto catalogue = test::rig_catalogue();
        catalogue.version = ++version;
        catalogue.products[0].isolated = policy;
        central(CataloguePublished{catalogue});
        store_foreign();
    }
    std::uint64_t version = 1;
};

}  // namespace

TEST_CASE("a node that hears nobody says unconfirmed; one that is alone in its venue does not") {
    DeskRig alone;
    alone.open_shift();
    CHECK(alone.scan("lane-2", alone.sell("adult").tickets[0].code).notes.empty());
    Rig rig;
    rig.step(PeersChanged{{}});
    CHECK(rig.scan("lane-2", foreign_code(1)).notes == std::vector{Note::unconfirmed});
    rig.step(PeersChanged{{central_node}});
    CHECK(rig.scan("lane-2", foreign_code(2)).notes.empty());
}

TEST_CASE(
    "where the venue splits, a gate without central and without one of the others keeps to each product's policy") {
    Rig rig;
    rig.central(NodeEnrolled{NodeId{8}, NodeName{"gate-8"}, test::rig_certificate(8, "gate-8")});
    rig.step(PeersChanged{{NodeId{9}}});
    CHECK(rig.desk->status(rig.clock).isolated);
    CHECK(rig.scan("lane-2", foreign_code(1)).notes == std::vector{Note::unconfirmed});
    rig.publish(IsolatedPolicy::refuse);
    CHECK(rig.scan("lane-2", foreign_code(2)).reason == Reason::policy_isolated);
    rig.publish(IsolatedPolicy::ask);
    const auto asked = rig.scan("lane-2", foreign_code(2));
    CHECK(asked.reason == Reason::policy_isolated);
    CHECK(asked.hint == "ask");
    const Scan by_name{ClientId{"l"}, LaneName{"lane-2"}, foreign_code(2), {}, {}, {}, true};
    CHECK(rig.must<ScanReply>("gate1", by_name).notes == std::vector{Note::unconfirmed});
    rig.publish(IsolatedPolicy::refuse);
    rig.step(PeersChanged{{NodeId{8}, NodeId{9}}});
    CHECK(rig.scan("lane-2", foreign_code(3)).notes.empty());
    rig.step(PeersChanged{{}});
    CHECK(rig.scan("lane-2", foreign_code(4)).reason == Reason::policy_isolated);
    rig.step(PeersChanged{{central_node}});
    CHECK(rig.scan("lane-2", foreign_code(4)).notes.empty());
}

TEST_CASE("a gate is not isolated by a revoked node, also when that one's records or a restart come after") {
    Rig rig;
    rig.central(NodeEnrolled{NodeId{8}, NodeName{"gate-8"}, test::rig_certificate(8, "gate-8")});
    rig.step(PeersChanged{{NodeId{9}}});
    CHECK(rig.desk->status(rig.clock).isolated);
    rig.central(NodeRevoked{NodeId{8}, Epoch{1}, Seq{1}, "sold"});
    CHECK_FALSE(rig.desk->status(rig.clock).isolated);
    rig.other(8, EpochOpened{test::rig_certificate(8, "gate-8"), {}, {}, {}, "test"});
    CHECK_FALSE(rig.desk->status(rig.clock).isolated);
    rig.store_foreign();
    rig.restart();
    CHECK(rig.desk->status(rig.clock).isolated);
    rig.step(PeersChanged{{NodeId{9}}});
    CHECK_FALSE(rig.desk->status(rig.clock).isolated);
}
