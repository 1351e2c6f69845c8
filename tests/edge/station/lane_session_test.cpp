#include "edge/station/lane_session.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace std::chrono_literals;

namespace {

ScanRequest scan_of(const char* text, std::optional<std::uint64_t> token = std::nullopt) {
    ScanRequest scan;
    scan.text = text;
    scan.code = digest_of(text);
    scan.token = token;
    return scan;
}

constexpr RecordRef verdict_a{NodeId{3}, Epoch{1}, Seq{10}};
constexpr RecordRef verdict_b{NodeId{3}, Epoch{1}, Seq{20}};

Passage passage(RecordRef verdict, PassageOutcome outcome, Evidence evidence, std::uint16_t persons,
                std::uint16_t companions = 0) {
    return {verdict, outcome, evidence, persons, companions};
}

// A lane with a turnstile that is online, and the moment it is.
struct LaneScene {
    LaneSession lane{LaneSetup{Direction::entry, true, 1, {}}};
    Instant now{100s};

    LaneScene() { (void)lane.step(TurnstileOnline{}, now); }
    LaneEffects step(const LaneEvent& event) { return lane.step(event, now); }
    LaneEffects grant(const char* code, RecordRef verdict, std::uint16_t persons = 1, std::uint16_t companions = 0) {
        CHECK(step(ScanArrived{scan_of(code)}) == LaneEffects{JudgeScan{scan_of(code)}});
        return step(Granted{verdict, digest_of(code), Direction::entry, persons, companions});
    }
    void open(const char* code, RecordRef verdict, std::uint64_t id, std::uint16_t persons = 1) {
        (void)grant(code, verdict, persons);
        CHECK(step(GrantSynced{verdict}) == LaneEffects{SendOpen{drivers::OpenId{id}, Direction::entry}, ShowPhase{}});
        CHECK(step(Opened{drivers::OpenId{id}}) == LaneEffects{ShowPhase{}});
        CHECK(lane.phase() == LanePhase::open);
    }
    // And a ticket is granted at once.
    void hold_open_and_release(CountCause cause) {
        const auto mode = cause == CountCause::free_mode ? LaneMode::free : LaneMode::green;
        for (const bool open : {true, false}) {
            if (cause == CountCause::emergency)
                (void)step(EmergencyTurned{open});
            else
                (void)step(ModeSet{open ? mode : LaneMode::normal});
        }
        (void)grant("A", verdict_a);
        CHECK(step(GrantSynced{verdict_a}).empty());
    }
    LaneEffects tick_at(Duration later) {
        now += later;
        return step(LaneTicked{});
    }
};

}  // namespace

TEST_CASE("persons let through by name walk one by one, and no passage is recorded for them") {
    LaneScene s;
    CHECK(s.step(Granted{verdict_a, {}, Direction::entry, 2, 0, true}) == LaneEffects{ShowPhase{}});
    CHECK(s.step(GrantSynced{verdict_a}) == LaneEffects{SendOpen{drivers::OpenId{1}, Direction::entry}, ShowPhase{}});
    CHECK(s.step(Opened{drivers::OpenId{1}}) == LaneEffects{ShowPhase{}});
    CHECK(s.step(Passed{Direction::entry}) == LaneEffects{SendOpen{drivers::OpenId{2}, Direction::entry}, ShowPhase{}});
    CHECK(s.step(Opened{drivers::OpenId{2}}) == LaneEffects{ShowPhase{}});
    CHECK(s.tick_at(60s) == LaneEffects{ShowPhase{}});
    CHECK(s.lane.phase() == LanePhase::idle);
}

TEST_CASE("a barrier is told to open only after its verdict is synced") {
    LaneScene s;
    CHECK(s.grant("A", verdict_a) == LaneEffects{ShowPhase{}});
    CHECK(s.lane.phase() == LanePhase::recording);
    CHECK(s.step(LaneTicked{}).empty());
    CHECK(s.step(GrantSynced{verdict_b}).empty());
    CHECK(s.step(GrantSynced{verdict_a}) == LaneEffects{SendOpen{drivers::OpenId{1}, Direction::entry}, ShowPhase{}});
}

