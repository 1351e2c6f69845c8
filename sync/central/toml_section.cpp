#include "sync/central/toml_section.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace gatehouse::central {

namespace {

// Levenshtein's distance; keys are short.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t corner = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto change = corner + (a[i - 1] == b[j - 1] ? 0U : 1U);
            corner = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

std::string nearest(std::string_view key, const std::set<std::string, std::less<>>& known) {
    std::string best;
    std::size_t least = key.size() / 2 + 2;
    for (const auto& candidate : known) {
        const auto d = distance(key, candidate);
        if (d < least) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

}  // namespace

void FaultList::add(const toml::source_region& where, std::string message) {
    faults_.push_back({file_, where.begin.line, where.begin.column, std::move(message)});
}

void FaultList::add_at_start(std::string message) { faults_.push_back({file_, 1, 1, std::move(message)}); }

std::vector<ConfigFault> FaultList::take() {
    std::ranges::stable_sort(faults_, {}, [](const ConfigFault& f) { return std::tuple{f.line, f.column}; });
    return std::exchange(faults_, {});
}

std::string TomlSection::path_of(std::string_view key) const {
    return name_.empty() ? std::string{key} : name_ + '.' + std::string{key};
}

const toml::node* TomlSection::find(std::string_view key) {
    known_.emplace(key);
    return table_ == nullptr ? nullptr : table_->get(key);
}

const toml::table* TomlSection::section(std::string_view key) {
    const auto* node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) fault_at(*node, key, "must be a table");
    return node->as_table();
}

void TomlSection::text(std::string_view key, std::string& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    if (const auto* value = node->as_string())
        into = value->get();
    else
        fault_at(*node, key, "must be a text");
}

void TomlSection::required_text(std::string_view key, std::string& into) {
    if (find(key) == nullptr) {
        const auto message = path_of(key) + " is missing";
        if (table_ == nullptr)
            faults_.add_at_start(message);
        else
            faults_.add(table_->source(), message);
        return;
    }
    text(key, into);
}

void TomlSection::flag(std::string_view key, bool& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    if (const auto* value = node->as_boolean())
        into = value->get();
    else
        fault_at(*node, key, "must be true or false");
}

void TomlSection::texts(std::string_view key, std::vector<std::string>& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr || !std::ranges::all_of(*list, [](const toml::node& n) { return n.is_string(); })) {
        fault_at(*node, key, "must be a list of texts");
        return;
    }
    into.clear();
    for (const auto& item : *list) into.push_back(item.as_string()->get());
}

void TomlSection::fault_at(const toml::node& node, std::string_view key, std::string_view message) {
    faults_.add(node.source(), path_of(key) + ' ' + std::string{message});
}

void TomlSection::finish() {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
        if (known_.contains(key.str())) continue;
        const auto near = nearest(key.str(), known_);
        auto message = path_of(key.str()) + " is not a setting";
        if (!near.empty()) message += "; did you mean " + path_of(near) + '?';
        faults_.add(key.source(), std::move(message));
    }
}

}  // namespace gatehouse::central
