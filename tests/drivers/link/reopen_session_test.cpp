#include "drivers/link/reopen_session.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;

namespace {
using Effects = std::vector<ReopenEffect>;
const Effects opens{ReopenEffect::open_port};
}  // namespace

TEST_CASE("The first opening is at once, the next after a pause that doubles up to its limit.") {
    ReopenSession session;
    CHECK(session.step(ReopenStarted{}, at_ms(0)) == opens);
    std::int64_t now = 0;
    for (const std::int64_t pause : {50, 100, 200, 400, 800, 1'600, 2'000, 2'000}) {
        CHECK(session.step(PortClosed{}, at_ms(now)).empty());
        CHECK(session.deadline() == at_ms(now + pause));
        CHECK(session.step(ReopenTicked{}, at_ms(now + pause - 1)).empty());
        now += pause;
        CHECK(session.step(ReopenTicked{}, at_ms(now)) == opens);
    }
}

TEST_CASE("A link that held for a while starts again with the shortest pause.") {
    ReopenSession session;
    (void)session.step(ReopenStarted{}, at_ms(0));
    (void)session.step(PortClosed{}, at_ms(0));
    (void)session.step(ReopenTicked{}, at_ms(50));
    (void)session.step(PortOpened{}, at_ms(51));
    CHECK(session.deadline() == std::nullopt);
    (void)session.step(PortClosed{}, at_ms(2'000));
    CHECK(session.deadline() == at_ms(2'100));
    (void)session.step(ReopenTicked{}, at_ms(2'100));
    (void)session.step(PortOpened{}, at_ms(2'101));
    (void)session.step(PortClosed{}, at_ms(7'101));
    CHECK(session.deadline() == at_ms(7'151));
}

TEST_CASE("At most one opening is under way.") {
    ReopenSession session;
    CHECK(session.step(ReopenStarted{}, at_ms(0)) == opens);
    CHECK(session.step(ReopenStarted{}, at_ms(1)).empty());
    CHECK(session.step(ReopenTicked{}, at_ms(10'000)).empty());
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("hanging up closes and opens again; a closed port has nothing to close") {
    ReopenSession session;
    (void)session.step(ReopenStarted{}, at_ms(0));
    (void)session.step(PortOpened{}, at_ms(1));
    CHECK(session.step(HangUpRequested{}, at_ms(2)) == Effects{ReopenEffect::close_port});
    CHECK(session.step(HangUpRequested{}, at_ms(3)).empty());
    CHECK(session.step(ReopenTicked{}, at_ms(52)) == opens);
}

TEST_CASE("When something is plugged in, it is tried at once, and the pauses begin again with the shortest.") {
    ReopenSession session;
    CHECK(session.step(DeviceAppeared{}, at_ms(0)).empty());
    (void)session.step(ReopenStarted{}, at_ms(0));
    CHECK(session.step(DeviceAppeared{}, at_ms(1)).empty());
    for (std::int64_t now = 10'000; now < 50'000; now += 10'000) {
        (void)session.step(PortClosed{}, at_ms(now));
        (void)session.step(ReopenTicked{}, at_ms(now + 5'000));
    }
    (void)session.step(PortClosed{}, at_ms(50'000));
    CHECK(session.step(DeviceAppeared{}, at_ms(50'001)) == opens);
    (void)session.step(PortClosed{}, at_ms(50'002));
    CHECK(session.deadline() == at_ms(50'052));
    (void)session.step(ReopenTicked{}, at_ms(50'052));
    (void)session.step(PortOpened{}, at_ms(50'053));
    CHECK(session.step(DeviceAppeared{}, at_ms(50'054)).empty());
}
