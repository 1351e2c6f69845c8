#include "sync/central/toml_section.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::central {

void FaultList::add(const toml::source_region& where, FaultWords what) {
    const ConfigPlace place{file_, std::max<std::uint32_t>(1, where.begin.line),
                            std::max<std::uint32_t>(1, where.begin.column)};
    faults_.push_back({place, std::move(what), {}});
}

ConfigFaults FaultList::take() {
    sort_by_place(faults_);
    return std::exchange(faults_, {});
}

std::string TomlSection::path_of(std::string_view key) const {
    return name_.empty() ? std::string{key} : name_ + '.' + std::string{key};
}

const toml::node* TomlSection::find(std::string_view key) {
    known_.push_back(key);
    return table_ == nullptr ? nullptr : table_->get(key);
}

const toml::table* TomlSection::section(std::string_view key) {
    const auto* node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) fault_at(*node, key, FaultText::not_table);
    return node->as_table();
}

void TomlSection::text(std::string_view key, std::string& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    if (const auto* value = node->as_string())
        into = value->get();
    else
        fault_at(*node, key, FaultText::not_text);
}

void TomlSection::required_text(std::string_view key, std::string& into) {
    if (find(key) == nullptr) {
        const toml::source_region start{};
        return faults_.add(table_ == nullptr ? start : table_->source(), {FaultText::missing, {{"key", path_of(key)}}});
    }
    text(key, into);
}

void TomlSection::flag(std::string_view key, bool& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    if (const auto* value = node->as_boolean())
        into = value->get();
    else
        fault_at(*node, key, FaultText::not_flag);
}

void TomlSection::texts(std::string_view key, std::vector<std::string>& into) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr || !std::ranges::all_of(*list, [](const toml::node& n) { return n.is_string(); })) {
        fault_at(*node, key, FaultText::not_texts);
        return;
    }
    into.clear();
    for (const auto& item : *list) into.push_back(item.as_string()->get());
}

void TomlSection::fault_at(const toml::node& node, std::string_view key, FaultText text,
                           std::vector<TextParameter> with) {
    with.emplace_back("key", path_of(key));
    faults_.add(node.source(), {text, std::move(with)});
}

void TomlSection::finish() {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
        if (std::ranges::find(known_, key.str()) != known_.end()) continue;
        faults_.add(key.source(), unknown_key(name_, key.str(), known_));
    }
}

}  // namespace gatehouse::central
