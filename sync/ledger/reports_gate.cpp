#include <algorithm>
#include <charconv>
#include <ranges>

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

struct Cursor {
    std::int64_t number = 0;
    RecordRef verdict;
};

// A cursor is a row's number and its use: "12.7-1-120".
std::optional<Cursor> read_cursor(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos || text.starts_with('-')) return std::nullopt;
    Cursor cursor;
    const auto number = text.substr(0, point);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), cursor.number);
    const auto verdict = parse_record_ref(text.substr(point + 1));
    if (read.ec != std::errc{} || read.ptr != number.data() + number.size() || !verdict || !has_key(*verdict))
        return std::nullopt;
    cursor.verdict = *verdict;
    return cursor;
}

// Should another database have taken this one's place, its row of that number is hardly of the same use. 0: begin at
// the start.
std::int64_t number_after(Database& database, std::string_view text) {
    const auto cursor = read_cursor(text);
    if (!cursor) return 0;
    auto row =
        ask(database, "SELECT 1 FROM redemption WHERE number = ? AND verdict = ?", cursor->number, cursor->verdict);
    return next(row) ? cursor->number : 0;
}

Redemption redemption_of(Database& database, RecordRef verdict, std::int64_t persons) {
    Redemption found;
    found.verdict = verdict;
    found.persons = as<std::uint16_t>(persons);
    auto row = ask(database, "SELECT sold, wall, gate, business_date FROM verdict WHERE ref = ?", verdict);
    if (!next(row)) return found;
    found.at = WallTime{row.number(1)};
    found.gate = GateName{text_at(row, 2)};
    found.business_date = Date{as<std::int32_t>(row.number(3))};
    const auto origin = order_of(database, ref_at(row, 0));
    if (auto order = origin ? load_body<OrderImported>(database, *origin) : std::nullopt) {
        found.code = std::move(order->code);
        found.order = std::move(order->order);
        found.channel = std::move(order->channel);
    }
    return found;
}

}  // namespace

bool is_cursor(std::string_view text) {
    if (text.empty() || read_cursor(text)) return text.size() <= longest_cursor;
    // Until schema 6 it was how far each journal had been read: "7-1-120,8-2-4".
    if (text.size() > longest_cursor) return false;
    for (const auto& position : std::views::split(text, ','))
        if (!parse_record_ref(std::string_view{position.begin(), position.end()})) return false;
    return true;
}

std::vector<Redemption> Reports::redemptions(const std::string& since, std::size_t count) {
    auto& database = reader_.database();
    auto rows =
        ask(database, "SELECT number, verdict, persons FROM redemption WHERE number > ? ORDER BY number LIMIT ?",
            number_after(database, since), count);
    std::vector<Redemption> found;
    while (next(rows)) {
        const auto verdict = ref_at(rows, 1);
        auto redemption = redemption_of(database, verdict, rows.number(2));
        redemption.cursor = std::to_string(rows.number(0)) + "." + to_string(verdict);
        found.push_back(std::move(redemption));
    }
    return found;
}

}  // namespace gatehouse::ledger