TEST_CASE("a person who walks through has turned, and the lane is free") {
    LaneScene s;
    s.open("A", verdict_a, 1);
    CHECK(s.step(Passed{Direction::entry}) ==
          LaneEffects{RecordPassage{passage(verdict_a, PassageOutcome::turned, Evidence::device, 1)}, ShowPhase{}});
    CHECK(s.lane.phase() == LanePhase::idle);
    CHECK_FALSE(s.lane.deadline());
}

TEST_CASE("a lost record opens nothing") {
    LaneScene s;
    (void)s.grant("A", verdict_a);
    CHECK(s.step(GrantLost{verdict_a}) == LaneEffects{ShowPhase{}});
    CHECK(s.step(GrantSynced{verdict_a}).empty());
}

TEST_CASE("every person of a group walks through on a pulse of their own, companions last") {
    LaneScene s;
    (void)s.grant("A", verdict_a, 2, 1);
    (void)s.step(GrantSynced{verdict_a});
    for (std::uint64_t id = 1; id <= 3; ++id) {
        (void)s.step(Opened{drivers::OpenId{id}});
        const auto out = s.step(Passed{Direction::entry});
        const std::uint16_t person = id <= 2 ? 1 : 0;
        const std::uint16_t companion = id <= 2 ? 0 : 1;
        REQUIRE(!out.empty());
        CHECK(out[0] == LaneEffect{RecordPassage{
                            passage(verdict_a, PassageOutcome::turned, Evidence::device, person, companion)}});
        if (id < 3) CHECK(out[1] == LaneEffect{SendOpen{drivers::OpenId{id + 1}, Direction::entry}});
    }
    CHECK(s.lane.phase() == LanePhase::idle);
}

TEST_CASE("nobody comes: the rest of a group is abandoned after the time to pass") {
    LaneScene s;
    s.open("A", verdict_a, 1, 3);
    (void)s.step(Passed{Direction::entry});
    (void)s.step(Opened{drivers::OpenId{2}});
    CHECK(s.lane.deadline() == s.now + 5200ms);
    CHECK(s.tick_at(5199ms).empty());
    CHECK(s.tick_at(1ms) ==
          LaneEffects{RecordPassage{passage(verdict_a, PassageOutcome::abandoned, Evidence::timeout, 2)}, ShowPhase{}});
}

TEST_CASE("a turn that is reported with the deadline still counts") {
    LaneScene s;
    s.open("A", verdict_a, 1);
    s.now += 5200ms;
    CHECK(s.step(Passed{Direction::entry}).front() ==
          LaneEffect{RecordPassage{passage(verdict_a, PassageOutcome::turned, Evidence::device, 1)}});
    CHECK(s.step(LaneTicked{}).empty());
}

TEST_CASE("the same code while its passage is under way is not a second use") {
    LaneScene s;
    (void)s.grant("A", verdict_a);
    CHECK(s.step(ScanArrived{scan_of("A")}) == LaneEffects{AttachScan{scan_of("A"), verdict_a}});
    (void)s.step(GrantSynced{verdict_a});
    CHECK(s.step(ScanArrived{scan_of("A", 9)}) == LaneEffects{AttachScan{scan_of("A", 9), verdict_a}});
    (void)s.step(Opened{drivers::OpenId{1}});
    CHECK(s.step(ScanArrived{scan_of("A")}) == LaneEffects{AttachScan{scan_of("A"), verdict_a}});
}

TEST_CASE("one different code waits for the next turn, and further ones are rejected without being used") {
    LaneScene s;
    s.open("A", verdict_a, 1);
    CHECK(s.step(ScanArrived{scan_of("B")}).empty());
    CHECK(s.step(ScanArrived{scan_of("B")}).empty());  // waits already
    CHECK(s.step(ScanArrived{scan_of("C")}) == LaneEffects{RejectBusy{scan_of("C")}});
    CHECK(s.step(ScanArrived{scan_of("B", 4)}) == LaneEffects{RejectBusy{scan_of("B", 4)}});
    const auto out = s.step(Passed{Direction::entry});
    CHECK(out == LaneEffects{RecordPassage{passage(verdict_a, PassageOutcome::turned, Evidence::device, 1)},
                             ShowPhase{}, JudgeScan{scan_of("B")}});
    (void)s.step(Granted{verdict_b, digest_of("B"), Direction::entry, 1, 0});
    CHECK(s.lane.phase() == LanePhase::recording);
}

