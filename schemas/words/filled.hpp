// The filling in of a text's parameters, for the catalogues of this folder.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "schemas/words/text.hpp"

namespace gatehouse {

// `text` with each {name} replaced by its parameter, wherever it stands; a name without a parameter stays as it is, and
// what a parameter brings along is never filled in again.
[[nodiscard]] std::string filled(std::string_view text, std::span<const TextParameter> parameters);

}  // namespace gatehouse
