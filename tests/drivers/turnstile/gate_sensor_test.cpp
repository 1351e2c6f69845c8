#include "drivers/turnstile/gate_sensor.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;

TEST_CASE("The first look counts nothing, whatever it shows.") {
    GateSensor sensor;
    CHECK_FALSE(sensor.look(true, at_ms(0)));
    CHECK_FALSE(sensor.look(true, at_ms(50)));
    CHECK_FALSE(sensor.look(false, at_ms(100)));
    CHECK(sensor.look(true, at_ms(300)));
    sensor.forget();
    CHECK_FALSE(sensor.look(true, at_ms(350)));
}

TEST_CASE("A sensor that flutters is one passage.") {
    GateSensor sensor;
    CHECK_FALSE(sensor.look(false, at_ms(0)));
    CHECK(sensor.look(true, at_ms(50)));
    CHECK_FALSE(sensor.look(false, at_ms(60)));
    CHECK_FALSE(sensor.look(true, at_ms(70)));
    CHECK_FALSE(sensor.look(false, at_ms(80)));
    CHECK_FALSE(sensor.look(true, at_ms(179)));
    CHECK_FALSE(sensor.look(false, at_ms(200)));
    CHECK(sensor.look(true, at_ms(300)));
}

TEST_CASE("A sensor that stays active is one passage, then stuck.") {
    GateSensor sensor({.debounce = std::chrono::milliseconds(100), .stuck = std::chrono::seconds(1)});
    (void)sensor.look(false, at_ms(0));
    CHECK(sensor.look(true, at_ms(10)));
    CHECK_FALSE(sensor.look(true, at_ms(1'009)));
    CHECK_FALSE(sensor.is_stuck());
    CHECK_FALSE(sensor.look(true, at_ms(1'010)));
    CHECK(sensor.is_stuck());
    CHECK_FALSE(sensor.look(false, at_ms(2'000)));
    CHECK_FALSE(sensor.is_stuck());
}
