#include "sync/central/venue_desk.hpp"

#include <doctest/doctest.h>

#include "sync/central/example_catalogue.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::central;

namespace {

const WallTime midnights[]{WallTime{1'800'000'000'000 - 1'800'000'000'000 % 60'000}};

Catalogue example() { return example_catalogue(midnights, "$argon2id$admin"); }

const std::vector<KnownNode> nodes{{NodeId{1}, NodeName{"booth"}, false}, {NodeId{2}, NodeName{"gate-a"}, true}};

LeaseGranted lease(std::uint32_t units, std::uint16_t node = 1) {
    return {NodeId{node}, SessionId{"show-1-am"}, units};
}

ErrorCode code_of(const auto& result) { return result ? ErrorCode::internal : result.error().code; }

}  // namespace

TEST_CASE("never more than capacity less the paper slice is granted") {
    const auto catalogue = example();  // 200, of them 20 for paper
    CHECK(grant_lease(catalogue, nodes, {}, lease(180)));
    const auto refused = grant_lease(catalogue, nodes, {150, 0}, lease(31));
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == fail(ErrorCode::no_units_left, Why::units_left, "{units} left", {{"units", "30"}}));
    CHECK(grant_lease(catalogue, nodes, {150, 0}, lease(30)));
    CHECK(grant_lease(catalogue, nodes, {180, 5}, lease(5)));
    CHECK_FALSE(grant_lease(catalogue, nodes, {180, 5}, lease(6)));
}

TEST_CASE("units left never pass the pool, whatever is said to have come back") {
    const Session session{SessionId{"s"}, ProductId{"p"}, {}, {}, 10, 4};
    CHECK(units_left(session, {0, 100}) == 6);
    CHECK(units_left(session, {100, 0}) == 0);
    CHECK(units_left({SessionId{"s"}, ProductId{"p"}, {}, {}, 4, 10}, {}) == 0);
}

TEST_CASE("a lease goes to a node that is enrolled and not revoked") {
    const auto catalogue = example();
    CHECK(code_of(grant_lease(catalogue, nodes, {}, lease(1, 2))) == ErrorCode::forbidden);
    CHECK(code_of(grant_lease(catalogue, nodes, {}, lease(1, 3))) == ErrorCode::not_found);
    CHECK(code_of(grant_lease(catalogue, nodes, {}, lease(0))) == ErrorCode::invalid_body);
    CHECK(code_of(grant_lease(catalogue, nodes, {}, {NodeId{1}, SessionId{"none"}, 1})) == ErrorCode::not_found);
}

TEST_CASE("an id stands for one lease: the same again is that lease, another is refused") {
    CHECK(*repeat_lease(lease(5), lease(5)) == lease(5));
    CHECK(repeat_lease(lease(5), lease(6)).error().code == ErrorCode::id_reused);
    CHECK(repeat_lease(lease(5), lease(5, 2)).error().code == ErrorCode::id_reused);
}

TEST_CASE("a catalogue is published on top of the version that was read, else it is a conflict") {
    const auto current = example();
    auto proposed = current;
    proposed.products[0].price = Minor{9'000};
    const auto next = publish_catalogue(current, proposed, 1, false, {});
    REQUIRE(next);
    CHECK(next->catalogue.version == 2);
    CHECK(next->catalogue.products[0].price == Minor{9'000});
    CHECK(code_of(publish_catalogue(current, proposed, 2, false, {})) == ErrorCode::version_conflict);
}

TEST_CASE("a publication whose answer was lost is known again; what somebody else published is not") {
    const auto former = example();
    auto proposed = former;
    proposed.products[0].price = Minor{9'000};
    proposed.operators[0].pin_hash.clear();  // pages never see it
    const auto current = publish_catalogue(former, proposed, 1, false, {})->catalogue;
    CHECK(is_in_force(current, proposed, 1));
    CHECK_FALSE(is_in_force(former, proposed, 1));   // it never came
    CHECK_FALSE(is_in_force(current, proposed, 2));  // another draft, on top of it
    auto other = proposed;
    other.products[0].price = Minor{8'500};
    CHECK_FALSE(is_in_force(current, other, 1));
    auto later = current;
    ++later.version;
    CHECK_FALSE(is_in_force(later, proposed, 1));
}

TEST_CASE("an operator that comes without a PIN keeps the one there is") {
    const auto current = example();
    auto proposed = current;
    proposed.operators[0].pin_hash.clear();
    const auto next = publish_catalogue(current, proposed, 1, false, {});
    REQUIRE(next);
    CHECK(next->catalogue.operators[0].pin_hash == "$argon2id$admin");
}

TEST_CASE("operators change only by an administrator, and one always remains") {
    const auto current = example();
    auto proposed = current;
    proposed.operators.push_back({OperatorName{"li"}, {Role::clerk}, ""});
    CHECK(code_of(publish_catalogue(current, proposed, 1, false, {})) == ErrorCode::forbidden);
    CHECK(publish_catalogue(current, proposed, 1, true, {}));
    proposed.operators.erase(proposed.operators.begin());
    CHECK(code_of(publish_catalogue(current, proposed, 1, true, {})) == ErrorCode::invalid_body);
}

TEST_CASE("a session is not cut below what has been granted of it") {
    const auto current = example();
    auto proposed = current;
    proposed.sessions[0].capacity = 100;
    const std::map<SessionId, PoolFacts> pools{{SessionId{"show-1-am"}, {81, 0}}};
    CHECK(code_of(publish_catalogue(current, proposed, 1, false, pools)) == ErrorCode::invalid_body);
    CHECK(publish_catalogue(current, proposed, 1, false, {{SessionId{"show-1-am"}, {80, 0}}}));
    proposed.sessions.erase(proposed.sessions.begin());
    CHECK(code_of(publish_catalogue(current, proposed, 1, false, pools)) == ErrorCode::invalid_body);
}

TEST_CASE("a session that is out by more than it has stands in the way of nothing but its own cut") {
    auto current = example();
    current.sessions[0].paper_slice = 0;
    current.sessions[0].capacity = 100;
    const std::map<SessionId, PoolFacts> pools{{SessionId{"show-1-am"}, {180, 0}}};
    auto proposed = current;
    proposed.products[0].price = Minor{9'000};
    CHECK(publish_catalogue(current, proposed, 1, false, pools));
    proposed.sessions[0].capacity = 120;
    CHECK(publish_catalogue(current, proposed, 1, false, pools));
    proposed.sessions[0].capacity = 99;
    CHECK(code_of(publish_catalogue(current, proposed, 1, false, pools)) == ErrorCode::invalid_body);
}

TEST_CASE("an enrolment token is for one free name and fifteen minutes") {
    const WallTime now{1'000'000};
    const auto issued = issue_token(nodes, NodeName{"gate-b"}, Hash{7}, now);
    REQUIRE(issued);
    CHECK(issued->expires.value == now.value + 15 * 60'000);
    CHECK(code_of(issue_token(nodes, NodeName{"booth"}, {}, now)) == ErrorCode::id_reused);
    CHECK(code_of(issue_token(nodes, NodeName{"central"}, {}, now)) == ErrorCode::id_reused);
    CHECK(issue_token(nodes, NodeName{"gate-a"}, {}, now));
    CHECK(code_of(issue_token(nodes, NodeName{"Gate"}, {}, now)) == ErrorCode::invalid_body);

    TokenFacts token{*issued, false};
    CHECK(redeem_token(&token, now).value() == NodeName{"gate-b"});
    CHECK(code_of(redeem_token(&token, issued->expires)) == ErrorCode::unauthenticated);
    token.used = true;
    CHECK(code_of(redeem_token(&token, now)) == ErrorCode::unauthenticated);
    CHECK(code_of(redeem_token(nullptr, now)) == ErrorCode::unauthenticated);
}

TEST_CASE("node numbers are never reused and end at 65,535") {
    CHECK(next_node({}).value() == NodeId{1});
    CHECK(next_node(nodes).value() == NodeId{3});
    const std::vector<KnownNode> full{{NodeId{65'535}, NodeName{"last"}, true}};
    CHECK(code_of(next_node(full)) == ErrorCode::too_large);
}

TEST_CASE("revocations, resyncs and resolutions name what exists, and say why") {
    CHECK(revoke_node(nodes, {NodeId{1}, Epoch{1}, Seq{0}, "stolen"}));
    CHECK(code_of(revoke_node(nodes, {NodeId{9}, Epoch{1}, Seq{0}, "stolen"})) == ErrorCode::not_found);
    CHECK(code_of(revoke_node(nodes, {NodeId{1}, Epoch{0}, Seq{0}, "stolen"})) == ErrorCode::invalid_body);
    CHECK(code_of(revoke_node(nodes, {NodeId{1}, Epoch{1}, Seq{0}, ""})) == ErrorCode::invalid_body);
    CHECK(revoke_ticket({*parse_ticket_id("1-1-5-1"), "lost"}));
    CHECK(code_of(revoke_ticket({*parse_ticket_id("1-1-5-0"), "lost"})) == ErrorCode::invalid_body);
    CHECK(request_resync(nodes, {NodeId{1}, Epoch{1}, Seq{1}, Seq{9}}));
    CHECK(code_of(request_resync(nodes, {NodeId{1}, Epoch{1}, Seq{9}, Seq{1}})) == ErrorCode::invalid_body);
    CHECK(resolve_conflict({"c", "accepted", "seen on camera"}));
    CHECK(code_of(resolve_conflict({"c", "", "seen"})) == ErrorCode::invalid_body);
    CHECK(code_of(resolve_conflict({"c", "accepted", ""})) == ErrorCode::invalid_body);
    CHECK(code_of(resolve_conflict({"c", "assigned", "li"})) == ErrorCode::invalid_body);
}
