#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;

namespace {

Scan scan_of(const char* id, std::string code) {
    return {ClientId{id}, LaneName{"lane-2"}, std::move(code), {}, {}, {}, false};
}

}  // namespace

TEST_CASE("the same id for a scan of other persons or another direction is another command's") {
    DeskRig rig;
    rig.open_shift();
    auto scan = scan_of("h-1", rig.sell("family").tickets.at(0).code);
    scan.persons = 2;
    const auto first = rig.must<ScanReply>("gate1", scan);
    REQUIRE(first.decision == Decision::admit);
    const auto refused = [&](const auto& change) {
        auto other = scan;
        change(other);
        CHECK(rig.refused("gate1", other) == ErrorCode::id_reused);
    };
    refused([](Scan& other) { other.persons = 3; });
    refused([](Scan& other) { other.direction = Direction::exit; });
    rig.restart();
    refused([](Scan& other) { other.persons = 1; });
    CHECK(rig.must<ScanReply>("gate1", scan).verdict == first.verdict);
    scan.direction = Direction::entry;  // which the lane says anyway
    CHECK(rig.must<ScanReply>("gate1", scan).verdict == first.verdict);
    CHECK(rig.stored<Verdict>().size() == 1);
}

TEST_CASE("the same id for a scan with fewer companions than came along is another command's") {
    DeskRig rig;
    rig.open_shift();
    auto scan = scan_of("h-1", rig.sell("adult").tickets.at(0).code);
    scan.companions = 1;
    const auto first = rig.must<ScanReply>("gate1", scan);
    REQUIRE(first.companions == 1);
    CHECK(rig.must<ScanReply>("gate1", scan).verdict == first.verdict);
    scan.companions.reset();
    CHECK(rig.refused("gate1", scan) == ErrorCode::id_reused);
    CHECK(rig.stored<Verdict>().size() == 1);
}

TEST_CASE("a refused scan has no persons on record: the same id is answered as before") {
    DeskRig rig;
    auto scan = scan_of("h-1", "no ticket");
    scan.persons = 2;
    scan.companions = 1;
    const auto first = rig.must<ScanReply>("gate1", scan);
    REQUIRE(first.decision == Decision::refuse);
    CHECK(rig.must<ScanReply>("gate1", scan).verdict == first.verdict);
    CHECK(rig.stored<Verdict>().size() == 1);
}
