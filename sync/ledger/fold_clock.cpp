// What a suspect clock wrote is dated by the one clock_corrected record of its boot, whenever that arrives.
#include <algorithm>

#include "sync/ledger/fold.hpp"

namespace gatehouse::ledger {

namespace {

// Nobody's clock is off by more than three hundred years, and sums of such times fit.
constexpr std::int64_t largest_offset = std::int64_t{10'000'000'000'000};

// By comparison: the least number has no opposite that std::abs could give.
bool is_near(std::int64_t ms) { return ms >= -largest_offset && ms <= largest_offset; }

bool is_dated(Kind kind) {
    return kind == Kind::shift_opened || kind == Kind::shift_closed || kind == Kind::sale || kind == Kind::refund ||
           kind == Kind::reissue || kind == Kind::verdict || kind == Kind::lane_counted || kind == Kind::ticket_revoked;
}

// What one correction says of the suspect records of its boot.
struct Correction {
    std::int64_t offset_ms = 0;
    std::optional<WallTime> began;  // when the boot did
};

// `boot_ms` is since the boot began; none for what was stored by an older release.
WallTime corrected(const Correction& by, WallTime wall, std::optional<std::int64_t> boot_ms) {
    if (by.began && boot_ms) return WallTime{by.began->value + *boot_ms};
    return WallTime{std::clamp(wall.value, -largest_offset, largest_offset * 25) + by.offset_ms};
}

std::optional<std::int64_t> number_at(Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.number(column);
}

// At most 2^64 nanoseconds.
std::int64_t boot_ms(const Header& header) { return static_cast<std::int64_t>(header.boot_ns / 1'000'000U); }

// Those who came in by a verdict, on the date that it has now.
std::optional<Entered> entered_by(Fold& fold, RecordRef verdict) {
    auto row = fold.rows(
        "SELECT business_date, lane, CASE confirmation WHEN 1 THEN persons + companions ELSE min(persons + companions, "
        "(SELECT ifnull(sum(p.persons + p.companions), 0) FROM passage p WHERE p.verdict = verdict.ref AND "
        "p.outcome = 0)) END FROM verdict WHERE ref = ? AND decision = 0 AND direction = 0",
        verdict);
    if (!fold.next(row)) return std::nullopt;
    return Entered{verdict.node, Date{as<std::int32_t>(row.number(0))}, LaneName{text_at(row, 1)}, row.number(2)};
}

void redate(Fold& fold, RecordRef ref, Kind kind, WallTime wall) {
    const Date date = fold.calendar.business_date(wall);
    if (kind == Kind::shift_opened)
        fold.put("UPDATE shift SET wall = ?, business_date = ? WHERE ref = ?", wall, date, ref);
    if (kind == Kind::shift_closed) fold.put("UPDATE shift_close SET wall = ? WHERE ref = ?", wall, ref);
    if (kind == Kind::sale) {
        fold.put("UPDATE sale SET wall = ?, business_date = ?, written_date = ? WHERE ref = ?", wall, date, date, ref);
        judge_prices(fold, ref);
    }
    if (kind == Kind::refund) fold.put("UPDATE refund SET wall = ?, business_date = ? WHERE ref = ?", wall, date, ref);
    if (kind == Kind::lane_counted)
        fold.put("UPDATE lane_count SET wall = ?, business_date = ? WHERE ref = ?", wall, date, ref);
    if (kind == Kind::refund || kind == Kind::reissue || kind == Kind::ticket_revoked) {
        fold.put("UPDATE ticket_mark SET wall = ? WHERE ref = ?", wall, ref);
        auto marked = fold.rows("SELECT DISTINCT sold, ordinal FROM ticket_mark WHERE ref = ?", ref);
        while (fold.next(marked)) judge_ticket(fold, {ref_at(marked, 0), as<std::uint16_t>(marked.number(1))});
    }
    if (kind == Kind::verdict) {
        if (auto entered = entered_by(fold, ref)) {
            fold.entered.push_back({entered->node, entered->business_date, entered->lane, -entered->persons});
            entered->business_date = date;
            fold.entered.push_back(std::move(*entered));
        }
        fold.put("UPDATE verdict SET wall = ?, business_date = ? WHERE ref = ?", wall, date, ref);
        auto used = fold.rows("SELECT sold, ordinal FROM verdict WHERE ref = ? AND sold IS NOT NULL", ref);
        if (fold.next(used)) judge_ticket(fold, {ref_at(used, 0), as<std::uint16_t>(used.number(1))});
    }
}

}  // namespace

void date_record(Fold& fold) {
    if (fold.header.clock != ClockQuality::suspect || !is_dated(fold.header.kind)) return;
    fold.put("INSERT INTO suspect VALUES (?, ?, ?, ?, ?, ?, ?)", fold.ref.node, fold.header.boot, fold.ref,
             fold.header.kind, fold.header.wall, fold.header.business_date, boot_ms(fold.header));
    auto first =
        fold.rows("SELECT offset_ms, began_ms FROM clock_correction WHERE node = ? AND boot = ? ORDER BY ref LIMIT 1",
                  fold.ref.node, fold.header.boot);
    if (!fold.next(first)) {
        fold.priced_date = no_priced_date;
        return;
    }
    Correction by{first.number(0), std::nullopt};
    if (const auto began = number_at(first, 1)) by.began = WallTime{*began};
    fold.wall = corrected(by, fold.header.wall, boot_ms(fold.header));
    fold.business_date = fold.calendar.business_date(fold.wall);
    fold.priced_date = fold.business_date;
}

void fold_correction(Fold& fold, const ClockCorrected& body) {
    const Correction by{body.offset_ms, fold.boot_began};
    fold.require(is_near(by.offset_ms) && (!by.began || is_near(by.began->value)),
                 "a correction by more than three hundred years");
    if (fold.stopped()) return;
    fold.put("INSERT INTO clock_correction VALUES (?, ?, ?, ?, ?)", fold.ref.node, body.boot, fold.ref, by.offset_ms,
             by.began);
    // Once for each boot: the first by record holds.
    const auto first =
        fold.number("SELECT min(ref) FROM clock_correction WHERE node = ? AND boot = ?", fold.ref.node, body.boot);
    if (first != to_key(fold.ref)) return;
    auto suspects =
        fold.rows("SELECT ref, kind, wall, boot_ms FROM suspect WHERE node = ? AND boot = ?", fold.ref.node, body.boot);
    while (fold.next(suspects))
        redate(fold, ref_at(suspects, 0), as<Kind>(suspects.number(1)),
               corrected(by, WallTime{suspects.number(2)}, number_at(suspects, 3)));
}

}  // namespace gatehouse::ledger
