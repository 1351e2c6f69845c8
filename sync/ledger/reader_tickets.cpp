#include "sync/ledger/reader_inner.hpp"
#include "sync/ledger/snapshot.hpp"

namespace gatehouse::ledger {

namespace {

void add_uses(Database& database, TicketFacts& facts) {
    auto rows = ask(database,
                    "SELECT ref, persons, companions, reentry, direction, confirmation, zone, gate, lane, wall, "
                    "business_date FROM verdict WHERE sold = ? AND ordinal = ? AND decision = 0",
                    facts.id.sold, facts.id.ordinal);
    while (next(rows)) {
        Use use;
        use.verdict = ref_at(rows, 0);
        use.persons = as<std::uint16_t>(rows.number(1));
        use.companions = as<std::uint16_t>(rows.number(2));
        use.reentry = rows.number(3) != 0;
        use.direction = as<Direction>(rows.number(4));
        use.confirmation = as<Confirmation>(rows.number(5));
        use.zone = ZoneId{text_at(rows, 6)};
        use.gate = GateName{text_at(rows, 7)};
        use.lane = LaneName{text_at(rows, 8)};
        use.at = WallTime{rows.number(9)};
        use.business_date = Date{as<std::int32_t>(rows.number(10))};
        facts.uses.emplace(use.verdict, std::move(use));
    }
    for (auto& [verdict, use] : facts.uses) {
        auto passages =
            ask(database, "SELECT ref, outcome, evidence, persons, companions FROM passage WHERE verdict = ?", verdict);
        while (next(passages))
            use.passages.emplace(
                ref_at(passages, 0),
                Passage{verdict, as<PassageOutcome>(passages.number(1)), as<Evidence>(passages.number(2)),
                        as<std::uint16_t>(passages.number(3)), as<std::uint16_t>(passages.number(4))});
    }
}

void add_marks(Database& database, TicketFacts& facts) {
    auto rows = ask(database, "SELECT kind, ref, flags FROM ticket_mark WHERE sold = ? AND ordinal = ?", facts.id.sold,
                    facts.id.ordinal);
    while (next(rows)) {
        const auto ref = ref_at(rows, 1);
        switch (as<Mark>(rows.number(0))) {
            case Mark::refund: facts.refunds[ref] = (rows.number(2) & 1) != 0; break;
            case Mark::revocation: facts.revocations.insert(ref); break;
            case Mark::reissue: facts.reissues.insert(ref); break;
            case Mark::reprint: facts.reprints.insert(ref); break;
        }
    }
}

// The payload is not kept twice: it stands in the record that made the ticket.
void add_origin(Database& database, TicketFacts& facts) {
    auto row =
        ask(database, "SELECT stored FROM journal WHERE ref = ?1 AND NOT EXISTS (SELECT 1 FROM parked WHERE ref = ?1)",
            facts.id.sold);
    if (!next(row)) return;
    const auto stored = parse_record(row.blob(0));
    if (!stored) return;
    const auto body = decode_body(stored->header.kind, stored->body);
    if (!body) return;
    TicketFacts made;
    made.id = facts.id;
    made.apply(stored->header, *body);
    facts.origin = std::move(made.origin);
    const bool issues = std::holds_alternative<Sale>(*body) || std::holds_alternative<Reissue>(*body);
    if (facts.origin && issues) facts.issued = issued_code_of(stored->extension, facts.id.ordinal);
}

}  // namespace

TicketFacts LedgerReader::ticket(const TicketId& id) {
    auto& database = *inner_->database;
    TicketFacts facts;
    facts.id = id;
    if (!has_key(id.sold)) return facts;
    // One look at the database for all of it: each statement by itself would take and give back the log's locks.
    const Snapshot one_look{database};
    add_uses(database, facts);
    add_marks(database, facts);
    add_origin(database, facts);
    return facts;
}

std::optional<TicketFacts> LedgerReader::ticket_issued_as(const TicketId& id, const IssuedCode& code) {
    auto& database = *inner_->database;
    TicketFacts facts;
    facts.id = id;
    if (!has_key(id.sold)) return std::nullopt;
    const Snapshot one_look{database};
    add_origin(database, facts);
    if (facts.issued != code) return std::nullopt;
    add_uses(database, facts);
    add_marks(database, facts);
    return facts;
}

std::optional<TicketId> LedgerReader::order_by_code(std::string_view code) {
    auto row = ask(*inner_->database, "SELECT ref FROM imported_order WHERE code = ? ORDER BY ref LIMIT 1", code);
    if (!next(row)) return std::nullopt;
    return TicketId{ref_at(row, 0), 1};
}

std::uint16_t LedgerReader::copies(const TicketId& id) {
    if (!has_key(id.sold)) return 0;
    auto row = ask(*inner_->database, "SELECT max(amount) FROM ticket_mark WHERE sold = ? AND ordinal = ? AND kind = 3",
                   id.sold, id.ordinal);
    return next(row) ? as<std::uint16_t>(row.number(0)) : std::uint16_t{0};
}

}  // namespace gatehouse::ledger
