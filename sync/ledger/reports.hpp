// Questions of people: sums by business date, conflicts, completeness. Business dates are the effective ones: what a
// suspect clock wrote is counted where clock_corrected puts it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/ledger/conflict_facts.hpp"
#include "sync/ledger/reader.hpp"

namespace gatehouse::ledger {

// Sales of a business date less its refunds, in the finest grain; callers add up.
struct SalesRow {
    NodeId node;
    WindowName window;
    RecordRef shift;
    ProductId product;
    std::optional<ConcessionClass> concession;
    std::int64_t tickets = 0;
    std::int64_t persons = 0;
    Minor amount;
    std::int64_t refunded_tickets = 0;
    Minor refunded;
};
struct TenderRow {
    NodeId node;
    WindowName window;
    RecordRef shift;
    TenderKind kind{};
    TenderState state{};
    Minor taken;  // cash: less change
    Minor refunded;
};
struct SalesReport {
    std::vector<SalesRow> lines;
    std::vector<TenderRow> tenders;
    std::int64_t sales = 0;
    std::int64_t refunds = 0;
    Minor total;
    Minor refunded;
};

struct AdmissionRow {
    NodeId node;
    GateName gate;
    LaneName lane;
    ZoneId zone;
    Direction direction{};
    std::int32_t hour = 0;  // of the venue's clock, 0..23
    ProductId product;
    std::int64_t tickets = 0;    // admits that are no re-entry
    std::int64_t persons = 0;    // turned, companions included
    std::int64_t reentries = 0;  // persons turned
    std::int64_t uncertain = 0;  // open or unknown persons
};
struct RefusalRow {
    NodeId node;
    GateName gate;
    LaneName lane;
    Reason reason{};
    std::int64_t count = 0;  // repeats included
};
struct CountRow {
    NodeId node;
    GateName gate;
    LaneName lane;
    Direction direction{};
    CountCause cause{};
    std::int64_t persons = 0;
};
struct AdmissionsReport {
    std::vector<AdmissionRow> admissions;
    std::vector<RefusalRow> refusals;
    std::vector<CountRow> counts;
};

struct ShiftRow {
    NodeId node;
    Date business_date;
    ShiftFacts facts;
    std::optional<WallTime> closed;
    std::optional<RecordRef> closing;  // the record that closed it
};

// Persons who walked through by another seller's order, for writing back.
struct Redemption {
    std::string cursor;  // ask for what comes after it
    RecordRef verdict;   // the use; the persons of its redemptions add up
    std::string code;
    std::string order;
    std::string channel;
    std::uint16_t persons = 0;
    WallTime at;         // as corrected since, like the date
    Date business_date;  // the one whose reports count it
    GateName gate;
};

// Whether a text is spelt as cursors of redemptions are, or as an older release spelt them, or empty: the start.
constexpr std::size_t longest_cursor = 2'000;
[[nodiscard]] bool is_cursor(std::string_view text);

enum class ConflictKind : std::uint8_t {
    duplicate_admission = 0,
    duplicate_refund = 1,
    admitted_after_refund = 2,
    admitted_after_revocation = 3,
    oversold = 4,
    unknown_product = 5,
    price_differs = 6,
    clock_suspect = 7,
    journal_fork = 8,
    parked_record = 9,
};
[[nodiscard]] std::string_view to_string(ConflictKind kind);

// The outcome that settles nothing: the note begins with the name of the operator who is to look at the conflict.
constexpr std::string_view outcome_assigned = "assigned";

struct Conflict {
    std::string id;  // made from kind and subject: the same on every machine
    ConflictKind kind{};
    std::string subject;              // ticket, session, record or boot it is about
    std::vector<RecordRef> evidence;  // ordered by record; at most 64
    std::uint32_t evidence_count = 0;
    Minor money;  // what it may have cost, 0 when it cannot be said
    ConflictFacts facts;
    std::optional<ConflictResolved> resolved;
    std::optional<OperatorName> assigned;  // who is to look at it, until it is resolved
    std::optional<RecordRef> resolution;   // the record of either
};

struct JournalCompleteness {
    JournalId journal;
    NodeName name;
    Seq known;              // highest owner-signed number heard of
    Seq received;           // without a gap
    WallTime last_wall;     // of the record at the head, as recorded
    WallTime last_trusted;  // the largest that was recorded under a synced clock
    bool has_date = false;  // holds records of the business date asked for
};

class Reports {
public:
    // Reads through `reader`, which must outlive this.
    Reports(LedgerReader& reader, VenueSettings venue);

    [[nodiscard]] SalesReport sales(Date business_date);
    [[nodiscard]] AdmissionsReport admissions(Date business_date);
    [[nodiscard]] std::vector<ShiftRow> shifts(Date business_date);
    // In the order in which this machine learned of them: who goes on from a cursor misses none and gets none twice. A
    // cursor that this database did not give begins at the start.
    [[nodiscard]] std::vector<Redemption> redemptions(const std::string& since, std::size_t count);
    [[nodiscard]] std::vector<Conflict> conflicts(bool open_only);
    [[nodiscard]] std::optional<Conflict> conflict(const std::string& id);
    [[nodiscard]] std::vector<JournalCompleteness> completeness(Date business_date);
    // Parked records with the reason.
    [[nodiscard]] std::vector<std::pair<RecordRef, std::string>> parked();

private:
    LedgerReader& reader_;
    VenueSettings venue_;
};

}  // namespace gatehouse::ledger
