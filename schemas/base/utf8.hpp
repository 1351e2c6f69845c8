// Well-formed UTF-8, for texts that come in and are shown, printed or stored.
#pragma once

#include <string_view>

namespace gatehouse {

// By Unicode 15, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace gatehouse
