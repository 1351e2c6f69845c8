// One table of a configuration file, read key by key; what was not asked for is an unknown key. Shell of config.cpp,
// and the only place in this folder that sees toml++.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <vector>

#include "sync/central/config.hpp"

namespace gatehouse::central {

// Collects faults of one file.
class FaultList {
public:
    explicit FaultList(std::string file) : file_(std::move(file)) {}
    void add(const toml::source_region& where, FaultWords what);
    [[nodiscard]] ConfigFaults take();  // by line and column

private:
    std::string file_;
    ConfigFaults faults_;
};

class TomlSection {
public:
    // `table` may be null: an absent section, where every required key is a fault.
    TomlSection(const toml::table* table, std::string name, FaultList& faults)
        : table_(table), name_(std::move(name)), faults_(faults) {}

    // Null when absent; a fault, and null, when it is not a table.
    [[nodiscard]] const toml::table* section(std::string_view key);
    [[nodiscard]] const toml::node* find(std::string_view key);
    void text(std::string_view key, std::string& into);
    void required_text(std::string_view key, std::string& into);
    void flag(std::string_view key, bool& into);
    void texts(std::string_view key, std::vector<std::string>& into);
    // At the key's value. The text's {key} is the key with its section; `with` is what else it names.
    void fault_at(const toml::node& node, std::string_view key, FaultText text, std::vector<TextParameter> with = {});
    // Reports the keys that nobody asked for, each with the nearest one that exists.
    void finish();

private:
    [[nodiscard]] std::string path_of(std::string_view key) const;

    const toml::table* table_;
    std::string name_;
    FaultList& faults_;
    std::vector<std::string_view> known_;
};

}  // namespace gatehouse::central
