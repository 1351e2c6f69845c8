// What a gate's verdict depends on, and the verdict. Values only: who asks has looked everything up.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "schemas/catalogue/catalogue.hpp"
#include "schemas/records/admission.hpp"
#include "schemas/ticket/payload.hpp"
#include "sync/ledger/facts.hpp"

namespace gatehouse::edge {

// How far a scanned text may be believed.
enum class Standing : std::uint8_t {
    good,     // a known seller's signature, or an order that central imported
    unknown,  // neither a ticket code nor an order's
    bad_signature,
    unknown_seller,  // well formed, but the seller's certificate is nowhere to be had
    revoked_key,     // the seller's key is revoked, and this ticket is not covered by what was trusted
};

struct Presented {
    Standing standing = Standing::unknown;
    std::optional<TicketPayload> payload;  // with `unknown` nothing; with a bad standing never to be believed
};

struct ScanQuestion {
    Direction direction{};
    std::optional<std::uint16_t> persons;  // absent: all that the entry has left
    std::uint16_t companions = 0;          // beside them; more than the allowance is cut to it
    bool let_through = false;              // an attendant answers for an unknown seller, or for policy `ask`
};

struct LaneFacts {
    ZoneId zone;
    std::optional<Direction> direction;  // nothing: both ways
    LaneMode mode{};
    bool emergency = false;  // admits nothing, people walk through
    bool usable = true;      // false: its turnstile is down and nobody stands beside it
};

struct VenueFacts {
    Date today;  // business date by the wall clock
    WallTime wall;
    bool clock_suspect = false;
    Date floor_date;              // business date of the clock's floor: certainly reached
    std::uint32_t grace_min = 0;  // a session opens so long before it starts
    bool isolated = false;        // see README.md
    IsolatedPolicy policy{};      // of the ticket's product
    // The date that uses are written with, where the wall clock's is not believed. None: today.
    std::optional<Date> dated = std::nullopt;
};

struct Judgement {
    Decision decision = Decision::refuse;
    Reason reason{};
    std::vector<Note> notes;    // ascending
    std::string_view hint;      // "unknown_seller", "ask", "turnstile_down", "emergency"; else empty
    std::uint16_t persons = 0;  // reserved; 0 in free mode, where nobody is checked
    std::uint16_t companions = 0;
    bool reentry = false;
    // Of an entry: persons that the ticket still lets in after this verdict; none where that was not looked at.
    std::optional<std::uint32_t> left;
    std::optional<RecordRef> first_admission;  // the verdict that used it first, with already_used and no_entries_left
    friend bool operator==(const Judgement&, const Judgement&) = default;
};

}  // namespace gatehouse::edge
