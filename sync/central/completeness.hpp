// Whether a report can be whole: which nodes should have sent records of a business date, and which have. Pure.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "schemas/calendar/calendar.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::central {

// What is known of a node besides its journals.
struct ExpectedNode {
    NodeId node;
    NodeName name;
    WallTime enrolled;
    bool revoked = false;
    bool connected = false;                // now, and has said how far its journals go
    std::map<JournalId, Seq> announced;    // by itself or a peer, in this run
    std::optional<WallTime> last_contact;  // in this run
};

struct NodeCompleteness {
    NodeId node;
    NodeName name;
    Epoch epoch;                         // the latest that is known; 0: none
    Seq received;                        // of it, without a gap
    Seq known;                           // of it, by an owner-signed head
    std::uint64_t missing_records = 0;   // of all its epochs
    std::optional<WallTime> last_known;  // its last record's time, or the last contact
    bool connected = false;
    bool complete = false;
};

struct Completeness {
    Date business_date;
    std::vector<NodeCompleteness> nodes;  // those expected, by number
    [[nodiscard]] std::size_t complete_nodes() const;
    [[nodiscard]] bool is_complete() const { return complete_nodes() == nodes.size(); }
};

// A node is complete for a date when nothing that is known of is missing, and either its journal goes on after the
// date, or it is connected now. A node counts when it was enrolled before the date ended and is not revoked, or when it
// has records of the date.
[[nodiscard]] Completeness judge_completeness(Date business_date, const VenueCalendar& calendar,
                                              std::span<const ExpectedNode> nodes,
                                              std::span<const ledger::JournalCompleteness> journals);

}  // namespace gatehouse::central
