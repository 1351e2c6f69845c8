// How wide a text is on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace gatehouse {

// Chinese characters take two columns.
[[nodiscard]] std::size_t columns(std::string_view utf8);

}  // namespace gatehouse
