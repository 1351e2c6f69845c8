#include "edge/config/section.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gatehouse::edge {

Section::Section(const toml::table& table, std::string file, std::string name, ConfigFaults& faults)
    : table_(table), file_(std::move(file)), name_(std::move(name)), faults_(faults) {}

ConfigPlace Section::place_of(const toml::source_region& region) const {
    return {file_, std::max<std::uint32_t>(1, region.begin.line), std::max<std::uint32_t>(1, region.begin.column)};
}
ConfigPlace Section::place() const { return place_of(table_.source()); }
ConfigPlace Section::place_of(std::string_view key) const {
    const toml::node* found = table_.get(key);
    return found != nullptr ? place_of(found->source()) : place();
}

void Section::fault(std::string_view key, FaultText text, std::vector<TextParameter> with) {
    fault_at(place_of(key), key, text, std::move(with));
}

void Section::fault_at(const ConfigPlace& where, std::string_view key, FaultText text,
                       std::vector<TextParameter> with) {
    with.emplace_back("key", fmt::format("{}{}{}", name_, name_.empty() ? "" : ".", key));
    faults_.push_back({where, {text, std::move(with)}, {}});
}

const toml::node* Section::node(std::string_view key) {
    asked_.push_back(key);
    return table_.get(key);
}

std::optional<std::string> Section::text(std::string_view key) {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    const auto* value = found->as_string();
    if (value == nullptr) {
        fault(key, FaultText::not_text);
        return std::nullopt;
    }
    const std::string& content = value->get();
    const bool control = std::any_of(content.begin(), content.end(), [](char c) { return c >= 0 && c < ' '; });
    if (content.empty() || content.size() > longest_setting || control) {
        fault(key, FaultText::not_short_text, {{"most", std::to_string(longest_setting)}});
        return std::nullopt;
    }
    return content;
}

std::optional<std::string> Section::required_text(std::string_view key) {
    if (!table_.contains(key)) {
        (void)node(key);
        fault(key, FaultText::missing);
        return std::nullopt;
    }
    return text(key);
}

std::optional<std::string> Section::name_text(std::string_view key) {
    auto value = text(key);
    if (value && !is_name(*value)) {
        fault(key, FaultText::not_name);
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> Section::required_name(std::string_view key) {
    if (!table_.contains(key)) return required_text(key);
    return name_text(key);
}

std::optional<std::string> Section::choice(std::string_view key, std::initializer_list<std::string_view> of) {
    auto value = text(key);
    if (value && std::find(of.begin(), of.end(), *value) == of.end()) {
        fault(key, FaultText::not_one_of, {{"choices", fmt::format("{}", fmt::join(of, ", "))}});
        return std::nullopt;
    }
    return value;
}

std::optional<bool> Section::boolean(std::string_view key) {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    if (const auto* value = found->as_boolean()) return value->get();
    fault(key, FaultText::not_flag);
    return std::nullopt;
}

std::optional<std::vector<std::string>> Section::texts(std::string_view key) {
    const toml::node* found = node(key);
    if (found == nullptr) return std::nullopt;
    const toml::array* list = found->as_array();
    if (list == nullptr) {
        fault(key, FaultText::not_texts);
        return std::nullopt;
    }
    if (list->size() > most_listed) {
        fault(key, FaultText::too_many_items, {{"most", std::to_string(most_listed)}});
        return std::nullopt;
    }
    std::vector<std::string> values;
    for (const toml::node& item : *list) {
        const auto* value = item.as_string();
        if (value == nullptr || value->get().empty() || value->get().size() > longest_setting) {
            fault_at(place_of(item.source()), key, FaultText::not_short_texts,
                     {{"most", std::to_string(longest_setting)}});
            return std::nullopt;
        }
        values.push_back(value->get());
    }
    return values;
}

const toml::table* Section::table(std::string_view key) {
    const toml::node* found = node(key);
    if (found == nullptr) return nullptr;
    if (const toml::table* value = found->as_table()) return value;
    fault(key, FaultText::not_table);
    return nullptr;
}

std::vector<const toml::table*> Section::tables(std::string_view key) {
    const toml::node* found = node(key);
    std::vector<const toml::table*> values;
    if (found == nullptr) return values;
    const toml::array* list = found->as_array();
    if (list == nullptr) {
        fault(key, FaultText::not_tables);
        return values;
    }
    if (list->size() > most_listed) {
        fault(key, FaultText::too_many_items, {{"most", std::to_string(most_listed)}});
        return values;
    }
    for (const toml::node& item : *list) {
        if (const toml::table* value = item.as_table()) {
            values.push_back(value);
        } else {
            fault_at(place_of(item.source()), key, FaultText::not_tables, {});
        }
    }
    return values;
}

namespace {

// [0, 1] or { open_entry = 4 }: what devices with several wires are told.
std::optional<drivers::SettingValue> numbers_in(const toml::node& value) {
    if (const auto* list = value.as_array()) {
        drivers::Numbers numbers;
        for (const auto& each : *list) {
            if (!each.is_integer() || numbers.size() >= most_numbers) return std::nullopt;
            numbers.push_back(each.as_integer()->get());
        }
        return numbers;
    }
    const auto* table = value.as_table();
    if (table == nullptr) return std::nullopt;
    drivers::NumberTable numbers;
    for (const auto& [key, each] : *table) {
        if (!each.is_integer() || numbers.size() >= most_numbers) return std::nullopt;
        numbers.emplace_back(std::string{key.str()}, each.as_integer()->get());
    }
    return numbers;
}

}  // namespace

std::vector<Setting> Section::rest() {
    std::vector<Setting> settings;
    for (const auto& [key, value] : table_) {
        const std::string_view word = key.str();
        if (std::find(asked_.begin(), asked_.end(), word) != asked_.end()) continue;
        const ConfigPlace where = place_of(value.source());
        if (const auto* flag = value.as_boolean()) {
            settings.push_back({std::string{word}, flag->get(), where});
        } else if (const auto* number = value.as_integer()) {
            settings.push_back({std::string{word}, number->get(), where});
        } else if (const auto* content = value.as_string();
                   content != nullptr && content->get().size() <= longest_setting) {
            settings.push_back({std::string{word}, content->get(), where});
        } else if (auto list = numbers_in(value)) {
            settings.push_back({std::string{word}, std::move(*list), where});
        } else {
            fault_at(where, word, FaultText::no_setting_value, {});
        }
    }
    return settings;
}

void Section::refuse_unknown() {
    for (const auto& [key, value] : table_) {
        const std::string_view word = key.str();
        if (std::find(asked_.begin(), asked_.end(), word) != asked_.end()) continue;
        faults_.push_back({place_of(key.source()), unknown_key(name_, word, asked_), {}});
    }
}

}  // namespace gatehouse::edge
