#include <algorithm>
#include <charconv>

#include "sync/ledger/reader_inner.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::ledger {

namespace {

struct Passed {
    std::int64_t turned = 0;
    std::int64_t uncertain = 0;
};

// Persons and companions of one admit: walked through, and not known.
Passed passed(Database& database, const Statement& verdict, int ref, int confirmation, int persons, int companions) {
    const auto reserved = verdict.number(persons) + verdict.number(companions);
    if (as<Confirmation>(verdict.number(confirmation)) == Confirmation::at_once) return {reserved, 0};
    auto sums = ask(database,
                    "SELECT ifnull(sum(persons + companions) FILTER (WHERE outcome = 0), 0), "
                    "ifnull(sum(persons + companions) FILTER (WHERE outcome = 1), 0) FROM passage WHERE verdict = ?",
                    verdict.number(ref));
    if (!next(sums)) return {0, reserved};
    const auto turned = std::min(sums.number(0), reserved);
    return {turned, std::max<std::int64_t>(reserved - turned - sums.number(1), 0)};
}

std::int32_t hour_of(const VenueCalendar& calendar, WallTime wall) {
    const auto text = calendar.format_minute(wall);  // "2026-11-21 09:30"
    std::int32_t hour = 0;
    if (text.size() >= 13) std::from_chars(text.data() + 11, text.data() + 13, hour);
    return hour;
}

// Hours are whole quarters apart in every zone, so one quarter of an hour has one hour of the day.
class HourCache {
public:
    explicit HourCache(const VenueCalendar& calendar) : calendar_(calendar) {}
    std::int32_t hour(WallTime wall) {
        const auto quarter = wall.value / 900'000;
        const auto found = hours_.find(quarter);
        if (found != hours_.end()) return found->second;
        return hours_[quarter] = hour_of(calendar_, wall);
    }

private:
    const VenueCalendar& calendar_;
    std::map<std::int64_t, std::int32_t> hours_;
};

using AdmissionKey = std::tuple<NodeId, std::string, std::string, std::string, Direction, std::int32_t, std::string>;

std::vector<AdmissionRow> admissions_on(Database& database, const VenueCalendar& calendar, Date date) {
    HourCache hours{calendar};
    std::map<AdmissionKey, AdmissionRow> sums;
    auto rows = ask(database,
                    "SELECT ref, confirmation, persons, companions, gate, lane, zone, direction, product, wall, "
                    "reentry FROM verdict WHERE business_date = ? AND decision = 0",
                    date);
    while (next(rows)) {
        const auto node = ref_at(rows, 0).node;
        const auto direction = as<Direction>(rows.number(7));
        const auto hour = hours.hour(WallTime{rows.number(9)});
        auto& row =
            sums[{node, text_at(rows, 4), text_at(rows, 5), text_at(rows, 6), direction, hour, text_at(rows, 8)}];
        if (row.lane.value.empty())
            row = {node, GateName{text_at(rows, 4)}, LaneName{text_at(rows, 5)}, ZoneId{text_at(rows, 6)}, direction,
                   hour, ProductId{text_at(rows, 8)}};
        const auto [turned, uncertain] = passed(database, rows, 0, 1, 2, 3);
        const bool reentry = rows.number(10) != 0;
        if (!reentry && turned + uncertain > 0) ++row.tickets;
        (reentry ? row.reentries : row.persons) += turned;
        row.uncertain += uncertain;
    }
    std::vector<AdmissionRow> found;
    for (auto& [key, row] : sums) found.push_back(std::move(row));
    return found;
}

}  // namespace

AdmissionsReport Reports::admissions(Date business_date) {
    auto& database = reader_.database();
    AdmissionsReport report;
    const auto calendar = VenueCalendar::make(venue_.time_zone, venue_.cutover);
    report.admissions = admissions_on(database, calendar ? *calendar : VenueCalendar::utc(), business_date);
    auto refused =
        ask(database,
            "SELECT ref >> 47, gate, lane, reason, sum(max(repeats, 1)) FROM verdict WHERE business_date = ? "
            "AND decision = 1 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            business_date);
    while (next(refused))
        report.refusals.push_back({NodeId{as<std::uint16_t>(refused.number(0))}, GateName{text_at(refused, 1)},
                                   LaneName{text_at(refused, 2)}, as<Reason>(refused.number(3)), refused.number(4)});
    auto counted = ask(database,
                       "SELECT ref >> 47, gate, lane, direction, cause, sum(persons) FROM lane_count "
                       "WHERE business_date = ? GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
                       business_date);
    while (next(counted))
        report.counts.push_back({NodeId{as<std::uint16_t>(counted.number(0))}, GateName{text_at(counted, 1)},
                                 LaneName{text_at(counted, 2)}, as<Direction>(counted.number(3)),
                                 as<CountCause>(counted.number(4)), counted.number(5)});
    return report;
}

namespace {

// A cursor names how far each journal was read: "7-1-120,8-2-4". The same whatever arrived in which order.
std::map<JournalId, Seq> read_cursor(std::string_view text) {
    std::map<JournalId, Seq> positions;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto ref = parse_record_ref(text.substr(0, comma));
        if (!ref || !has_key(*ref)) return {};
        positions[ref->journal()] = ref->seq;
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return positions;
}

std::string write_cursor(const std::map<JournalId, Seq>& positions) {
    std::string text;
    for (const auto& [journal, seq] : positions)
        text += (text.empty() ? "" : ",") + to_string(RecordRef{journal.node, journal.epoch, seq});
    return text;
}

Redemption redemption_of(Database& database, RecordRef verdict, std::int64_t persons) {
    Redemption found;
    found.verdict = verdict;
    found.persons = as<std::uint16_t>(persons);
    auto row = ask(database, "SELECT sold, wall, gate FROM verdict WHERE ref = ?", verdict);
    if (!next(row)) return found;
    found.at = WallTime{row.number(1)};
    found.gate = GateName{text_at(row, 2)};
    if (auto order = load_body<OrderImported>(database, ref_at(row, 0))) {
        found.code = std::move(order->code);
        found.order = std::move(order->order);
        found.channel = std::move(order->channel);
    }
    return found;
}

}  // namespace

std::vector<Redemption> Reports::redemptions(const std::string& since, std::size_t count) {
    auto& database = reader_.database();
    auto positions = read_cursor(since);
    std::vector<Redemption> found;
    for (const auto& state : reader_.journals()) {
        const auto range = keys_of(state.journal);
        const auto after = positions.find(state.journal);
        const auto from = range.first + (after == positions.end() ? 0 : static_cast<std::int64_t>(after->second.value));
        auto rows =
            ask(database, "SELECT ref, verdict, persons FROM redemption WHERE ref > ? AND ref <= ? ORDER BY ref", from,
                range.last);
        while (found.size() < count && next(rows)) {
            positions[state.journal] = ref_at(rows, 0).seq;
            auto redemption = redemption_of(database, ref_at(rows, 1), rows.number(2));
            redemption.cursor = write_cursor(positions);
            found.push_back(std::move(redemption));
        }
    }
    return found;
}

}  // namespace gatehouse::ledger
