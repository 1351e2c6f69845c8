// The bare limits that figures are held against: what the disk and SQLite can do with nothing round them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "schemas/base/result.hpp"

namespace gatehouse::bench {

// Nanoseconds of each append of 256 octets with fdatasync to a fresh file in `folder`, which must not be on tmpfs;
// `pause` between one's end and the next: a disk that was idle takes longer.
[[nodiscard]] Result<std::vector<std::int64_t>> time_appends(const std::string& folder, std::size_t count,
                                                             std::chrono::microseconds pause);

struct RowsTimed {
    std::uint64_t journal_rows = 0;
    std::uint64_t all_rows = 0;
    double seconds = 0;
};

// Writes every row of the database `source` into a fresh one in `folder`: same schema and pragmas, prepared statements,
// rows from memory, `batch` rows of the journal to a transaction with their share of every other table's rows.
// Rows that the database `before` has just so are there when the clock starts, and neither timed nor counted; an empty
// name is none. Row counts are compared table by table afterwards.
[[nodiscard]] Result<RowsTimed> time_rows(const std::string& source, const std::string& folder, std::size_t batch,
                                          const std::string& before);

}  // namespace gatehouse::bench
