// A fault of a configuration file: where it is, and what is wrong. It has no words until somebody is told.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/words/fault_words.hpp"

namespace gatehouse {

struct ConfigPlace {
    std::string file;
    std::uint32_t line = 1;    // from 1
    std::uint32_t column = 1;  // from 1
    friend bool operator==(const ConfigPlace&, const ConfigPlace&) = default;
};

struct ConfigFault {
    ConfigPlace where;
    FaultWords what;
    std::string device;  // whose driver does not take it; empty: no device's fault
    friend bool operator==(const ConfigFault&, const ConfigFault&) = default;
};

using ConfigFaults = std::vector<ConfigFault>;

// "file:line:column: message"; the place is the same in every language.
[[nodiscard]] std::string told(const ConfigFault& fault, Language language);

// By file, line and column.
void sort_by_place(ConfigFaults& faults);

// The one of `known` that `word` was probably meant to be (two letters, or a third of them, differ), or empty.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

// "unknown key 'prot'; did you mean 'port'?", of a table named `table` (empty: the file itself).
[[nodiscard]] FaultWords unknown_key(std::string_view table, std::string_view key,
                                     std::span<const std::string_view> known);

}  // namespace gatehouse
