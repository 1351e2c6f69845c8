// Texts with named parameters: "is not between {least} and {most}".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse {

// A parameter's name, which the source holds, and its value: {"least", "1"}.
using NamedValue = std::pair<std::string_view, std::string>;

// `text` with each {name} replaced by its parameter, wherever it stands; a name without a parameter stays as it is, and
// what a parameter brings along is never filled in again.
[[nodiscard]] std::string filled(std::string_view text, std::span<const NamedValue> parameters);

}  // namespace gatehouse
