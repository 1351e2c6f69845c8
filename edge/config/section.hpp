// One table of a TOML document, read key by key: what is not asked for is an unknown key. Only this folder's sources
// include it, since it includes toml++.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "edge/config/settings.hpp"

namespace gatehouse::edge {

constexpr std::size_t longest_setting = 4096;  // octets of one text
constexpr std::size_t most_numbers = 64;       // of one list or table
constexpr std::size_t most_listed = 256;       // items of one list, tables of one kind

// Does not own the table or the faults. Readers return nothing both when the key is absent and, with a fault, when its
// value is not of the kind.
class Section {
public:
    Section(const toml::table& table, std::string file, std::string name, ConfigFaults& faults);

    [[nodiscard]] std::optional<std::string> text(std::string_view key);
    [[nodiscard]] std::optional<std::string> required_text(std::string_view key);
    [[nodiscard]] std::optional<std::string> name_text(std::string_view key);  // satisfies is_name
    [[nodiscard]] std::optional<std::string> required_name(std::string_view key);
    [[nodiscard]] std::optional<std::string> choice(std::string_view key, std::initializer_list<std::string_view> of);
    [[nodiscard]] std::optional<bool> boolean(std::string_view key);
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
    [[nodiscard]] const toml::table* table(std::string_view key);
    [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key);  // [[key]]
    // Every key not asked for so far, as written.
    [[nodiscard]] std::vector<Setting> rest();

    // Reports every key that was never asked for. Call it last, or not at all after `rest`.
    void refuse_unknown();
    // At the key's value, or at the table. The text's {key} is the key with its table; `with` is what else it names.
    void fault(std::string_view key, FaultText text, std::vector<TextParameter> with = {});
    [[nodiscard]] ConfigPlace place() const;
    [[nodiscard]] ConfigPlace place_of(std::string_view key) const;

private:
    const toml::node* node(std::string_view key);
    [[nodiscard]] ConfigPlace place_of(const toml::source_region& region) const;
    void fault_at(const ConfigPlace& where, std::string_view key, FaultText text, std::vector<TextParameter> with);

    const toml::table& table_;
    std::string file_;
    std::string name_;
    ConfigFaults& faults_;
    std::vector<std::string_view> asked_;
};

}  // namespace gatehouse::edge
