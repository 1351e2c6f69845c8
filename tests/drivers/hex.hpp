// Octets as the manuals print them.
#pragma once

#include <string>
#include <string_view>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::test {

[[nodiscard]] inline Bytes hex(std::string_view text) {
    std::string digits{text};
    std::erase(digits, ' ');
    return from_hex(digits).value();
}

}  // namespace gatehouse::drivers::test
