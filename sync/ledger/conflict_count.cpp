#include "sync/ledger/conflict_count.hpp"

namespace gatehouse::ledger {

std::uint64_t conflict_count(Database& database) {
    auto count = database.prepare("SELECT count(*) FROM conflict");
    const auto row = count.step();
    return row && *row ? static_cast<std::uint64_t>(count.number(0)) : 0;
}

}  // namespace gatehouse::ledger
