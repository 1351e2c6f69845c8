#include <algorithm>

#include "sync/ledger/reader_inner.hpp"

namespace gatehouse::ledger {

std::vector<OpenReservation> LedgerReader::open_reservations(NodeId node) {
    auto& database = *inner_->database;
    const auto range = keys_of(node);
    std::vector<OpenReservation> found;
    auto rows = ask(database, "SELECT ref FROM verdict WHERE open > 0 AND ref BETWEEN ? AND ? ORDER BY ref",
                    range.first, range.last);
    while (next(rows)) {
        const auto ref = ref_at(rows, 0);
        auto record = load_record(database, ref);
        if (!record || !std::holds_alternative<Verdict>(record->body)) continue;
        OpenReservation open{ref, std::move(record->header), std::move(std::get<Verdict>(record->body)), 0, 0};
        auto sums = ask(database, "SELECT sum(persons), sum(companions) FROM passage WHERE verdict = ?", ref);
        const bool there = next(sums);
        const auto rest = [&](std::uint16_t all, int column) {
            return as<std::uint16_t>(std::max<std::int64_t>(all - (there ? sums.number(column) : 0), 0));
        };
        open.persons = rest(open.body.persons, 0);
        open.companions = rest(open.body.companions, 1);
        found.push_back(std::move(open));
    }
    return found;
}

std::vector<UnknownPassage> LedgerReader::unknown_passages(NodeId node, Date business_date) {
    const auto range = keys_of(node);
    auto rows =
        ask(*inner_->database,
            "SELECT v.ref, v.gate, v.lane, v.sold, v.ordinal, v.wall, sum(p.persons), sum(p.companions) "
            "FROM verdict v JOIN passage p ON p.verdict = v.ref WHERE v.business_date = ? "
            "AND v.ref BETWEEN ? AND ? AND p.outcome = 2 AND NOT EXISTS "
            "(SELECT 1 FROM passage r WHERE r.verdict = v.ref AND r.evidence = 2) GROUP BY v.ref ORDER BY v.ref",
            business_date, range.first, range.last);
    std::vector<UnknownPassage> found;
    while (next(rows)) {
        UnknownPassage one{
            ref_at(rows, 0),          GateName{text_at(rows, 1)},        LaneName{text_at(rows, 2)},       std::nullopt,
            WallTime{rows.number(5)}, as<std::uint16_t>(rows.number(6)), as<std::uint16_t>(rows.number(7))};
        if (!rows.is_null(3)) one.ticket = TicketId{ref_at(rows, 3), as<std::uint16_t>(rows.number(4))};
        found.push_back(std::move(one));
    }
    return found;
}

std::optional<LaneState> LedgerReader::lane(NodeId node, const LaneName& lane, Epoch since) {
    auto row = ask(*inner_->database,
                   "SELECT mode, reason, actor, wall FROM lane_mode WHERE node = ? AND lane = ? AND ref >= ?", node,
                   lane, keys_of(JournalId{node, since}).first);
    if (!next(row)) return std::nullopt;
    return LaneState{as<LaneMode>(row.number(0)), text_at(row, 1), OperatorName{text_at(row, 2)},
                     WallTime{row.number(3)}};
}

std::optional<EmergencySet> LedgerReader::emergency(NodeId node, Epoch since) {
    auto row = ask(*inner_->database, "SELECT open, cause FROM emergency WHERE node = ? AND ref >= ?", node,
                   keys_of(JournalId{node, since}).first);
    if (!next(row)) return std::nullopt;
    return EmergencySet{row.number(0) != 0, text_at(row, 1)};
}

namespace {

// Of a date's admits by ticket or order: persons turned and persons whose fate is not known. Companions count.
constexpr const char* passed_on_date =
    "WITH sums AS (SELECT v.ref, v.zone, v.direction, v.confirmation, v.persons + v.companions AS reserved, "
    "(SELECT ifnull(sum(persons + companions), 0) FROM passage p WHERE p.verdict = v.ref AND p.outcome = 0) AS t, "
    "(SELECT ifnull(sum(persons + companions), 0) FROM passage p WHERE p.verdict = v.ref AND p.outcome = 1) AS a "
    "FROM verdict v WHERE v.business_date = ?1 AND v.decision = 0) "
    "SELECT zone, direction, sum(CASE confirmation WHEN 1 THEN reserved ELSE min(t, reserved) END), "
    "sum(CASE confirmation WHEN 1 THEN 0 ELSE max(reserved - t - a, 0) END) FROM sums GROUP BY zone, direction";

}  // namespace

std::vector<Occupancy> LedgerReader::occupancy(Date business_date) {
    auto& database = *inner_->database;
    std::map<std::string, Occupancy> zones;
    const auto add = [&](const std::string& zone, Direction direction, std::int64_t persons, std::int64_t uncertain) {
        auto& sums = zones[zone];
        sums.zone = ZoneId{zone};
        (direction == Direction::entry ? sums.entered : sums.left) += persons;
        (direction == Direction::entry ? sums.maybe_entered : sums.maybe_left) += uncertain;
    };
    auto passed = ask(database, passed_on_date, business_date);
    while (next(passed)) add(text_at(passed, 0), as<Direction>(passed.number(1)), passed.number(2), passed.number(3));
    // What lanes counted by themselves; turns in green mode stand beside verdicts that were counted already.
    auto counted = ask(database,
                       "SELECT zone, direction, sum(persons) FROM lane_count WHERE business_date = ? AND cause <> 1 "
                       "GROUP BY zone, direction",
                       business_date);
    while (next(counted)) add(text_at(counted, 0), as<Direction>(counted.number(1)), counted.number(2), 0);
    std::vector<Occupancy> found;
    for (auto& [name, sums] : zones) found.push_back(std::move(sums));
    return found;
}

std::map<LaneName, std::uint32_t> LedgerReader::admitted(NodeId node, Date business_date) {
    std::map<LaneName, std::uint32_t> found;
    auto rows = ask(*inner_->database, "SELECT lane, entered FROM lane_day WHERE node = ? AND business_date = ?", node,
                    business_date);
    while (next(rows)) found[LaneName{text_at(rows, 0)}] = as<std::uint32_t>(rows.number(1));
    return found;
}

std::map<LaneName, std::uint32_t> LedgerReader::let_through(NodeId node, Date business_date) {
    std::map<LaneName, std::uint32_t> found;
    auto rows = ask(*inner_->database,
                    "SELECT lane, sum(persons) FROM lane_count WHERE ref >> 47 = ?1 AND business_date = ?2 "
                    "AND cause = ?3 AND direction = ?4 GROUP BY lane",
                    node, business_date, CountCause::let_through, Direction::entry);
    while (next(rows)) found[LaneName{text_at(rows, 0)}] = as<std::uint32_t>(rows.number(1));
    return found;
}

}  // namespace gatehouse::ledger
