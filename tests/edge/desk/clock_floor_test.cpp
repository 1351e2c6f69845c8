#include "edge/desk/clock_floor.hpp"

#include <doctest/doctest.h>

#include "edge/desk/login_guard.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr WallTime built{1'000'000 * hour};

Clock at(std::int64_t wall_ms, Duration since_boot = 10s, ClockQuality quality = ClockQuality::holdover) {
    return {Instant{since_boot}, WallTime{wall_ms}, BootId{1}, quality};
}

}  // namespace

TEST_CASE("behind the floor, or more than 36 hours beyond it, a clock is suspect") {
    const ClockFloor floor{built};
    CHECK(floor.judge(at(built.value - 1)) == ClockQuality::suspect);
    CHECK(floor.judge(at(built.value)) == ClockQuality::holdover);
    CHECK(floor.judge(at(built.value + 36 * hour)) == ClockQuality::holdover);
    CHECK(floor.judge(at(built.value + 36 * hour + 1)) == ClockQuality::suspect);
}

TEST_CASE("a kernel that is synchronised is believed, and raises the floor as far as it says") {
    ClockFloor floor{built};
    const auto later = at(built.value + 9000 * hour, 10s, ClockQuality::synced);
    CHECK(floor.judge(later) == ClockQuality::synced);
    floor.wrote(later, ClockQuality::synced);
    CHECK(floor.judge(at(built.value + 8999 * hour)) == ClockQuality::suspect);
}

TEST_CASE("a suspect record does not raise the floor") {
    ClockFloor floor{built};
    floor.wrote(at(built.value + 9000 * hour), ClockQuality::suspect);
    CHECK(floor.floor() == built);
}

TEST_CASE("central's agreement makes a clock synced for a day, and not one that is set afterwards") {
    ClockFloor floor{built};
    floor.central_agrees(500, at(built.value + hour));
    CHECK(floor.judge(at(built.value + 2 * hour, 10s + 1h)) == ClockQuality::synced);
    CHECK(floor.judge(at(built.value + 26 * hour, 10s + 25h)) == ClockQuality::holdover);
    CHECK(floor.judge(at(built.value + 90 * hour, 10s + 1h)) == ClockQuality::suspect);
}

TEST_CASE("the records of a boot are corrected once, by what was found out later") {
    ClockFloor floor{built};
    floor.wrote(at(1000, 10s), ClockQuality::suspect);
    CHECK_FALSE(floor.correction(at(61'000, 70s)));
    floor.central_agrees(built.value, at(61'000, 70s));
    CHECK(floor.correction(at(62'000, 71s)) ==
          ClockFloor::Correction{built.value, WallTime{built.value - 9000}, WallTime{built.value + 1000}});
    floor.corrected();
    CHECK_FALSE(floor.correction(at(62'000, 71s)));
}

TEST_CASE("a clock that the kernel set right tells how wrong it was before") {
    ClockFloor floor{built};
    floor.wrote(at(1000, 10s), ClockQuality::suspect);
    CHECK(floor.correction(at(built.value + 60'000, 70s, ClockQuality::synced)) ==
          ClockFloor::Correction{built.value - 1000, WallTime{built.value - 10'000}, built});
}

TEST_CASE(
    "what a former run of the same boot wrote is corrected, also where this run's clock is right from the start") {
    ClockFloor floor{built};
    floor.wrote_before(WallTime{1000}, Instant{10s});
    CHECK(floor.correction(at(built.value + 60'000, 70s, ClockQuality::synced)) ==
          ClockFloor::Correction{built.value - 1000, WallTime{built.value - 10'000}, built});
}

TEST_CASE("three wrong PINs are free, then the wait doubles from two seconds to a quarter of an hour") {
    CHECK(back_off(2) == 0s);
    CHECK(back_off(3) == 2s);
    CHECK(back_off(4) == 4s);
    CHECK(back_off(11) == 512s);
    CHECK(back_off(12) == 15min);
    CHECK(back_off(4'000'000'000U) == 15min);
}

TEST_CASE("a restart of the machine begins the wait anew") {
    ledger::LoginFacts facts;
    facts.failures = 5;
    facts.last_boot = BootId{1};
    facts.last_boot_ns = 100'000'000'000;
    CHECK(wait_left(facts, at(0, 101s)) == 7s);
    CHECK(wait_left(facts, at(0, 108s)) == 0s);
    facts.last_boot = BootId{2};
    CHECK(wait_left(facts, at(0, 3s)) == 5s);
    CHECK(wait_left(facts, at(0, 8s)) == 0s);
}
