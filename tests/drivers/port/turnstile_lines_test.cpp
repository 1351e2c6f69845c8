#include <doctest/doctest.h>

#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::VenueBench;

TEST_CASE("two turnstiles on one bus share its port; the one that is there works although the other is not") {
    VenueBench bench("[[turnstile]]\nname = \"turn-2\"\nlink = \"bus\"\nunit = 2\nwalk = \"stay\"");
    TurnstileLines lines(bench.io);
    std::array<std::vector<TurnstileEffect>, 2> heard;
    const auto add = [&](std::int64_t unit, std::vector<TurnstileEffect>* into) {
        const auto setup = make_turnstile(bench.at("modbus", "turn-2", {{"unit", unit}})).value();
        return lines.add(setup, {[into](const TurnstileEffect& effect) {
                                     if (into != nullptr) into->push_back(effect);
                                 },
                                 {}});
    };
    const auto absent = add(1, &heard[0]);
    const auto present = add(2, &heard[1]);
    REQUIRE(absent);
    REQUIRE(present);
    CHECK(add(2, nullptr).error().code == ErrorCode::config);
    (*present)->open(OpenId{1}, Direction::entry);  // before the link: refused at once
    REQUIRE(bench.until([&] { return !heard[0].empty() && heard[1].size() >= 3; }));
    CHECK(heard[0].front() == TurnstileEffect{ReportFault{TurnstileFault::no_answer}});
    CHECK(heard[1].back() == TurnstileEffect{ReportOnline{}});
    (*present)->open(OpenId{2}, Direction::entry);
    REQUIRE(bench.until([&] { return heard[1].back() == TurnstileEffect{ReportOpened{OpenId{2}}}; }));
    CHECK((*absent)->link().up);
}
