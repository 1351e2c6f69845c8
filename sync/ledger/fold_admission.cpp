// Verdicts, passages, and what lanes counted by themselves.
#include <algorithm>

#include "sync/ledger/fold.hpp"
#include "sync/ledger/ticket_family.hpp"

namespace gatehouse::ledger {

namespace {

// What the passage records of a reservation say.
struct Told {
    std::int64_t persons = 0;
    std::int64_t companions = 0;
    bool given_back = false;
    std::int64_t turned = 0;  // persons and companions

    // What none of them speaks of yet.
    [[nodiscard]] std::int64_t still_open(std::int64_t of_persons, std::int64_t of_companions) const {
        return std::max<std::int64_t>(of_persons - persons, 0) + std::max<std::int64_t>(of_companions - companions, 0);
    }
};

Told passages_of(Fold& fold, RecordRef verdict) {
    auto sums = fold.rows(
        "SELECT ifnull(sum(persons), 0), ifnull(sum(companions), 0), ifnull(max(outcome = 1), 0), "
        "ifnull(sum((outcome = 0) * (persons + companions)), 0) FROM passage WHERE verdict = ?",
        verdict);
    if (!fold.next(sums)) return {};
    return {sums.number(0), sums.number(1), sums.number(2) != 0, sums.number(3)};
}

// What a turn adds to the persons who came in by its verdict's `row`. More turns than persons reserved add nothing.
Entered turned_in(const Statement& row, const Told& told, const Passage& turn) {
    const auto reserved = row.number(2) + row.number(3);
    const auto before = told.turned - turn.persons - turn.companions;
    return {turn.verdict.node, Date{as<std::int32_t>(row.number(7))}, LaneName{text_at(row, 8)},
            std::min(told.turned, reserved) - std::min(before, reserved)};
}

}  // namespace

std::optional<RecordRef> order_of(Database& database, RecordRef sold) {
    for (int replaced = 0; replaced <= most_replacements; ++replaced) {
        if (sold.node == central_node) {
            auto order = ask(database, "SELECT 1 FROM control WHERE kind = ? AND ref = ?", Kind::order_imported, sold);
            return next(order) ? std::optional{sold} : std::nullopt;
        }
        auto former = ask(database, "SELECT sold FROM ticket_mark WHERE ref = ? AND kind = ?", sold, Mark::reissue);
        if (!next(former)) return std::nullopt;
        sold = ref_at(former, 0);
    }
    return std::nullopt;
}

// An order took nobody's place, and what takes a place takes one: they are a tree, which ends.
void redeem_all(Fold& fold, RecordRef order) {
    auto uses = fold.rows(
        "WITH RECURSIVE its(sold, replaced) AS (SELECT ?1, 0 UNION ALL SELECT m.ref, replaced + 1 FROM its "
        "JOIN ticket_mark m ON m.sold = its.sold WHERE m.kind = ?2 AND replaced < ?3) "
        "SELECT v.ref FROM its JOIN verdict v ON v.sold = its.sold WHERE v.decision = 0 ORDER BY v.ref",
        order, Mark::reissue, most_replacements);
    while (fold.next(uses)) redeem(fold, ref_at(uses, 0));
}

void redeem(Fold& fold, RecordRef verdict) {
    fold.put(
        "INSERT INTO redemption (verdict, persons) SELECT ref, walked - told FROM (SELECT v.ref, "
        "CASE v.confirmation WHEN 1 THEN v.persons ELSE min(v.persons, "
        "(SELECT ifnull(sum(p.persons), 0) FROM passage p WHERE p.verdict = v.ref AND p.outcome = 0)) END AS walked, "
        "(SELECT ifnull(sum(r.persons), 0) FROM redemption r WHERE r.verdict = v.ref) AS told "
        "FROM verdict v WHERE v.ref = ? AND v.decision = 0 AND v.direction = 0 AND v.reentry = 0) WHERE walked > told",
        verdict);
}

void fold_verdict(Fold& fold, const Verdict& body) {
    fold.require(!body.ticket || has_key(body.ticket->sold), "its ticket cannot be of a record");
    if (fold.stopped()) return;
    const bool admits = body.decision == Decision::admit;
    const bool waits = admits && body.confirmation == Confirmation::by_passage;
    const auto told = waits ? passages_of(fold, fold.ref) : Told{};
    const auto open = waits ? told.still_open(body.persons, body.companions) : 0;
    std::optional<RecordRef> sold;
    std::optional<std::uint16_t> ordinal;
    if (body.ticket) {
        sold = body.ticket->sold;
        ordinal = body.ticket->ordinal;
    }
    fold.put("INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", fold.ref, sold,
             ordinal, body.product, body.gate, body.lane, body.zone, body.direction, body.decision, body.reason,
             body.persons, body.companions, body.reentry, body.confirmation, body.repeats, open, fold.business_date,
             fold.wall);
    note_client(fold, body.id);
    const std::int64_t reserved = std::int64_t{body.persons} + body.companions;
    if (admits && body.direction == Direction::entry)
        fold.entered.push_back(
            {fold.ref.node, fold.business_date, body.lane, waits ? std::min(told.turned, reserved) : reserved});
    if (!admits || !body.ticket) return;
    const bool reissued = is_reissue(fold, *sold);
    if ((reissued || sold->node == central_node) && order_of(fold.database, *sold)) redeem(fold, fold.ref);
    judge_ticket(fold, *body.ticket, reissued);
}

void fold_scan_joined(Fold& fold, const ScanJoined& body) {
    fold.require(has_key(body.verdict), "its verdict cannot be a record");
    if (!fold.stopped()) note_client(fold, body.id);
}

void fold_passage(Fold& fold, const Passage& body) {
    fold.require(has_key(body.verdict), "its verdict cannot be a record");
    if (fold.stopped()) return;
    fold.put("INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?)", body.verdict, fold.ref, body.outcome, body.evidence,
             body.persons, body.companions);
    auto verdict = fold.rows(
        "SELECT sold, ordinal, persons, companions, confirmation, open, direction, business_date, lane "
        "FROM verdict WHERE ref = ? AND decision = 0",
        body.verdict);
    if (!fold.next(verdict)) return;
    const auto told = passages_of(fold, body.verdict);
    if (as<Confirmation>(verdict.number(4)) == Confirmation::by_passage) {
        const auto open = told.still_open(verdict.number(2), verdict.number(3));
        if (as<Direction>(verdict.number(6)) == Direction::entry && body.outcome == PassageOutcome::turned)
            fold.entered.push_back(turned_in(verdict, told, body));
        if (open != verdict.number(5)) fold.put("UPDATE verdict SET open = ? WHERE ref = ?", open, body.verdict);
    }
    if (verdict.is_null(0)) return;
    const TicketId ticket{ref_at(verdict, 0), as<std::uint16_t>(verdict.number(1))};
    if (body.outcome == PassageOutcome::turned && order_of(fold.database, ticket.sold)) redeem(fold, body.verdict);
    // A turn changes what is held only where persons were given back as well.
    if (told.given_back) judge_ticket(fold, ticket);
}

void fold_lane_counted(Fold& fold, const LaneCounted& body) {
    fold.put("INSERT INTO lane_count VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", fold.ref, body.gate, body.lane, body.zone,
             body.direction, body.cause, body.persons, fold.business_date, fold.wall);
}

void fold_let_through_ordered(Fold& fold, const LetThroughOrdered& body) {
    fold.require(has_key(body.counted), "what it counted cannot be a record");
    if (!fold.stopped()) note_client(fold, body.id);
}

void fold_lane_mode(Fold& fold, const LaneModeSet& body) {
    fold.put(
        "INSERT INTO lane_mode VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node, lane) DO UPDATE SET "
        "ref = excluded.ref, mode = excluded.mode, reason = excluded.reason, actor = excluded.actor, "
        "wall = excluded.wall WHERE excluded.ref > ref",
        fold.ref.node, body.lane, fold.ref, body.mode, body.reason, fold.header.actor, fold.header.wall);
}

void fold_emergency(Fold& fold, const EmergencySet& body) {
    fold.put(
        "INSERT INTO emergency VALUES (?, ?, ?, ?) ON CONFLICT (node) DO UPDATE SET ref = excluded.ref, "
        "open = excluded.open, cause = excluded.cause WHERE excluded.ref > ref",
        fold.ref.node, fold.ref, body.open, body.cause);
}

}  // namespace gatehouse::ledger