TEST_CASE("a call that is repeated while it waits for the next turn is answered as the first") {
    LaneScene s;
    s.open("A", verdict_a, 1);
    auto first = scan_of("B", 4);
    first.id = ClientId{"h-1"};
    auto again = first;
    again.token = 5;
    auto other = again;
    other.id = ClientId{"h-2"};
    auto reused = scan_of("C", 6);
    reused.id = first.id;
    CHECK(s.step(ScanArrived{first}).empty());
    CHECK(s.step(ScanArrived{again}).empty());
    CHECK(s.step(ScanArrived{other}) == LaneEffects{RejectBusy{other}});
    CHECK(s.step(ScanArrived{reused}) == LaneEffects{RejectBusy{reused}});
    first.repeated = {5};
    CHECK(s.step(Passed{Direction::entry}).back() == LaneEffect{JudgeScan{first}});
}

TEST_CASE("a turnstile lost while open leaves the rest unknown") {
    LaneScene s;
    s.open("A", verdict_a, 1, 2);
    (void)s.step(Passed{Direction::entry});
    CHECK(s.step(TurnstileFaulted{drivers::TurnstileFault::link_down}) ==
          LaneEffects{ShowPhase{}, RecordPassage{passage(verdict_a, PassageOutcome::unknown, Evidence::device, 1)},
                      ShowPhase{}});
    CHECK(s.lane.phase() == LanePhase::faulted);
    CHECK(s.lane.trouble() == "link_down");
}

TEST_CASE("a turnstile lost before it was told to open: nobody can have passed") {
    LaneScene s;
    (void)s.grant("A", verdict_a);
    (void)s.step(TurnstileFaulted{drivers::TurnstileFault::no_answer});
    CHECK(s.step(GrantSynced{verdict_a}).front() ==
          LaneEffect{RecordPassage{passage(verdict_a, PassageOutcome::abandoned, Evidence::device, 1)}});
}

TEST_CASE("a barrier that says no gives the ticket back, one that may have opened does not") {
    for (const auto& [failure, outcome] : {std::pair{drivers::OpenFailure::not_reachable, PassageOutcome::abandoned},
                                           std::pair{drivers::OpenFailure::refused, PassageOutcome::abandoned},
                                           std::pair{drivers::OpenFailure::busy, PassageOutcome::abandoned},
                                           std::pair{drivers::OpenFailure::unknown, PassageOutcome::unknown}}) {
        LaneScene s;
        (void)s.grant("A", verdict_a);
        (void)s.step(GrantSynced{verdict_a});
        CHECK(s.step(OpenFailed{drivers::OpenId{1}, failure}).front() ==
              LaneEffect{RecordPassage{passage(verdict_a, outcome, Evidence::device, 1)}});
    }
}

TEST_CASE("no word from the barrier: trouble after half a second, unknown after the time to pass") {
    LaneScene s;
    (void)s.grant("A", verdict_a);
    (void)s.step(GrantSynced{verdict_a});
    CHECK(s.tick_at(500ms) == LaneEffects{ShowPhase{}});
    CHECK(s.lane.trouble() == "no_ack");
    CHECK(s.tick_at(4700ms).front() ==
          LaneEffect{RecordPassage{passage(verdict_a, PassageOutcome::unknown, Evidence::timeout, 1)}});
}

TEST_CASE("a late word from the barrier is as good as an early one") {
    LaneScene s;
    (void)s.grant("A", verdict_a);
    (void)s.step(GrantSynced{verdict_a});
    (void)s.tick_at(500ms);
    (void)s.step(Opened{drivers::OpenId{1}});
    CHECK(s.lane.trouble().empty());
    CHECK(s.step(Passed{Direction::entry}).front() ==
          LaneEffect{RecordPassage{passage(verdict_a, PassageOutcome::turned, Evidence::device, 1)}});
}

TEST_CASE("a turn nobody was granted is counted, never charged to a ticket") {
    LaneScene s;
    SUBCASE("intrusion") {
        CHECK(s.step(Passed{Direction::entry}) == LaneEffects{RaiseAlarm{CountCause::intrusion}});
        CHECK(s.tick_at(1s) == LaneEffects{RecordCount{Direction::entry, CountCause::intrusion, 1}});
    }
    SUBCASE("wrong way") {
        s.open("A", verdict_a, 1);
        CHECK(s.step(Passed{Direction::exit}) == LaneEffects{RaiseAlarm{CountCause::wrong_way}});
        CHECK(s.lane.phase() == LanePhase::open);
    }
    SUBCASE("tailgate") {
        s.open("A", verdict_a, 1);
        (void)s.step(Passed{Direction::entry});
        s.now += 900ms;
        CHECK(s.step(Passed{Direction::entry}) == LaneEffects{RaiseAlarm{CountCause::tailgate}});
    }
}

