// The bookkeeping of a venue, worked out from its records in the simplest way: no tables, no increments, no order. What
// every machine's projections are compared with. Shares nothing with sync/ledger but the records.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemas/records/body.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::sim {

struct RecordCopy {
    Header header;
    Body body;
    std::optional<WallTime> boot_began;  // said behind a clock_corrected
};
using RecordSet = std::map<RecordRef, RecordCopy>;

// Of a business date in a zone.
struct Inside {
    std::int64_t entered = 0;
    std::int64_t left = 0;
    std::int64_t maybe_entered = 0;
    std::int64_t maybe_left = 0;
    friend bool operator==(const Inside&, const Inside&) = default;
};

struct Books {
    std::int64_t sales = 0;
    std::int64_t sold_minor = 0;
    std::int64_t refunds = 0;
    std::int64_t refunded_minor = 0;
    std::int64_t turned = 0;     // persons and companions in, re-entries apart
    std::int64_t reentered = 0;  // persons
    std::map<std::pair<NodeId, SessionId>, std::pair<std::uint64_t, std::uint64_t>> units;  // received, sold
    std::map<RecordRef, std::int64_t> expected_cash;                                        // by shift
    std::map<TicketId, std::uint32_t> held;  // persons that count against entries x persons
    std::set<TicketId> admitted_twice;
    std::set<TicketId> refunded_twice;
    std::set<TicketId> admitted_after_refund;
    std::set<TicketId> admitted_after_revocation;
    std::set<std::string> oversold;  // sessions, and "session@node" beyond the leases of a node
    std::map<std::pair<Date, ZoneId>, Inside> occupancy;
    std::set<Date> dates;  // business dates that occur, as written or as corrected
};

[[nodiscard]] Books keep_books(const RecordSet& records, const ledger::VenueSettings& venue);

// Every record that a machine holds.
[[nodiscard]] RecordSet read_records(ledger::LedgerReader& reader);

// The first difference between a machine's projections and the books of its own records.
[[nodiscard]] std::optional<std::string> compare(const Books& books, ledger::LedgerReader& reader,
                                                 const ledger::VenueSettings& venue);

}  // namespace gatehouse::sim
