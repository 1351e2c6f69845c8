// Dates and times as text, the same everywhere: "2026-11-21", and RFC 3339 as in "2026-11-21T09:30:00+08:00".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/base/time.hpp"

namespace gatehouse {

[[nodiscard]] std::string format_date(Date date);                     // "2026-11-21"
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);  // exactly that form, years 0001..9999
[[nodiscard]] std::optional<std::chrono::minutes> parse_hour(std::string_view text);  // "04:00", 00:00..23:59

// RFC 3339 with `T`, an offset, and milliseconds only where there are some. Times outside the years 0001..9999 become
// the nearest time inside.
[[nodiscard]] std::string format_rfc3339(WallTime time, std::chrono::minutes offset);
[[nodiscard]] std::string format_rfc3339_utc(WallTime time);  // with "Z"

// Upper-case `T` and `Z` or an offset; 1..9 digits of a second, of which the first three count; no leap second.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace gatehouse
