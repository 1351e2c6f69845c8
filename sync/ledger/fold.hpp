// One record's way into the projections. Internal to sync/ledger.
//
// A fold may fail in two ways: the record says what cannot be projected (`park`), or the disk fails. Both are
// remembered and everything after them does nothing, so that the folds below read straight through.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schemas/base/money.hpp"
#include "schemas/calendar/calendar.hpp"
#include "schemas/records/body.hpp"
#include "sync/ledger/lane_days.hpp"
#include "sync/ledger/row_access.hpp"

namespace gatehouse::ledger {

// Catalogues by version, parsed once; nullptr for one that is not held.
class CatalogueCache {
public:
    [[nodiscard]] std::shared_ptr<const Catalogue> find(Database& database, std::uint64_t version);
    void forget() { held_.clear(); }

private:
    std::unordered_map<std::uint64_t, std::shared_ptr<const Catalogue>> held_;
};

// Of a sale under a suspect clock that is not corrected: by which prices it ought to have gone is not known.
constexpr Date no_priced_date{std::numeric_limits<std::int32_t>::min()};

class Fold {
public:
    Fold(Database& database, const VenueCalendar& calendar, CatalogueCache& catalogues, const Header& header);

    // Runs a statement without rows.
    template <class... Values>
    void put(const char* sql, const Values&... values) {
        if (stopped()) return;
        auto statement = database.prepare(sql);
        statement.texts_stay();
        (bind_value(statement, values), ...);
        wrote_ = true;
        note(statement.step());
    }
    // A statement with rows, for `next`.
    template <class... Values>
    [[nodiscard]] Statement rows(const char* sql, const Values&... values) {
        return ask(database, sql, values...);
    }
    [[nodiscard]] bool next(Statement& rows);
    // First column of the first row.
    template <class... Values>
    [[nodiscard]] std::optional<std::int64_t> number(const char* sql, const Values&... values) {
        auto found = rows(sql, values...);
        if (!next(found) || found.is_null(0)) return std::nullopt;
        return found.number(0);
    }

    void park(std::string why);
    // Parks what no column can hold.
    void require(bool holds, const char* what);
    [[nodiscard]] bool stopped() const { return parked_.has_value() || error_.has_value(); }
    [[nodiscard]] const std::optional<std::string>& parked() const { return parked_; }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    [[nodiscard]] bool wrote() const { return wrote_; }

