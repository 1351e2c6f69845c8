// Persons who came in through lanes, by business date. Summed in memory until the transaction ends: one row for many
// records. Internal to sync/ledger.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "sync/ledger/row_access.hpp"

namespace gatehouse::ledger {

// What one record changes.
struct Entered {
    NodeId node;
    Date business_date;
    LaneName lane;
    std::int64_t persons = 0;  // may be negative: a verdict is dated anew
};

class LaneDays {
public:
    void add(const std::vector<Entered>& entered);
    // Into table lane_day; nothing is waiting afterwards.
    [[nodiscard]] Result<void> write(Database& database);
    void forget() { waiting_.clear(); }

private:
    std::map<std::tuple<NodeId, Date, LaneName>, std::int64_t> waiting_;
};

}  // namespace gatehouse::ledger
