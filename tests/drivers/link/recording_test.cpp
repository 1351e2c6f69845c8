#include "drivers/link/recording.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;

TEST_CASE("a recording reads as it was written") {
    const std::string text =
        "gatehouse recording 1\ndevice: scan-1\ndriver: line\n\n0.000000 up\n1.000250 read 544b310d\n"
        "1.000251 wrote 06\n61.500000 down\n";
    const Recording recording{{{"device", "scan-1"}, {"driver", "line"}},
                              {{0us, PortMoment::up, {}},
                               {1'000'250us, PortMoment::read, bytes_of("TK1\r")},
                               {1'000'251us, PortMoment::wrote, {6}},
                               {61'500'000us, PortMoment::down, {}}}};
    const auto parsed = parse_recording(text);
    REQUIRE(parsed);
    CHECK(*parsed == recording);
    auto again = format_header(recording.header);
    for (const auto& moment : recording.moments) again += format_moment(moment);
    CHECK(again == text);
}

TEST_CASE("what is not a recording is refused with its line") {
    const auto fault = [](const std::string& rest) {
        const auto parsed = parse_recording("gatehouse recording 1\n" + rest);
        return parsed ? std::string("none") : parsed.error().detail;
    };
    CHECK(fault("\n") == "none");
    CHECK(parse_recording("").error().code == ErrorCode::invalid_body);
    CHECK(parse_recording("gatehouse recording 2\n\n").error().detail.starts_with("line 1: "));
    CHECK(fault("driver: line\n").starts_with("line 2: the header has no end"));
    CHECK(fault("driver line\n\n").starts_with("line 2: "));
    CHECK(fault("a: 1\na: 2\n\n").starts_with("line 3: repeats"));
    for (const char* line : {"up", "1 up", "1.5 up", "-1.000000 up", "0.000000 sideways", "0.000000 read",
                             "0.000000 read 1", "0.000000 read zz", "0.000000 up 00", "999999999999.000000 up"})
        CHECK(fault(std::string("\n") + line + "\n").starts_with("line 3: is not a moment"));
    CHECK(fault("\n2.000000 up\n1.000000 down\n").starts_with("line 4: is earlier"));
}