    Database& database;
    const VenueCalendar& calendar;
    CatalogueCache& catalogues;
    const Header& header;
    RecordRef ref;
    // As corrected, see fold_clock.cpp.
    WallTime wall;
    Date business_date;
    Date priced_date;                    // that prices are judged by
    std::optional<WallTime> boot_began;  // said behind a clock_corrected
    std::vector<Entered> entered;        // for LaneDays, if the record is not parked

private:
    void note(const Result<bool>& stepped);
    std::optional<std::string> parked_;
    std::optional<Error> error_;
    bool wrote_ = false;
};

// Projects `body`. Afterwards `fold.parked()` or `fold.error()` say what went wrong.
void fold_body(Fold& fold, const Body& body);

// fold_clock.cpp: sets fold.wall and fold.business_date; remembers what was written under a suspect clock.
void date_record(Fold& fold);
void fold_correction(Fold& fold, const ClockCorrected& body);

// fold_selling.cpp
void fold_sale(Fold& fold, const Sale& body);
void fold_refund(Fold& fold, const Refund& body);
void fold_lease_received(Fold& fold, const LeaseReceived& body);
void fold_tender_settled(Fold& fold, const TenderSettled& body);

// fold_window.cpp
void fold_shift_opened(Fold& fold, const ShiftOpened& body);
void fold_cash_moved(Fold& fold, const CashMoved& body);
void fold_shift_closed(Fold& fold, const ShiftClosed& body);
void fold_reprint(Fold& fold, const Reprint& body);
void fold_reissue(Fold& fold, const Reissue& body);
void fold_print_resolved(Fold& fold, const PrintResolved& body);
// Parks what is booked on a shift that cannot be the writer's own. None at all, RecordRef{}, is nobody's.
void require_own_shift(Fold& fold, RecordRef shift);
void note_client(Fold& fold, const ClientId& id);
void add_print_job(Fold& fold, Kind kind, const DeviceName& printer);

// fold_admission.cpp
// Tells of those who are known by now to have come in by this use of another seller's order, as far as they are more
// than was told of before. Their number only ever grows with the records, so what is told adds up to the same
// everywhere, whatever arrived when, and twice resolved is told once.
void redeem(Fold& fold, RecordRef verdict);
void redeem_all(Fold& fold, RecordRef order);  // by every use that is held of it, and of what took its place
// The order of another seller that a ticket of the record `sold` is for: that record, or the order whose place it took,
// however often it was replaced since, up to a number that nobody's ticket is.
[[nodiscard]] std::optional<RecordRef> order_of(Database& database, RecordRef sold);
constexpr int most_replacements = 64;  // 0008_replaced_orders.sql has it too
void fold_verdict(Fold& fold, const Verdict& body);
void fold_scan_joined(Fold& fold, const ScanJoined& body);
void fold_passage(Fold& fold, const Passage& body);
void fold_lane_counted(Fold& fold, const LaneCounted& body);
void fold_let_through_ordered(Fold& fold, const LetThroughOrdered& body);
void fold_lane_mode(Fold& fold, const LaneModeSet& body);
void fold_emergency(Fold& fold, const EmergencySet& body);

// fold_venue.cpp
bool note_rooms(Fold& fold, const Catalogue& catalogue);  // how many persons tickets may let in; true: more than before
void fold_catalogue(Fold& fold, const CataloguePublished& body);
void fold_certificate(Fold& fold, NodeId node, const NodeName& name, const Bytes& certificate, bool enrolled);
void fold_node_revoked(Fold& fold, const NodeRevoked& body);
void fold_ticket_revoked(Fold& fold, const TicketRevoked& body);
void fold_lease_ordered(Fold& fold, const LeaseOrdered& body);
void fold_order(Fold& fold, const OrderImported& body);
void fold_login(Fold& fold, const OperatorName& name, bool succeeded);
void fold_device(Fold& fold, const DeviceChanged& body);
void fold_resolution(Fold& fold, const ConflictResolved& body);
void note_control(Fold& fold, Kind kind);

// What befell a ticket besides uses. On disk.
enum class Mark : std::uint8_t { refund = 0, revocation = 1, reissue = 2, reprint = 3 };
void mark_ticket(Fold& fold, const TicketId& ticket, Mark mark, std::int64_t amount, std::int64_t flags);

// conflicts.cpp, conflicts_ticket.cpp: each derives its subject's conflicts anew from the tables.
// What is told of a ticket that took another one's place is told of that one, see ticket_family.hpp.
void judge_ticket(Fold& fold, const TicketId& ticket);
// `reissued`: by who knows already whether the record that made it replaced another ticket.
void judge_ticket(Fold& fold, const TicketId& ticket, bool reissued);
// Of the tickets that records of these keys made or would have made, those that gates let in: all beyond the key
// `trusted`, and up to it those whose record is not held.
void judge_used(Fold& fold, KeyRange sold, std::int64_t trusted);
void judge_double_admissions(Fold& fold);                  // those found: what a ticket has room for is known better
void judge_reissues(Fold& fold);                           // all tickets that took another one's place, and those
void judge_revocations(Fold& fold);                        // the tickets that any revoked node casts doubt on
void judge_session(Fold& fold, const SessionId& session);  // what all sold of it and did not refund, by its capacity
void judge_leases(Fold& fold, const SessionId& session, NodeId node);  // what the node sold of it, by its leases
void judge_prices(Fold& fold, RecordRef sale);

// Units that the records of `range`, a node's or one journal's, say it was given. A grant counts once, by its first
// lease_received there.
[[nodiscard]] std::int64_t units_received(Database& database, const SessionId& session, KeyRange range);

// The right of a ticket by the record that made it; nothing when that is not held or not projected.
struct TicketRight {
    ProductId product;
    std::uint16_t persons = 1;
    std::uint16_t entries = 1;
    Minor price;
};
[[nodiscard]] std::optional<TicketRight> right_of(Database& database, const TicketId& ticket);

// A stored record; nothing when it is not held.
[[nodiscard]] std::optional<Record> load_record(Database& database, RecordRef ref);

}  // namespace gatehouse::ledger
