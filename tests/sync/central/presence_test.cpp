#include "sync/central/presence.hpp"

#include <doctest/doctest.h>

#include "sync/ledger/ledger.hpp"

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

TEST_CASE("of a node that announces epochs for ever the newest are remembered, and none that a ledger cannot hold") {
    Presence presence;
    presence.heard_of({NodeId{6}, Epoch{1}}, Seq{5});
    presence.heard_of({NodeId{8}, Epoch{1}}, Seq{9});
    for (std::uint32_t epoch = 1; epoch <= ledger::largest_epoch + 9; ++epoch)
        presence.heard_of({NodeId{7}, Epoch{epoch}}, Seq{epoch});
    presence.heard_of({NodeId{7}, Epoch{3}}, Seq{99});
    presence.heard_of({NodeId{6}, Epoch{1}}, Seq{4});
    std::map<JournalId, Seq> wanted{{{NodeId{6}, Epoch{1}}, Seq{5}}, {{NodeId{8}, Epoch{1}}, Seq{9}}};
    for (std::uint32_t i = 0; i < announced_epochs; ++i)
        wanted[{NodeId{7}, Epoch{ledger::largest_epoch - i}}] = Seq{ledger::largest_epoch - i};
    CHECK((presence.announced() == wanted));
    CHECK(presence.remembers({NodeId{8}, Epoch{1}}));
    CHECK_FALSE(presence.remembers({NodeId{7}, Epoch{3}}));
}

}  // namespace
}  // namespace gatehouse::central
