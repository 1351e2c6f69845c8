#include "edge/config/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace gatehouse::edge {

namespace {

// Levenshtein's distance: letters to add, drop or replace.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

constexpr std::size_t longest_compared = 64;

}  // namespace

std::string to_string(const Fault& fault) {
    return fmt::format("{}:{}:{}: {}", fault.where.file, fault.where.line, fault.where.column, fault.message);
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
    if (word.size() > longest_compared) return {};
    std::string_view best;
    std::size_t smallest = (word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3)) + 1;
    for (const std::string_view candidate : known) {
        const std::size_t d = distance(word, candidate);
        if (d < smallest) {
            smallest = d;
            best = candidate;
        }
    }
    return best;
}

std::string unknown_key(std::string_view key, std::span<const std::string_view> known) {
    const std::string_view meant = nearest(key, known);
    const std::string shown{key.substr(0, longest_compared)};
    if (meant.empty()) return fmt::format("unknown key '{}'", shown);
    return fmt::format("unknown key '{}'; did you mean '{}'?", shown, meant);
}

}  // namespace gatehouse::edge
