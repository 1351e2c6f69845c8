#include "sync/central/lockout.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::central;
using std::chrono::seconds;

namespace {

Clock at(seconds since_boot, BootId boot = {1}) { return {Instant{since_boot}, WallTime{0}, boot, {}}; }

ledger::LoginFacts failed(std::uint32_t failures, seconds last) {
    ledger::LoginFacts facts;
    facts.failures = failures;
    facts.last_boot = {1};
    facts.last_boot_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds{last}.count());
    return facts;
}

}  // namespace

TEST_CASE("three wrong PINs cost nothing, then the wait doubles up to a quarter of an hour") {
    CHECK(lockout_left(failed(2, seconds{100}), at(seconds{100})) == seconds{0});
    CHECK(lockout_left(failed(3, seconds{100}), at(seconds{100})) == seconds{2});
    CHECK(lockout_left(failed(4, seconds{100}), at(seconds{100})) == seconds{4});
    CHECK(lockout_left(failed(11, seconds{100}), at(seconds{100})) == seconds{512});
    CHECK(lockout_left(failed(4'000'000, seconds{100}), at(seconds{100})) == seconds{900});
}

TEST_CASE("the wait ends by itself") {
    CHECK(lockout_left(failed(5, seconds{100}), at(seconds{103})) == seconds{5});
    CHECK(lockout_left(failed(5, seconds{100}), at(seconds{108})) == seconds{0});
}

TEST_CASE("after a restart of the machine only the time since then has passed") {
    CHECK(lockout_left(failed(8, seconds{100}), at(seconds{20}, {2})) == seconds{44});
    CHECK(lockout_left(failed(8, seconds{100}), at(seconds{64}, {2})) == seconds{0});
}
