// One lane: from a granted scan to the person who walked through, or did not.
//
//   idle ──ScanArrived──▶ JudgeScan ──NotGranted──▶ idle
//                             └──Granted──▶ recording ──GrantSynced──▶ opening ──Opened──▶ open
//   idle ◀── GrantLost ───────────────────────┘ (a moment later          ▲  │               │
//                                                after a hold)           │  │               │
//   idle ◀── OpenFailed: abandoned, or unknown when it may have opened ──┼──┘               │
//            the next person of the group ───────────────────────────────┴── Passed ◀───────┤
//   idle ◀── Passed: turned, nobody left of the grant ──────────────────────────────────────┤
//   idle ◀── deadline: abandoned · turnstile lost, emergency: unknown ──────────────────────┘
//
// Guarantees
// - a barrier is told to open only after its verdict is synced
// - every person of a grant ends as turned, abandoned or unknown, once
// - the same code while its passage is under way is not a second use
// - one different code waits for the next turn, and further ones are rejected without being used
// - a call that is repeated while it waits for the next turn is answered as the first
// - a turn that is reported with the deadline still counts
// - a turnstile lost while open leaves the rest unknown
// - a turn nobody was granted is counted, never charged to a ticket
// - who shows a ticket in free mode and is counted by its record is not counted again by the turn that follows
// - persons let through by name walk one by one, and no passage is recorded for them
// - the emergency opens at once in every phase, and closes nothing that a mode holds open
// - the turnstile's own alarm is raised once and is the lane's trouble until it ends; guests walk on
// - a turn right after the barrier was held open is charged to nobody: the next person is let in a moment later
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "edge/station/lane_events.hpp"
#include "edge/station/lane_phase.hpp"
#include "edge/station/station_options.hpp"

namespace gatehouse::edge {

struct LaneSetup {
    std::optional<Direction> direction;  // nothing: both ways
    bool has_turnstile = false;
    std::uint64_t first_open_id = 1;  // OpenIds count up from here; ranges of lanes must not meet
    StationOptions times;
};

class LaneSession {
public:
    explicit LaneSession(const LaneSetup& setup)
        : setup_(setup), trouble_(setup.has_turnstile ? "not_seen" : ""), next_open_(setup.first_open_id) {}

    [[nodiscard]] LaneEffects step(const LaneEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] LaneMode mode() const { return mode_; }
    [[nodiscard]] bool emergency() const { return emergency_; }
    [[nodiscard]] LanePhase phase() const;
    // A stable word: TurnstileFault, OpenFailure, "no_ack", or "not_seen" before the turnstile first answered; without
    // such a trouble "alarm" while alarmed(), else empty.
    [[nodiscard]] std::string_view trouble() const;
    // The turnstile answers and has no fault; one that raises an alarm works, too.
    [[nodiscard]] bool works() const { return online_; }
    [[nodiscard]] bool alarmed() const { return alarm_; }
    // Persons and companions of the grant that are neither turned, abandoned nor unknown yet.
    [[nodiscard]] std::uint32_t waiting_for() const;
    // How a grant would be confirmed by now: at once where no turn can be waited for.
    [[nodiscard]] Confirmation confirmation() const;
    // False when the turnstile is down, unless an attendant scans by hand and stands beside it.
    [[nodiscard]] bool usable(const ScanRequest& scan) const;

private:
    struct Grant {
        RecordRef verdict;
        CodeDigest code{};
        Direction direction{};
        std::uint16_t persons = 0;
        std::uint16_t companions = 0;
        bool by_name = false;
        bool synced = false;
    };
    void on(const ScanArrived& event, Instant now, LaneEffects& out);
    void on(const Granted& event, Instant now, LaneEffects& out);
    void on(const CountedAtOnce& event, Instant now, LaneEffects& out);
    void on(const NotGranted& event, Instant now, LaneEffects& out);
    void on(const GrantSynced& event, Instant now, LaneEffects& out);
    void on(const GrantLost& event, Instant now, LaneEffects& out);
    void on(const Opened& event, Instant now, LaneEffects& out);
    void on(const OpenFailed& event, Instant now, LaneEffects& out);
    void on(const Passed& event, Instant now, LaneEffects& out);
    void on(const TurnstileOnline& event, Instant now, LaneEffects& out);
    void on(const TurnstileFaulted& event, Instant now, LaneEffects& out);
    void on(const AlarmSensed& event, Instant now, LaneEffects& out);
    void on(const ModeSet& event, Instant now, LaneEffects& out);
    void on(const EmergencyTurned& event, Instant now, LaneEffects& out);
    void on(const LaneTicked& event, Instant now, LaneEffects& out);
    void on(const LaneStopped& event, Instant now, LaneEffects& out);

    [[nodiscard]] bool under_way() const { return phase_ == LanePhase::opening || phase_ == LanePhase::open; }
    [[nodiscard]] bool awaits_settling() const { return phase_ == LanePhase::recording && grant_->synced; }
    void queue(const ScanRequest& scan, LaneEffects& out);
    void open_next(Instant now, LaneEffects& out);
    void turned(Instant now, LaneEffects& out);
    void finish(PassageOutcome outcome, Evidence evidence, LaneEffects& out);
    void become_idle(LaneEffects& out);
    [[nodiscard]] CountCause cause_while_held(Direction direction, Instant now);
    void uncalled_for(Direction direction, Instant now, LaneEffects& out);
    void count(Direction direction, CountCause cause, Instant now);
    void record_counts(LaneEffects& out);
    void let_settle(CountCause cause, Instant now);

    LaneSetup setup_;
    LanePhase phase_ = LanePhase::idle;
    LaneMode mode_ = LaneMode::normal;
    bool emergency_ = false;
    bool online_ = false;
    bool alarm_ = false;  // input of the turnstile
    std::string_view trouble_;
    std::optional<Grant> grant_;
    std::optional<ScanRequest> held_;
    std::uint64_t next_open_;
    drivers::OpenId open_id_;
    Instant asked_;  // when the barrier was told
    Instant until_;  // deadline of opening and open
    bool ack_late_ = false;
    std::optional<std::pair<Direction, Instant>> last_turn_;
    Instant settled_;  // until then who turns belongs to the hold that ended
    CountCause settling_from_ = CountCause::emergency;
    std::map<Direction, std::uint32_t> counted_;  // persons of `counted_until_`'s scans whose turns did not come yet
    Instant counted_until_;
    std::map<std::pair<Direction, CountCause>, std::uint16_t> counts_;
    Instant counting_since_;
};

}  // namespace gatehouse::edge
