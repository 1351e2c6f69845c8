#include "sync/central/presence.hpp"

#include <doctest/doctest.h>

namespace gatehouse::central {
namespace {

constexpr WallTime at(std::int64_t second) { return WallTime{second * 1'000'000}; }

TEST_CASE("the last contact with a node is when it was last heard, not when it came or was given up") {
    Presence presence;
    presence.came({NodeId{7}, NodeName{"gate-a"}, "gatehouse 1", "10.0.0.1:1", at(100)});
    CHECK(presence.last_contact().at(NodeId{7}) == at(100));
    presence.heard(NodeId{7}, at(160));
    CHECK(presence.last_contact().at(NodeId{7}) == at(160));
    presence.went(NodeId{7}, at(180));
    CHECK(presence.last_contact().at(NodeId{7}) == at(160));
}

TEST_CASE("a message that was under way when its node was given up makes it no later") {
    Presence presence;
    presence.came({NodeId{7}, NodeName{"gate-a"}, "gatehouse 1", "10.0.0.1:1", at(100)});
    presence.went(NodeId{7}, at(180));
    presence.heard(NodeId{7}, at(190));
    CHECK(presence.last_contact().at(NodeId{7}) == at(100));
}

}  // namespace
}  // namespace gatehouse::central
