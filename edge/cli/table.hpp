// Answers as text for people: fields of JSON, and tables whose columns line up also in Chinese.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::cli {

[[nodiscard]] std::string text_at(const boost::json::value& object, std::string_view key);    // empty when absent
[[nodiscard]] std::string number_at(const boost::json::value& object, std::string_view key);  // "-" when absent
[[nodiscard]] bool flag_at(const boost::json::value& object, std::string_view key);

// Rows of equal length; the first is the head.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

// "[#####.....]  50 %"
[[nodiscard]] std::string progress_bar(std::uint64_t done, std::uint64_t total);

// 123456 -> "1234.56"
[[nodiscard]] std::string money(std::int64_t minor);

}  // namespace gatehouse::cli
