// A lane in generated stories.
#include <doctest/doctest.h>

#include <map>

#include "edge/station/lane_session.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace std::chrono_literals;

namespace {

ScanRequest scan_of(char text) {
    ScanRequest scan;
    scan.text = text;
    scan.code = digest_of(scan.text);
    return scan;
}

}  // namespace

// Every event in every phase, in any order: whatever happens, a grant's persons end once, every turn is somebody's or
// is counted, and no barrier is told to open without a synced verdict.
TEST_CASE("every person of a grant ends as turned, abandoned or unknown, once") {
    std::uint32_t random = 7;
    const auto below = [&](std::uint32_t n) {
        random = random * 1'664'525U + 1'013'904'223U;
        return (random >> 8U) % n;
    };
    std::map<int, int> fired;
    for (int round = 0; round < 500; ++round) {
        LaneSession lane{LaneSetup{Direction::entry, true, 1, {}}};
        Instant now{100s};
        (void)lane.step(TurnstileOnline{}, now);
        std::map<RecordRef, std::uint32_t> granted;
        std::map<RecordRef, std::uint32_t> ended;
        std::optional<RecordRef> recording;
        std::uint64_t next = 1;
        std::uint64_t last_id = 0;
        bool may_open = false;
        std::uint32_t walked = 0;
        std::uint32_t turned = 0;
        std::uint32_t counted = 0;
        const auto feed = [&](const LaneEvent& event, const auto& self) -> void {
            for (const auto& effect : lane.step(event, now)) {
                if (std::holds_alternative<JudgeScan>(effect)) {
                    if (below(3) == 0) {
                        self(NotGranted{}, self);
                        continue;
                    }
                    const RecordRef ref{NodeId{3}, Epoch{1}, Seq{next++}};
                    const auto persons = static_cast<std::uint16_t>(1 + below(3));
                    const auto companions = static_cast<std::uint16_t>(below(2));
                    granted[ref] = std::uint32_t{persons} + companions;
                    recording = ref;
                    may_open = false;
                    self(Granted{ref, std::get<JudgeScan>(effect).scan.code, Direction::entry, persons, companions},
                         self);
                } else if (const auto* record = std::get_if<RecordPassage>(&effect)) {
                    const std::uint32_t persons = std::uint32_t{record->passage.persons} + record->passage.companions;
                    ended[record->passage.verdict] += persons;
                    if (record->passage.outcome == PassageOutcome::turned) turned += persons;
                } else if (const auto* count = std::get_if<RecordCount>(&effect)) {
                    counted += count->persons;
                } else if (const auto* opened = std::get_if<SendOpen>(&effect)) {
                    CHECK(may_open);
                    CHECK(opened->id.value > last_id);
                    last_id = opened->id.value;
                }
            }
        };
        for (int i = 0; i < 60; ++i) {
            const auto what = static_cast<int>(below(13));
            ++fired[what];
            now += std::chrono::milliseconds(below(3000));
            switch (what) {
                case 0:
                case 1: feed(ScanArrived{scan_of(static_cast<char>('A' + below(4)))}, feed); break;
                case 2:
                case 3:
                    if (recording) {
                        may_open = true;
                        feed(GrantSynced{*recording}, feed);
                    }
                    break;
                case 4:
                    if (recording && lane.phase() == LanePhase::recording) {
                        granted.erase(*recording);
                        feed(GrantLost{*recording}, feed);
                    }
                    break;
                case 5: feed(Opened{drivers::OpenId{last_id}}, feed); break;
                case 6:
                    feed(OpenFailed{drivers::OpenId{last_id}, static_cast<drivers::OpenFailure>(below(4))}, feed);
                    break;
                case 7:
                    ++walked;
                    feed(Passed{static_cast<Direction>(below(2))}, feed);
                    break;
                case 8: feed(TurnstileFaulted{static_cast<drivers::TurnstileFault>(below(4))}, feed); break;
                case 9: feed(TurnstileOnline{}, feed); break;
                case 10: feed(ModeSet{static_cast<LaneMode>(below(4))}, feed); break;
                case 11: feed(AlarmSensed{below(2) == 0}, feed); break;
                default:
                    if (below(4) == 0)
                        feed(EmergencyTurned{below(2) == 0}, feed);
                    else
                        feed(LaneTicked{}, feed);
            }
            std::uint32_t granted_in_all = 0;
            std::uint32_t ended_in_all = 0;
            for (const auto& [ref, persons] : granted) granted_in_all += persons;
            for (const auto& [ref, persons] : ended) ended_in_all += persons;
            CHECK(granted_in_all == ended_in_all + lane.waiting_for());
        }
        for (const auto& [ref, persons] : ended) CHECK(persons <= granted[ref]);
        now += StationOptions{}.count;
        feed(LaneTicked{}, feed);
        CHECK(walked == turned + counted);
    }
    CHECK(fired.size() == 13);
}
