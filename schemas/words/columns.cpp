#include "schemas/words/columns.hpp"

namespace gatehouse {

std::size_t columns(std::string_view utf8) {
    std::size_t count = 0;
    for (const char character : utf8) {
        const auto octet = static_cast<unsigned char>(character);
        if ((octet & 0xc0U) == 0x80U) continue;  // inside a character
        count += octet >= 0xe3U ? 2 : 1;         // from U+3000 on: Chinese and full-width forms
    }
    return count;
}

}  // namespace gatehouse
