#include "sync/replication/dial_session.hpp"

#include <doctest/doctest.h>

namespace gatehouse::sync::testing {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct DialRig {
    DialSession session{DialOptions{{"wss://one", "wss://two"}}};
    Instant now{};
    std::optional<Dial> tick() {
        now = session.deadline().value_or(now);
        return session.step(DialTicked{}, now);
    }
    void tell(const DialEvent& event) { CHECK_FALSE(session.step(event, now)); }
    Duration wait() const { return *session.deadline() - now; }
};

}  // namespace

TEST_CASE("the first attempt is spread, later ones wait a random part of a doubling back-off, capped") {
    DialRig rig;
    rig.tell(DialStarted{0.5});
    CHECK(rig.wait() == seconds{1});
    CHECK_FALSE(rig.session.step(DialTicked{}, rig.now));
    CHECK(rig.tick() == Dial{"wss://one"});
    CHECK_FALSE(rig.session.deadline());
    const std::vector<Duration> longest{milliseconds{500}, seconds{1},  seconds{2},  seconds{4}, seconds{8},
                                        seconds{16},       seconds{32}, seconds{60}, seconds{60}};
    for (const auto window : longest) {
        rig.tell(DialFailed{1.0, 0});
        CHECK(rig.wait() == window);
        (void)rig.tick();
    }
    rig.tell(DialFailed{0.25, 0});
    CHECK(rig.wait() == seconds{15});
}

TEST_CASE("several addresses are tried in turn") {
    DialRig rig;
    rig.tell(DialStarted{0});
    for (const auto* url : {"wss://one", "wss://two", "wss://one"}) {
        CHECK(rig.tick() == Dial{url});
        rig.tell(DialFailed{0, 0});
    }
}

TEST_CASE("other addresses are dialled from the next attempt on, however many there are") {
    DialRig rig;
    rig.tell(DialStarted{0});
    CHECK(rig.tick() == Dial{"wss://one"});
    rig.tell(DialFailed{0, 0});
    rig.session.set_urls({"wss://three"});
    for (const auto* url : {"wss://three", "wss://three"}) {
        CHECK(rig.tick() == Dial{url});
        rig.tell(DialFailed{0, 0});
    }
    rig.session.set_urls({"wss://four", "wss://five"});
    for (const auto* url : {"wss://four", "wss://five", "wss://four"}) {
        CHECK(rig.tick() == Dial{url});
        rig.tell(DialFailed{0, 0});
    }
}

TEST_CASE("the back-off starts over only after a connection that lasted") {
    DialRig rig;
    rig.tell(DialStarted{0});
    for (int i = 0; i < 5; ++i) {
        (void)rig.tick();
        rig.tell(DialFailed{1, 0});
    }
    (void)rig.tick();
    rig.tell(DialConnected{});
    CHECK(rig.session.is_up());
    rig.now += seconds{29};
    rig.tell(DialLinkEnded{1, 0, false});
    CHECK(rig.wait() == seconds{16});
    (void)rig.tick();
    rig.tell(DialConnected{});
    rig.now += seconds{30};
    rig.tell(DialLinkEnded{1, 0, false});
    CHECK(rig.wait() == milliseconds{500});
}

TEST_CASE("busy, retry after is obeyed, plus a random part of it") {
    DialRig rig;
    rig.tell(DialStarted{0});
    (void)rig.tick();
    rig.tell(DialFailed{0.5, 20});
    CHECK(rig.wait() == seconds{30});
}

TEST_CASE("busy from one who has not proved who it is counts up to the cap of the back-off") {
    DialRig rig;
    rig.tell(DialStarted{0});
    (void)rig.tick();
    rig.tell(DialFailed{0, 4'294'967'295});
    CHECK(rig.wait() == seconds{60});
    (void)rig.tick();
    rig.tell(DialConnected{});
    rig.tell(DialLinkEnded{0, 3600, false});
    CHECK(rig.wait() == seconds{3600});
}

TEST_CASE("a connection that lost to a better one is looked for again after the cap") {
    DialRig rig;
    rig.tell(DialStarted{0});
    (void)rig.tick();
    rig.tell(DialConnected{});
    rig.tell(DialLinkEnded{0.5, 0, true});
    CHECK(rig.wait() == seconds{90});
}

}  // namespace gatehouse::sync::testing
