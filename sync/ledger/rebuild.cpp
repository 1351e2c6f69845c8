#include "schemas/base/check.hpp"
#include "sync/ledger/ledger_inner.hpp"
#include "sync/ledger/projection_tables.hpp"

namespace gatehouse::ledger {

namespace {

// Of what is unfinished under that name; none: nothing is.
std::optional<std::int64_t> position_of(Database& database, std::string_view what) {
    auto row = ask(database, "SELECT position FROM progress WHERE what = ?", what);
    if (!next(row)) return std::nullopt;
    return row.number(0);
}

}  // namespace

// Folds up to 1,000 records after `after`; `last` and `count` say how far it came.
Result<void> Ledger::Inner::fold_some(std::int64_t after, std::int64_t& last, std::uint32_t& count) {
    auto rows = ask(database, "SELECT ref, stored FROM journal WHERE ref > ? ORDER BY ref LIMIT 1000", after);
    while (true) {
        const auto there = rows.step();
        if (!there) return there.error();
        if (!*there) return {};
        const auto stored = rows.blob(1);
        const auto record = read_record(Bytes{stored.begin(), stored.end()});
        if (!record) return fail(ErrorCode::storage_unavailable, "a stored record cannot be read");
        if (const auto projected = project(*record); !projected) return projected.error();
        last = rows.number(0);
        ++count;
    }
}

Result<void> Ledger::rebuild(const std::function<void(std::uint64_t)>& progress) { return inner_->fold_anew(progress); }

Result<void> Ledger::Inner::fold_anew(const std::function<void(std::uint64_t)>& progress) {
    std::string sql = "BEGIN IMMEDIATE;";
    for (const auto& table : projection_tables())
        if (!table.keeps_told) sql += "DELETE FROM " + std::string{table.name} + ";";
    sql += "UPDATE stream SET applied = 0; DELETE FROM progress; INSERT INTO progress VALUES ('rebuild', 0); COMMIT;";
    if (const auto emptied = database.execute(sql); !emptied) return give_up(emptied.error());
    return fold_again(progress);
}

Result<void> Ledger::Inner::fold_again(const std::function<void(std::uint64_t)>& progress) {
    std::uint64_t done = 0;
    while (true) {
        const auto after = position_of(database, "rebuild");
        if (!after) break;
        if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return give_up(begun.error());
        std::int64_t last = *after;
        std::uint32_t count = 0;
        if (const auto folded = fold_some(*after, last, count); !folded) return give_up(folded.error());
        const auto moved =
            count > 0 ? run(ask(database, "UPDATE progress SET position = ?", last))
                      : Result<void>{database.execute("DELETE FROM progress; UPDATE stream SET applied = seq")};
        if (!moved) return give_up(moved.error());
        if (const auto summed = lane_days.write(database); !summed) return give_up(summed.error());
        if (const auto committed = database.execute("COMMIT"); !committed) return give_up(committed.error());
        if (database.log_pages() >= 1000) static_cast<void>(database.checkpoint(false));
        done += count;
        if (progress) progress(done);
    }
    return {};
}

// A release that judges tickets by other rules, or by more of what is held, has those judged again that the rules are
// about. A rebuild does as much.
Result<void> Ledger::Inner::judge_again() {
    if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return give_up(begun.error());
    const Header none;
    Fold fold{database, calendar, catalogues, none};
    auto versions = fold.rows("SELECT ref FROM catalogue");
    while (fold.next(versions)) {
        const auto record = load_record(database, ref_at(versions, 0));
        if (const auto* published = record ? std::get_if<CataloguePublished>(&record->body) : nullptr)
            note_rooms(fold, published->catalogue);
    }
    judge_used(fold, {0, INT64_MAX}, INT64_MAX);
    judge_revocations(fold);
    judge_reissues(fold);
    if (const auto& error = fold.error()) return give_up(*error);
    if (const auto& why = fold.parked()) return give_up(fail(ErrorCode::storage_unavailable, *why));
    if (const auto done = database.execute("DELETE FROM progress WHERE what = 'conflicts'; COMMIT"); !done)
        return give_up(done.error());
    return {};
}

Result<void> Ledger::Inner::go_on() {
    // What a rebuild that was under way has folded already, it folded by the rules of its release.
    if (position_of(database, "anew")) return fold_anew({});
    if (position_of(database, "rebuild")) return fold_again({});
    if (position_of(database, "conflicts")) return judge_again();
    if (database.fault() != Fault::none) return fail(ErrorCode::storage_unavailable, "reading failed");
    return {};
}

}  // namespace gatehouse::ledger
