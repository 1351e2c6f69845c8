#include "edge/daemon/node_options.hpp"

#include <doctest/doctest.h>

#include "tests/edge/daemon/test_venue.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace std::chrono_literals;

TEST_CASE("each lane has the time to pass of its own turnstile, also where that is not written") {
    test::TestVenue venue;
    auto settings = venue.add_node("gate");
    const auto identity = load_identity(settings.data_dir);
    REQUIRE(identity.has_value());
    settings.buses.push_back({"rs485", "modbus", {{"port", std::string{"/dev/ttyUSB0"}, {}}}, {}});
    const Setting bus{"bus", std::string{"rs485"}, {}};
    settings.devices.push_back({DeviceName{"turn-1"},
                                "modbus",
                                {bus, {"unit", std::int64_t{1}, {}}, {"pass_ms", std::int64_t{2'000}, {}}},
                                {}});
    settings.devices.push_back({DeviceName{"turn-2"}, "modbus", {bus, {"unit", std::int64_t{2}, {}}}, {}});
    auto lane = settings.lanes.front();
    settings.lanes.clear();
    for (const char* turnstile : {"turn-1", "turn-2"}) {
        lane.name = LaneName{std::string{"lane-of-"} + turnstile};
        lane.turnstile = DeviceName{turnstile};
        settings.lanes.push_back(lane);
    }
    lane.name = LaneName{"lane-without"};
    lane.turnstile.reset();
    settings.lanes.push_back(lane);

    const auto options = desk_options(settings, *identity, VenueCalendar::utc(), Epoch{1});
    REQUIRE(options.lanes.size() == 3);
    CHECK(options.lanes[0].pass == Duration{2s});
    CHECK(options.lanes[1].pass == Duration{5s});
    CHECK_FALSE(options.lanes[2].pass);
}