TEST_CASE("wrong way: an alarm and a count, and the one who was let in still has the rest of the time") {
    LaneScene s;
    s.open("A", verdict_a, 1);
    s.now += 2s;
    CHECK(s.step(Passed{Direction::exit}) == LaneEffects{RaiseAlarm{CountCause::wrong_way}});
    CHECK(s.tick_at(1s) == LaneEffects{RecordCount{Direction::exit, CountCause::wrong_way, 1}});
    CHECK(s.lane.deadline() == s.now + 2200ms);
    CHECK(s.step(Passed{Direction::entry}).front() ==
          LaneEffect{RecordPassage{passage(verdict_a, PassageOutcome::turned, Evidence::device, 1)}});
}

TEST_CASE("tailgate: a second turn right behind a grant's last is counted and charged to nobody") {
    LaneScene s;
    s.open("A", verdict_a, 1);
    (void)s.step(ScanArrived{scan_of("B")});
    (void)s.step(Passed{Direction::entry});
    (void)s.step(Granted{verdict_b, digest_of("B"), Direction::entry, 1, 0});
    s.now += 400ms;
    CHECK(s.step(Passed{Direction::entry}) == LaneEffects{RaiseAlarm{CountCause::tailgate}});
    CHECK(s.lane.waiting_for() == 1);  // B has not used anything
    CHECK(s.tick_at(1s) == LaneEffects{RecordCount{Direction::entry, CountCause::tailgate, 1}});
}

TEST_CASE("a sensor that sticks counts its one turn, and closes the lane to scanners until it releases") {
    LaneScene s;
    s.open("A", verdict_a, 1);
    (void)s.step(Passed{Direction::entry});
    CHECK(s.step(TurnstileFaulted{drivers::TurnstileFault::sensor_stuck}) == LaneEffects{ShowPhase{}});
    CHECK(s.lane.phase() == LanePhase::faulted);
    CHECK(s.lane.trouble() == "sensor_stuck");
    CHECK_FALSE(s.lane.usable(scan_of("B")));
    (void)s.step(TurnstileOnline{});
    CHECK(s.lane.usable(scan_of("B")));
}

TEST_CASE("the turnstile's own alarm is raised once and is the lane's trouble until it ends; guests walk on") {
    LaneScene s;
    CHECK(s.step(AlarmSensed{false}).empty());
    CHECK(s.step(AlarmSensed{true}) == LaneEffects{RaiseAlarm{}, ShowPhase{}});
    CHECK(s.step(AlarmSensed{true}).empty());
    CHECK(s.lane.trouble() == "alarm");
    CHECK(s.lane.usable(scan_of("A")));
    s.open("A", verdict_a, 1);
    CHECK(s.lane.trouble() == "alarm");
    // What the turnstile cannot do is told first.
    (void)s.step(TurnstileFaulted{drivers::TurnstileFault::link_down});
    CHECK(s.lane.trouble() == "link_down");
    (void)s.step(TurnstileOnline{});
    CHECK(s.lane.trouble() == "alarm");
    CHECK(s.step(AlarmSensed{false}) == LaneEffects{ShowPhase{}});
    CHECK(s.lane.trouble().empty());
}

TEST_CASE("green and free hold the barrier open and count turns together") {
    LaneScene s;
    CHECK(s.step(ModeSet{LaneMode::green}) ==
          LaneEffects{SendHold{drivers::Hold::free, Direction::entry}, ShowPhase{}});
    CHECK(s.lane.confirmation() == Confirmation::at_once);
    CHECK(s.step(Passed{Direction::entry}).empty());
    CHECK(s.step(Passed{Direction::entry}).empty());
    CHECK(s.tick_at(1s) == LaneEffects{RecordCount{Direction::entry, CountCause::green_mode, 2}});
    CHECK(s.step(ModeSet{LaneMode::free}) == LaneEffects{ShowPhase{}});
    CHECK(s.step(Passed{Direction::entry}).empty());
    CHECK(s.tick_at(1s) == LaneEffects{RecordCount{Direction::entry, CountCause::free_mode, 1}});
    CHECK(s.step(ModeSet{LaneMode::closed}) == LaneEffects{SendRelease{drivers::Hold::free}, ShowPhase{}});
}

