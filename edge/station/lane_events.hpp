// What a lane's machine hears and what it wants done. The desk judges scans and writes records for it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/turnstile/turnstile_events.hpp"
#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"
#include "schemas/records/admission.hpp"

namespace gatehouse::edge {

// First octets of SHA-256 over the scanned text: tells codes apart without keeping them.
using CodeDigest = std::array<std::uint8_t, 8>;
[[nodiscard]] CodeDigest digest_of(std::string_view text);

// A scan on its way through a lane, which compares it with others and hands it on to be judged.
struct ScanRequest {
    std::string text;
    CodeDigest code{};
    Direction direction{};
    std::optional<std::uint64_t> token;  // of the HTTP call that waits for the answer; none for a device's scan
    ClientId id;
    OperatorName actor;
    std::optional<std::uint16_t> persons;
    std::uint16_t companions = 0;
    bool let_through = false;
    // Of calls that repeated this one while it waited for the next turn. As many as calls are open, which the shell
    // bounds.
    std::vector<std::uint64_t> repeated = {};
    friend bool operator==(const ScanRequest&, const ScanRequest&) = default;
};

// Events.
struct ScanArrived {
    ScanRequest scan;
};
// Answers to JudgeScan, in the same step.
struct Granted {  // recorded, not synced yet; a passage is to follow
    RecordRef verdict;
    CodeDigest code{};
    Direction direction{};
    std::uint16_t persons = 0;
    std::uint16_t companions = 0;
    bool by_name = false;  // an attendant's word, no ticket: the record has counted them, no passage is recorded
};
// Before NotGranted: confirmed at once, and the record counts them as through. No turn is waited for.
struct CountedAtOnce {
    Direction direction{};
    std::uint32_t persons = 0;  // companions among them
};
struct NotGranted {};  // refused, or confirmed at once: the lane has nothing to do with it
struct GrantSynced {
    RecordRef verdict;
};
struct GrantLost {  // its record failed
    RecordRef verdict;
};
struct Opened {
    drivers::OpenId id;
};
struct OpenFailed {
    drivers::OpenId id;
    drivers::OpenFailure failure{};
};
struct Passed {
    Direction direction{};
};
struct TurnstileOnline {};
struct TurnstileFaulted {
    drivers::TurnstileFault fault{};
};
struct AlarmSensed {  // at the turnstile's own alarm input
    bool active = false;
};
struct ModeSet {
    LaneMode mode{};
};
struct EmergencyTurned {
    bool open = false;
};
struct LaneTicked {};
struct LaneStopped {};  // the process ends in order: what was counted is recorded now

using LaneEvent =
    std::variant<ScanArrived, Granted, CountedAtOnce, NotGranted, GrantSynced, GrantLost, Opened, OpenFailed, Passed,
                 TurnstileOnline, TurnstileFaulted, AlarmSensed, ModeSet, EmergencyTurned, LaneTicked, LaneStopped>;

// Effects.
struct JudgeScan {
    ScanRequest scan;
    friend bool operator==(const JudgeScan&, const JudgeScan&) = default;
};
struct AttachScan {  // the same code while its passage is under way: the same answer, not a second use
    ScanRequest scan;
    RecordRef verdict;
    friend bool operator==(const AttachScan&, const AttachScan&) = default;
};
struct RejectBusy {  // one waits already: nothing was used
    ScanRequest scan;
    friend bool operator==(const RejectBusy&, const RejectBusy&) = default;
};
struct SendOpen {
    drivers::OpenId id;
    Direction direction{};
    friend bool operator==(const SendOpen&, const SendOpen&) = default;
};
struct SendHold {
    drivers::Hold hold{};
    std::optional<Direction> direction;
    friend bool operator==(const SendHold&, const SendHold&) = default;
};
struct SendRelease {
    drivers::Hold hold{};
    friend bool operator==(const SendRelease&, const SendRelease&) = default;
};
struct RecordPassage {
    Passage passage;
    friend bool operator==(const RecordPassage&, const RecordPassage&) = default;
};
struct RecordCount {
    Direction direction{};
    CountCause cause{};
    std::uint16_t persons = 0;
    friend bool operator==(const RecordCount&, const RecordCount&) = default;
};
struct RaiseAlarm {
    std::optional<CountCause> cause;  // tailgate, wrong_way, intrusion; nothing: the turnstile's own alarm
    friend bool operator==(const RaiseAlarm&, const RaiseAlarm&) = default;
};
struct ShowPhase {  // the phase, mode or trouble changed
    friend bool operator==(const ShowPhase&, const ShowPhase&) = default;
};

using LaneEffect = std::variant<JudgeScan, AttachScan, RejectBusy, SendOpen, SendHold, SendRelease, RecordPassage,
                                RecordCount, RaiseAlarm, ShowPhase>;
using LaneEffects = std::vector<LaneEffect>;

}  // namespace gatehouse::edge
