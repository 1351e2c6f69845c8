// Records of the gate: verdicts, passages, lane modes, counted persons.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/records/header.hpp"

namespace gatehouse {

enum class Decision : std::uint8_t { admit = 0, refuse = 1 };
constexpr unsigned enum_count(Decision) { return 2; }

// Stable words of the contract.
enum class Reason : std::uint8_t {
    none = 0,
    unknown = 1,
    bad_signature = 2,
    revoked_key = 3,
    revoked = 4,
    refunded = 5,
    blocked = 6,
    already_used = 7,
    not_yet_valid = 8,
    expired = 9,
    wrong_session = 10,
    wrong_zone = 11,
    wrong_direction = 12,
    no_entries_left = 13,
    lane_closed = 14,
    policy_isolated = 15,
    storage_unavailable = 16,
};
constexpr unsigned enum_count(Reason) { return 17; }
[[nodiscard]] std::string_view to_string(Reason reason);

enum class Note : std::uint8_t { check_id = 0, concession = 1, group = 2, unconfirmed = 3, clock_suspect = 4 };
constexpr unsigned enum_count(Note) { return 5; }
[[nodiscard]] std::string_view to_string(Note note);

enum class Direction : std::uint8_t { entry = 0, exit = 1 };
constexpr unsigned enum_count(Direction) { return 2; }

enum class LaneMode : std::uint8_t { normal = 0, green = 1, free = 2, closed = 3 };
constexpr unsigned enum_count(LaneMode) { return 4; }

// How a reservation becomes turned persons.
enum class Confirmation : std::uint8_t {
    by_passage = 0,  // passage records follow
    at_once = 1,     // no turnstile, or green mode: the verdict confirms all its persons
};
constexpr unsigned enum_count(Confirmation) { return 2; }

// The answer to a scan. With `admit` the record is the reservation of `persons`; peers refuse on it.
struct Verdict {
    static constexpr Kind kind = Kind::verdict;
    ClientId id;  // of a scan by HTTP; empty for a device's
    LaneName lane;
    GateName gate;
    ZoneId zone;
    Direction direction{};
    LaneMode mode{};
    Decision decision{};
    Reason reason{};
    std::vector<Note> notes;
    std::optional<TicketId> ticket;      // when the code named one
    ProductId product;                   // as the code or the order says; empty when unknown
    std::array<std::uint8_t, 8> code{};  // first 8 bytes of SHA-256 of the scanned text
    std::uint16_t persons = 0;           // reserved from the ticket's entries x persons
    std::uint16_t companions = 0;        // let through besides, within the product's allowance
    bool reentry = false;                // returns of persons who left: uses up nothing
    Confirmation confirmation{};
    std::uint32_t repeats = 0;  // further scans of the same bad code that this record counts
    friend bool operator==(const Verdict&, const Verdict&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, lane, gate, zone, direction, mode, decision, reason, notes, ticket, product, code, persons, companions,
          reentry, confirmation, repeats);
    }
};

// A scan by HTTP of the code whose passage was under way: answered as `verdict` was, and no second use.
struct ScanJoined {
    static constexpr Kind kind = Kind::scan_joined;
    ClientId id;
    RecordRef verdict;
    friend bool operator==(const ScanJoined&, const ScanJoined&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, verdict);
    }
};

enum class PassageOutcome : std::uint8_t { turned = 0, abandoned = 1, unknown = 2 };
constexpr unsigned enum_count(PassageOutcome) { return 3; }
enum class Evidence : std::uint8_t { device = 0, timeout = 1, attendant = 2, recovery = 3 };
constexpr unsigned enum_count(Evidence) { return 4; }

// What became of (some of) a reservation. `unknown` counts as used until a later record resolves those persons.
struct Passage {
    static constexpr Kind kind = Kind::passage;
    RecordRef verdict;
    PassageOutcome outcome{};
    Evidence evidence{};
    std::uint16_t persons = 0;
    std::uint16_t companions = 0;
    friend bool operator==(const Passage&, const Passage&) = default;
    template <class A>
    void serialize(A& a) {
        a(verdict, outcome, evidence, persons, companions);
    }
};

struct LaneModeSet {
    static constexpr Kind kind = Kind::lane_mode_set;
    LaneName lane;
    LaneMode mode{};
    std::string reason;
    friend bool operator==(const LaneModeSet&, const LaneModeSet&) = default;
    template <class A>
    void serialize(A& a) {
        a(lane, mode, reason);
    }
};

// All lanes of the node open (or back). Acted first, recorded as soon as records are possible.
struct EmergencySet {
    static constexpr Kind kind = Kind::emergency_set;
    bool open = false;
    std::string cause;  // "operator", "fire_input"
    friend bool operator==(const EmergencySet&, const EmergencySet&) = default;
    template <class A>
    void serialize(A& a) {
        a(open, cause);
    }
};

enum class CountCause : std::uint8_t {
    free_mode = 0,   // barrier open, nobody checked
    green_mode = 1,  // turns of persons whom a verdict counts (green mode; exits in free mode): not added to occupancy
    emergency = 2,
    tailgate = 3,  // a second turn inside one grant
    wrong_way = 4,
    intrusion = 5,    // a turn while locked
    let_through = 6,  // an attendant let one through by name
};
constexpr unsigned enum_count(CountCause) { return 7; }

struct LaneCounted {
    static constexpr Kind kind = Kind::lane_counted;
    LaneName lane;
    GateName gate;
    ZoneId zone;
    Direction direction{};
    CountCause cause{};
    std::uint16_t persons = 0;
    std::string reason;  // with let_through
    friend bool operator==(const LaneCounted&, const LaneCounted&) = default;
    template <class A>
    void serialize(A& a) {
        a(lane, gate, zone, direction, cause, persons, reason);
    }
};

// The command behind `counted`, whose cause is let_through: the same id again opens nothing more.
struct LetThroughOrdered {
    static constexpr Kind kind = Kind::let_through_ordered;
    ClientId id;
    RecordRef counted;
    friend bool operator==(const LetThroughOrdered&, const LetThroughOrdered&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, counted);
    }
};

}  // namespace gatehouse