TEST_CASE(
    "who shows a ticket in free mode and is counted by its record is not counted again by the turn that follows") {
    LaneScene s;
    (void)s.step(ModeSet{LaneMode::free});
    const auto turns = [&](int count) {
        for (int i = 0; i < count; ++i) CHECK(s.step(Passed{Direction::exit}).empty());
        return s.tick_at(1s);
    };
    const auto recorded = [](CountCause cause, std::uint16_t persons) {
        return LaneEffect{RecordCount{Direction::exit, cause, persons}};
    };
    CHECK(s.step(CountedAtOnce{Direction::exit, 2}).empty());
    CHECK(turns(3) == LaneEffects{recorded(CountCause::free_mode, 1), recorded(CountCause::green_mode, 2)});
    CHECK(turns(1) == LaneEffects{recorded(CountCause::free_mode, 1)});
    SUBCASE("the other way is another person") {
        (void)s.step(CountedAtOnce{Direction::entry, 1});
        CHECK(turns(1) == LaneEffects{recorded(CountCause::free_mode, 1)});
    }
    SUBCASE("who did not walk in time did not walk") {
        (void)s.step(CountedAtOnce{Direction::exit, 1});
        s.now += StationOptions{}.pass + StationOptions{}.poll_slack;
        CHECK(turns(1) == LaneEffects{recorded(CountCause::free_mode, 1)});
    }
    SUBCASE("a mode begins anew") {
        (void)s.step(CountedAtOnce{Direction::exit, 1});
        (void)s.step(ModeSet{LaneMode::green});
        (void)s.step(ModeSet{LaneMode::free});
        CHECK(turns(1) == LaneEffects{recorded(CountCause::free_mode, 1)});
    }
}

TEST_CASE("the emergency opens at once in every phase, and closes nothing that a mode holds open") {
    const LaneEffect hold = SendHold{drivers::Hold::emergency, std::nullopt};
    SUBCASE("idle") {
        LaneScene s;
        CHECK(s.step(EmergencyTurned{true}) == LaneEffects{hold, ShowPhase{}});
        CHECK(s.step(EmergencyTurned{true}).empty());
        CHECK(s.step(Passed{Direction::exit}).empty());
        CHECK(s.tick_at(1s) == LaneEffects{RecordCount{Direction::exit, CountCause::emergency, 1}});
        CHECK(s.step(EmergencyTurned{false}) == LaneEffects{SendRelease{drivers::Hold::emergency}, ShowPhase{}});
    }
    SUBCASE("recording") {
        LaneScene s;
        (void)s.grant("A", verdict_a);
        CHECK(s.step(EmergencyTurned{true}) == LaneEffects{hold, ShowPhase{}});
        CHECK(s.step(GrantSynced{verdict_a}).front() ==
              LaneEffect{RecordPassage{passage(verdict_a, PassageOutcome::unknown, Evidence::device, 1)}});
    }
    SUBCASE("open, with one waiting") {
        LaneScene s;
        s.open("A", verdict_a, 1);
        (void)s.step(ScanArrived{scan_of("B")});
        CHECK(s.step(EmergencyTurned{true}) ==
              LaneEffects{hold, ShowPhase{},
                          RecordPassage{passage(verdict_a, PassageOutcome::unknown, Evidence::device, 1)}, ShowPhase{},
                          JudgeScan{scan_of("B")}});
    }
    SUBCASE("faulted") {
        LaneScene s;
        (void)s.step(TurnstileFaulted{drivers::TurnstileFault::link_down});
        CHECK(s.step(EmergencyTurned{true}).front() == hold);
    }
    SUBCASE("green") {
        LaneScene s;
        (void)s.step(ModeSet{LaneMode::green});
        (void)s.step(EmergencyTurned{true});
        CHECK(s.step(EmergencyTurned{false}) == LaneEffects{SendRelease{drivers::Hold::emergency}, ShowPhase{}});
    }
}

