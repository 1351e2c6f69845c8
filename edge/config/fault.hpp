// A fault of a configuration file and where it is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::edge {

struct Place {
    std::string file;
    std::uint32_t line = 1;    // from 1
    std::uint32_t column = 1;  // from 1
    friend bool operator==(const Place&, const Place&) = default;
};

struct Fault {
    Place where;
    std::string message;
    friend bool operator==(const Fault&, const Fault&) = default;
};

using Faults = std::vector<Fault>;

[[nodiscard]] std::string to_string(const Fault& fault);  // "file:line:column: message"

// The one of `known` that `word` was probably meant to be (two letters, or a third of them, differ), or empty.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

// "unknown key 'prot'; did you mean 'port'?"
[[nodiscard]] std::string unknown_key(std::string_view key, std::span<const std::string_view> known);

}  // namespace gatehouse::edge
