#include "edge/cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "schemas/words/columns.hpp"

namespace gatehouse::cli {

namespace json = boost::json;

namespace {

const json::value* member(const json::value& object, std::string_view key) {
    return object.is_object() ? object.get_object().if_contains(key) : nullptr;
}

}  // namespace

std::string text_at(const json::value& object, std::string_view key) {
    const json::value* value = member(object, key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::string number_at(const json::value& object, std::string_view key) {
    const json::value* value = member(object, key);
    if (value == nullptr || !value->is_number()) return "-";
    if (value->is_double()) return fmt::format("{:.1f}", value->get_double());
    return json::serialize(*value);
}

bool flag_at(const json::value& object, std::string_view key) {
    const json::value* value = member(object, key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i == widths.size()) widths.push_back(0);
            widths[i] = std::max(widths[i], columns(row[i]));
        }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line += std::string(widths[i] - columns(row[i]) + 2, ' ');
        }
        out += line + "\n";
    }
    return out;
}

std::string progress_bar(std::uint64_t done, std::uint64_t total) {
    constexpr std::uint64_t width = 40;
    const std::uint64_t filled = total == 0 ? width : std::min(width, width * done / total);
    const std::uint64_t percent = total == 0 ? 100 : std::min<std::uint64_t>(100, 100 * done / total);
    return fmt::format("[{}{}] {:3} %", std::string(filled, '#'), std::string(width - filled, '.'), percent);
}

std::string money(std::int64_t minor) {
    const std::int64_t whole = minor / 100;
    const std::int64_t rest = minor % 100;
    return fmt::format("{}{}.{:02}", minor < 0 && whole == 0 ? "-" : "", whole, rest < 0 ? -rest : rest);
}

}  // namespace gatehouse::cli
