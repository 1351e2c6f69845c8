#include "sync/ledger/lane_days.hpp"

namespace gatehouse::ledger {

void LaneDays::add(const std::vector<Entered>& entered) {
    for (const auto& one : entered) waiting_[{one.node, one.business_date, one.lane}] += one.persons;
}

Result<void> LaneDays::write(Database& database) {
    for (const auto& [key, persons] : waiting_) {
        if (persons == 0) continue;
        const auto& [node, date, lane] = key;
        auto added = ask(database,
                         "INSERT INTO lane_day VALUES (?1, ?2, ?3, ?4) ON CONFLICT (node, business_date, lane) DO "
                         "UPDATE SET entered = entered + ?4",
                         node, date, lane, persons);
        if (const auto done = added.run(); !done) return done.error();
        if (persons > 0) continue;
        // Equal sets of records make equal rows, whatever was there in between.
        auto emptied =
            ask(database, "DELETE FROM lane_day WHERE node = ? AND business_date = ? AND lane = ? AND entered = 0",
                node, date, lane);
        if (const auto done = emptied.run(); !done) return done.error();
    }
    waiting_.clear();
    return {};
}

}  // namespace gatehouse::ledger
