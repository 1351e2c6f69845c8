#include "schemas/config/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace gatehouse {

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

// Not in the middle of a character.
std::string_view shown(std::string_view key) {
    std::size_t length = std::min(key.size(), longest_compared);
    while (length < key.size() && (static_cast<unsigned char>(key[length]) & 0xc0U) == 0x80) --length;
    return key.substr(0, length);
}

}  // namespace

std::string told(const ConfigFault& fault, Language language) {
    std::string message = said(fault.what, language);
    if (!fault.device.empty())
        message = said({FaultText::of_device, {{"device", fault.device}, {"fault", std::move(message)}}}, language);
    return fmt::format("{}:{}:{}: {}", fault.where.file, fault.where.line, fault.where.column, message);
}

// Those at one place stay in the order in which they were found.
void sort_by_place(ConfigFaults& faults) {
    std::vector<std::pair<std::size_t, ConfigFault>> found;
    for (auto& fault : faults) found.emplace_back(found.size(), std::move(fault));
    std::ranges::sort(found, [](const auto& a, const auto& b) {
        const auto& [here, there] = std::tie(a.second.where, b.second.where);
        return std::tie(here.file, here.line, here.column, a.first) <
               std::tie(there.file, there.line, there.column, b.first);
    });
    faults.clear();
    for (auto& [order, fault] : found) faults.push_back(std::move(fault));
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

FaultWords unknown_key(std::string_view table, std::string_view key, std::span<const std::string_view> known) {
    const auto path = [table](std::string_view name) {
        return table.empty() ? std::string{name} : fmt::format("{}.{}", table, name);
    };
    const std::string_view meant = nearest(key, known);
    if (meant.empty()) return {FaultText::unknown_key, {{"key", path(shown(key))}}};
    return {FaultText::unknown_key_near, {{"key", path(key)}, {"meant", path(meant)}}};
}

}  // namespace gatehouse
