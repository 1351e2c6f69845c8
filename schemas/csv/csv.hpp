// CSV of RFC 4180, within limits: a comma, quotes, CRLF or LF. The first row names the columns.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/result.hpp"

namespace gatehouse {

struct CsvLimits {
    std::size_t octets = 8 * 1024 * 1024;
    std::size_t rows = 100'000;
    std::size_t columns = 32;
    std::size_t field = 1024;
};

struct CsvRow {
    std::size_t line = 0;  // where it begins, from 1
    std::vector<std::string> fields;
    friend bool operator==(const CsvRow&, const CsvRow&) = default;
};

struct CsvTable {
    std::vector<std::string> columns;
    std::vector<CsvRow> rows;  // each with as many fields as there are columns

    // Position of a column, or nothing.
    [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
};

// Valid UTF-8 without control characters but line ends inside quotes; a byte-order mark at the start is skipped; empty
// lines too. Errors: too_large, invalid_body; `detail` begins "line N".
[[nodiscard]] Result<CsvTable> parse_csv(std::string_view text, CsvLimits limits = {});

// A field as RFC 4180 writes it. What a spreadsheet would take for a formula (= + - @ at the start, unless it is a
// number) gets a leading apostrophe.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace gatehouse
