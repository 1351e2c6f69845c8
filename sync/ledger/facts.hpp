// What the records say about one thing, gathered for the rules that decide about it.
//
// Facts are sets keyed by record: applying a record twice, or records in any order, gives the same facts. So the rules
// may be asked over what the store holds plus the overlay of records that are not synced yet, overlap or not.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemas/records/body.hpp"
#include "schemas/records/issued_codes.hpp"
#include "schemas/ticket/payload.hpp"

namespace gatehouse::ledger {

// What became of one reservation: sums over its passage records.
struct Use {
    RecordRef verdict;
    std::uint16_t persons = 0;  // reserved
    std::uint16_t companions = 0;
    bool reentry = false;
    Direction direction{};
    Confirmation confirmation{};
    ZoneId zone;
    GateName gate;
    LaneName lane;
    WallTime at;
    Date business_date;
    // By passage record: a set, so that a passage seen twice counts once.
    std::map<RecordRef, Passage> passages;

    // Persons not given back: what counts against entries x persons. `unknown` persons count as used.
    [[nodiscard]] std::uint16_t held() const;
    // Companions not given back, likewise: who was let in beside and did not come may come yet.
    [[nodiscard]] std::uint16_t companions_held() const;
    // Persons known to have walked through.
    [[nodiscard]] std::uint16_t turned() const;
    // Persons neither turned, abandoned nor unknown: the lane still waits for them, or the node died.
    [[nodiscard]] std::uint16_t open() const;
};

// Where a known ticket comes from. Tickets of sales never seen here are judged by their code alone.
struct TicketOrigin {
    TicketPayload payload;
    std::optional<std::string> order_code;  // of another seller's order
    std::string channel;                    // likewise
    Minor price;
};

struct TicketFacts {
    TicketId id;
    std::optional<TicketOrigin> origin;
    // The code that it was given, by the record that made it: of a stored one only, whose chain ends at a head that its
    // owner signed. Older records do not say.
    std::optional<IssuedCode> issued;
    std::map<RecordRef, Use> uses;      // by verdict; admits only
    std::map<RecordRef, bool> refunds;  // refund record -> by a supervisor
    std::set<RecordRef> revocations;
    std::set<RecordRef> reissues;  // records that replaced this ticket
    std::set<RecordRef> reprints;
    // Passages by verdict that came before their verdict did.
    std::map<RecordRef, std::map<RecordRef, Passage>> early;

    // Applies a record that may concern this ticket; others change nothing.
    void apply(const Header& header, const Body& body);
    // Persons held, in all and by business date: see "entries x persons" in the product description.
    [[nodiscard]] std::uint32_t held() const;
    [[nodiscard]] std::uint32_t held_on(Date business_date) const;
};

struct SaleFacts {
    RecordRef ref;
    Header header;
    Sale sale;
    std::vector<RecordRef> refunds;
    std::vector<std::uint16_t> replaced = {};  // ordinals of its tickets that another ticket took the place of
};

// One tender of a sale, as settled last.
struct TenderFacts {
    RecordRef sale;
    std::uint16_t line = 0;  // among the sale's tenders, from 0
    TenderKind kind{};
    TenderState state{};
    Minor amount;
    bool asked = false;  // it was unverified at the window
    WallTime sold;       // as corrected since, like the date
    Date business_date;  // the one whose reports count the sale
};

struct ShiftFacts {
    RecordRef ref;
    WindowName window;
    OperatorName clerk;
    Minor opening_float;
    WallTime opened;
    Minor cash_sales;  // cash tenders less change
    Minor cash_refunds;
    Minor paid_in;
    Minor paid_out;
    std::map<TenderKind, Minor> tenders;     // all kinds, sales less refunds; without what failed
    std::map<TenderKind, Minor> refunded;    // what refunds handed back, by kind
    std::map<TenderKind, Minor> unverified;  // of what its sales took: what nobody has confirmed yet
    std::uint32_t sales = 0;
    std::uint32_t refunds = 0;
    std::uint32_t tickets = 0;
    std::optional<Minor> counted;  // once closed
    [[nodiscard]] Minor expected_cash() const;
};

// Units of a session's capacity that a line takes: persons, not tickets, so that a group cannot overfill a session.
[[nodiscard]] constexpr std::uint64_t units_of(const SaleLine& line) {
    return std::uint64_t{line.quantity} * (line.persons == 0 ? 1U : line.persons);
}

// Units of one session as one node's journal says: granted in, sold. Units of refunds go back to central only.
struct SessionUnits {
    std::uint32_t received = 0;
    std::uint32_t sold = 0;
    [[nodiscard]] std::uint32_t left() const { return received > sold ? received - sold : 0; }
};

struct LoginFacts {
    std::uint32_t failures = 0;  // attempts since the last success
    WallTime last_attempt;
    BootId last_boot{};
    std::uint64_t last_boot_ns = 0;
};

}  // namespace gatehouse::ledger
