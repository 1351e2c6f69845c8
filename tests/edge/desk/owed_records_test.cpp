// What the journal could not take when it happened, and when it is written after all.
#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

// A guest stands in the open barrier when the turnstile is lost.
RecordRef lose_turnstile(Gate& rig) {
    rig.step(read(foreign_code(1)));
    rig.sync();
    const auto opened = rig.take<OpenBarrier>();
    REQUIRE(opened.size() == 1);
    rig.step(TurnstileReported{turnstile, drivers::ReportOpened{opened[0].id}});
    rig.step(TurnstileReported{turnstile, drivers::ReportFault{drivers::TurnstileFault::link_down}});
    return rig.journal().back().ref();
}

}  // namespace

TEST_CASE("a device that came back is not recorded before it went") {
    Gate rig;
    const DeviceName scanner{"scan-1"};
    rig.step(DeviceReported{scanner, DeviceState::offline, "link_down"});
    rig.fail_append();
    rig.step(DeviceReported{scanner, DeviceState::online, {}});
    rig.tick(2s);
    rig.settle();
    const auto changes = rig.stored<DeviceChanged>();
    REQUIRE(changes.size() >= 2);
    CHECK(changes[changes.size() - 2] == DeviceChanged{scanner, DeviceState::offline, "link_down"});
    CHECK(changes.back() == DeviceChanged{scanner, DeviceState::online, {}});
}

TEST_CASE("a passage whose end is still to be written is resolved behind it") {
    Gate rig;
    const auto verdict = lose_turnstile(rig);
    rig.fail_append();
    (void)rig.must<DoneReply>("gate1", ResolvePassage{ClientId{"x"}, verdict, PassageOutcome::abandoned});
    rig.tick(2s);
    rig.settle();
    const auto passages = rig.stored<Passage>();
    REQUIRE(passages.size() == 2);
    CHECK(passages[0] == Passage{verdict, PassageOutcome::unknown, Evidence::device, 1, 0});
    CHECK(passages[1] == Passage{verdict, PassageOutcome::abandoned, Evidence::attendant, 1, 0});
}
