#include "edge/daemon/scan_timing.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace std::chrono_literals;

namespace {

Instant at_us(std::int64_t us) { return Instant{std::chrono::microseconds{us}}; }

std::optional<StageTime> stage(const ScanTiming& timing, std::string_view name, bool ahead) {
    for (auto& each : timing.times())
        if (each.stage == name && each.ahead == ahead) return each;
    return std::nullopt;
}

}  // namespace

TEST_CASE("a scan's time is booked stage by stage, and apart where it was spent ahead") {
    ScanTiming timing;
    timing.entered(true, {}, at_us(0));
    timing.passed(ScanStage::decode, at_us(5));
    timing.passed(ScanStage::look_up, at_us(45));
    timing.passed(ScanStage::verify, at_us(95));
    timing.left(at_us(96));
    timing.entered(false, at_us(1000), at_us(1002));
    timing.left(at_us(1012));
    timing.committed({at_us(1012), at_us(1015), at_us(1100)}, at_us(1110));
    timing.wrote(at_us(1110), at_us(1117));

    CHECK(stage(timing, "verify", true)->spent == Duration{50us});
    CHECK_FALSE(stage(timing, "judge", true));
    CHECK_FALSE(stage(timing, "verify", false));
    const std::pair<std::string_view, Duration> way[] = {{"read", 2us},   {"judge", 10us},   {"queue", 3us},
                                                         {"flush", 85us}, {"release", 10us}, {"write", 7us}};
    for (const auto& [name, spent] : way) {
        const auto found = stage(timing, name, false);
        REQUIRE(found);
        CHECK(found->spent == spent);
        CHECK(found->times == 1);
    }
}

TEST_CASE("what a scan over HTTP passes is not booked as a device's") {
    ScanTiming timing;
    timing.passed(ScanStage::verify, at_us(50));
    CHECK(timing.times().empty());
}