TEST_CASE(
    "a turn right after the barrier was held open is charged to nobody: the next person is let in a moment later") {
    for (const auto cause : {CountCause::emergency, CountCause::green_mode, CountCause::free_mode}) {
        LaneScene s;
        s.hold_open_and_release(cause);
        CHECK(s.lane.deadline() == s.now + 200ms);
        s.now += 10ms;
        CHECK(s.step(Passed{Direction::entry}).empty());
        CHECK(s.tick_at(189ms).empty());
        CHECK(s.tick_at(1ms) == LaneEffects{SendOpen{drivers::OpenId{1}, Direction::entry}, ShowPhase{}});
        CHECK(s.step(Opened{drivers::OpenId{1}}) == LaneEffects{ShowPhase{}});
        CHECK(s.tick_at(810ms) == LaneEffects{RecordCount{Direction::entry, cause, 1}});
        CHECK(s.step(Passed{Direction::entry}).front() ==
              LaneEffect{RecordPassage{passage(verdict_a, PassageOutcome::turned, Evidence::device, 1)}});
    }
}

TEST_CASE("who waits for the barrier to settle was not let in yet: a lost turnstile gives the ticket back") {
    LaneScene s;
    s.hold_open_and_release(CountCause::emergency);
    SUBCASE("lost") {
        const auto given_back = passage(verdict_a, PassageOutcome::abandoned, Evidence::device, 1);
        CHECK(s.step(TurnstileFaulted{drivers::TurnstileFault::no_answer}) ==
              LaneEffects{ShowPhase{}, RecordPassage{given_back}, ShowPhase{}});
    }
    SUBCASE("the next emergency lets everybody through, and nobody knows") {
        const auto unknown = passage(verdict_a, PassageOutcome::unknown, Evidence::device, 1);
        CHECK(s.step(EmergencyTurned{true}) == LaneEffects{SendHold{drivers::Hold::emergency, std::nullopt},
                                                           ShowPhase{}, RecordPassage{unknown}, ShowPhase{}});
    }
    CHECK_FALSE(s.lane.deadline());
    CHECK(s.tick_at(200ms).empty());
}

TEST_CASE("a lane without a turnstile confirms at once and sends nothing to a barrier") {
    LaneSession lane{LaneSetup{Direction::entry, false, 1, {}}};
    CHECK(lane.phase() == LanePhase::idle);
    CHECK(lane.confirmation() == Confirmation::at_once);
    CHECK(lane.usable(scan_of("A")));
    CHECK(lane.step(ModeSet{LaneMode::green}, Instant{}) == LaneEffects{ShowPhase{}});
    CHECK(lane.step(EmergencyTurned{true}, Instant{}) == LaneEffects{ShowPhase{}});
}

TEST_CASE("while the turnstile is down a handheld takes over the lane") {
    LaneScene s;
    (void)s.step(TurnstileFaulted{drivers::TurnstileFault::no_answer});
    CHECK_FALSE(s.lane.usable(scan_of("A")));
    CHECK(s.lane.usable(scan_of("A", 5)));
    CHECK(s.lane.confirmation() == Confirmation::at_once);
}

TEST_CASE("two scanners at one arm: the one who leaves waits for the one who enters") {
    LaneSession lane{LaneSetup{std::nullopt, true, 1, {}}};
    (void)lane.step(TurnstileOnline{}, Instant{});
    (void)lane.step(ScanArrived{scan_of("A")}, Instant{});
    (void)lane.step(Granted{verdict_a, digest_of("A"), Direction::entry, 1, 0}, Instant{});
    auto leaving = scan_of("A");
    leaving.direction = Direction::exit;
    CHECK(lane.step(ScanArrived{leaving}, Instant{}).empty());
    (void)lane.step(GrantSynced{verdict_a}, Instant{});
    const auto out = lane.step(Passed{Direction::entry}, Instant{});
    CHECK(out.back() == LaneEffect{JudgeScan{leaving}});
}

TEST_CASE("what was counted is recorded when the process ends in order") {
    LaneScene s;
    (void)s.step(ModeSet{LaneMode::free});
    (void)s.step(Passed{Direction::entry});
    CHECK(s.step(LaneStopped{}) == LaneEffects{RecordCount{Direction::entry, CountCause::free_mode, 1}});
    CHECK(s.step(LaneStopped{}).empty());
    CHECK_FALSE(s.lane.deadline());
}
