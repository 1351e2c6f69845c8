#include "sync/central/completeness.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::central;

namespace {

constexpr Date today{20'000};
const auto calendar = VenueCalendar::utc();

ExpectedNode node(bool connected = false) {
    ExpectedNode n;
    n.node = NodeId{1};
    n.name = NodeName{"booth"};
    n.connected = connected;
    return n;
}

ledger::JournalCompleteness journal(std::uint64_t received, std::uint64_t known, Date last_day, bool has_date = true) {
    const WallTime last{last_day.value * 86'400'000LL + 1};
    return {{NodeId{1}, Epoch{1}}, NodeName{"booth"}, Seq{known}, Seq{received}, last, last, has_date};
}

Completeness judge(const ExpectedNode& n, const std::vector<ledger::JournalCompleteness>& journals) {
    const ExpectedNode nodes[]{n};
    return judge_completeness(today, calendar, nodes, journals);
}

}  // namespace

TEST_CASE("a node whose journal goes on after the date is complete for it") {
    CHECK(judge(node(), {journal(9, 9, Date{20'001})}).is_complete());
    CHECK_FALSE(judge(node(), {journal(9, 9, today)}).is_complete());
}

TEST_CASE("a record of a clock that was ahead does not make a date complete") {
    auto wrong = journal(9, 9, Date{20'365});
    wrong.last_trusted = WallTime{today.value * 86'400'000LL + 1};
    CHECK_FALSE(judge(node(), {wrong}).is_complete());
    CHECK(judge(node(true), {wrong}).is_complete());
}

TEST_CASE("a node that is connected and has sent all it has is complete so far") {
    CHECK(judge(node(true), {journal(9, 9, today)}).is_complete());
    auto ahead = node(true);
    ahead.announced[{NodeId{1}, Epoch{1}}] = Seq{12};
    const auto state = judge(ahead, {journal(9, 9, today)});
    CHECK_FALSE(state.is_complete());
    CHECK(state.nodes[0].missing_records == 3);
    CHECK(state.nodes[0].known == Seq{12});
}

TEST_CASE("a signed head beyond what is held makes a node incomplete, with its last known time") {
    const auto state = judge(node(), {journal(5, 9, Date{20'001})});
    REQUIRE(state.nodes.size() == 1);
    CHECK_FALSE(state.nodes[0].complete);
    CHECK(state.nodes[0].missing_records == 4);
    CHECK(state.nodes[0].last_known == WallTime{20'001 * 86'400'000LL + 1});
}

TEST_CASE("a new epoch that was only announced is missing whole") {
    auto restored = node(true);
    restored.announced[{NodeId{1}, Epoch{2}}] = Seq{4};
    const auto state = judge(restored, {journal(9, 9, Date{20'001})});
    CHECK(state.nodes[0].missing_records == 4);
    CHECK(state.nodes[0].epoch == Epoch{2});
}

TEST_CASE("who is expected: nodes enrolled before the date ended, and revoked ones that worked on it") {
    auto later = node();
    later.enrolled = WallTime{20'001 * 86'400'000LL};
    CHECK(judge(later, {}).nodes.empty());
    CHECK_FALSE(judge(node(), {}).is_complete());
    CHECK(judge(node(), {}).nodes[0].epoch == Epoch{0});
    auto revoked = node();
    revoked.revoked = true;
    CHECK(judge(revoked, {journal(9, 9, today, false)}).nodes.empty());
    CHECK(judge(revoked, {journal(9, 9, today, true)}).nodes.size() == 1);
}
