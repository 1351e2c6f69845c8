// A clock that nobody believes: after a power cut it may say 1970, or years ahead. The day that was goes on.
#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

// The power fails, and the machine starts with that time.
void start_at(Gate& rig, WallTime wall) {
    rig.clock.quality = ClockQuality::holdover;
    rig.clock.wall = wall;
    rig.clock.boot = BootId{2};
    rig.restart();
    rig.step(PeersChanged{{NodeId{9}}});
}

}  // namespace

TEST_CASE("a group that is half inside goes on going in while the clock is not believed") {
    for (const auto wall : {WallTime{1000}, WallTime{rig_noon.value + 60 * day_ms}}) {
        Gate rig;
        CHECK(rig.scan("lane-2", foreign_code(1, 5), 2).persons == 2);
        start_at(rig, wall);
        const auto rest = rig.scan("lane-2", foreign_code(1, 5));
        CHECK(rest.decision == Decision::admit);
        CHECK(rest.persons == 3);
        CHECK(rest.notes == std::vector{Note::group, Note::clock_suspect});
        CHECK(rig.journal().back().header.clock == ClockQuality::suspect);
        CHECK(rig.journal().back().header.wall == wall);
        CHECK(rig.journal().back().header.business_date == Date{20'000});
        CHECK(rig.desk->status(rig.clock).business_date == Date{20'000});
        CHECK(rig.desk->status(rig.clock).lanes[1].admitted_today == 5);
        CHECK(rig.scan("lane-2", foreign_code(1, 5)).reason == Reason::already_used);
    }
}

TEST_CASE("a passage that nobody knows the end of is listed while the clock is not believed") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.sync();
    start_at(rig, WallTime{1000});
    rig.settle();
    CHECK(rig.reader->unknown_passages(NodeId{7}, rig.desk->status(rig.clock).business_date).size() == 1);
}

TEST_CASE("what a suspect clock dated is dated anew when the time is known, and what follows by that time") {
    Gate rig;
    start_at(rig, WallTime{1000});
    CHECK(rig.scan("lane-2", foreign_code(1)).decision == Decision::admit);
    CHECK(rig.reader->admitted(NodeId{7}, Date{20'000}).at(LaneName{"lane-2"}) == 1);
    rig.tick(60s);
    rig.step(TrustedTimeLearned{rig_noon.value + day_ms});
    rig.settle();
    CHECK(rig.stored<ClockCorrected>().size() == 1);
    CHECK(rig.reader->admitted(NodeId{7}, Date{20'001}).at(LaneName{"lane-2"}) == 1);
    CHECK(rig.journal().back().header.business_date == Date{20'001});
    CHECK(rig.desk->status(rig.clock).business_date == Date{20'001});
}

TEST_CASE("a correction of the clock that found no room says when the boot began as it is written after all") {
    Gate rig;
    start_at(rig, WallTime{1000});
    rig.step(TrustedTimeLearned{rig_noon.value});
    REQUIRE(rig.pending.size() == 1);
    const auto began = ledger::boot_began(*rig.pending[0]);
    REQUIRE(began);
    rig.fail_append();
    rig.tick(2s);
    rig.settle();
    CHECK(rig.stored<ClockCorrected>().size() == 1);
    CHECK(ledger::boot_began(rig.journal().back()) == began);
}

TEST_CASE("who came in while the clock was suspect is among those of the day that it turned out to be") {
    Gate rig;
    start_at(rig, WallTime{1000});
    CHECK(rig.scan("lane-2", foreign_code(1)).decision == Decision::admit);
    rig.clock.wall = WallTime{rig_noon.value + day_ms};
    rig.clock.quality = ClockQuality::synced;
    rig.tick(1s);
    rig.settle();
    const auto status = rig.desk->status(rig.clock);
    CHECK(status.business_date == Date{20'001});
    CHECK(status.lanes[1].admitted_today == 1);
}

TEST_CASE("before the journal opens the date is the wall clock's, however long ago the software was built") {
    Gate rig;
    rig.clock.quality = ClockQuality::holdover;
    rig.clock.wall.value += 60 * day_ms;
    const Desk fresh{rig.options, *rig.reader};
    CHECK(fresh.status(rig.clock).business_date == Date{20'060});
}
