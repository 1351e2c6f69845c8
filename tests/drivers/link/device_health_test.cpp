#include "drivers/link/device_health.hpp"

#include <doctest/doctest.h>

using namespace gatehouse::drivers;
using namespace std::chrono_literals;

TEST_CASE("answers fall into the bucket whose limit they keep") {
    AnswerTimes times;
    CHECK(times.at_most_ms(0.99) == 0);
    for (const auto took : {1ms, 2ms, 3ms, 50ms, 51ms, 9'000ms}) times.add(took);
    CHECK(times.count() == 6);
    CHECK(times.sum_us() == 9'107'000);
    CHECK(times.buckets()[0] == 1);
    CHECK(times.buckets()[1] == 1);
    CHECK(times.buckets()[2] == 1);
    CHECK(times.buckets()[5] == 1);
    CHECK(times.buckets()[6] == 1);
    CHECK(times.buckets().back() == 1);
    CHECK(times.at_most_ms(0.5) == 5);
    CHECK(times.at_most_ms(0.8) == 100);
    CHECK(times.at_most_ms(1.0) == 5'000);
}

TEST_CASE("counters count by what happened") {
    DeviceHealth health;
    health.count(DeviceCount::scans);
    health.count(DeviceCount::scans);
    CHECK(health.counted(DeviceCount::scans) == 2);
    CHECK(health.counted(DeviceCount::lost) == 0);
    CHECK(to_string(DeviceCount::prints) == "prints");
}
