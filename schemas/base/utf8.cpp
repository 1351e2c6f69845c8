#include "schemas/base/utf8.hpp"

#include <cstdint>

namespace gatehouse {

namespace {

// Length of the sequence that begins with `first`, and the range of its second octet; length 0: no such beginning.
struct Sequence {
    std::size_t length;
    std::uint8_t low;
    std::uint8_t high;
};

Sequence sequence_of(std::uint8_t first) {
    if (first < 0x80) return {1, 0, 0};
    if (first >= 0xc2 && first <= 0xdf) return {2, 0x80, 0xbf};
    if (first == 0xe0) return {3, 0xa0, 0xbf};
    if (first == 0xed) return {3, 0x80, 0x9f};
    if (first >= 0xe1 && first <= 0xef) return {3, 0x80, 0xbf};
    if (first == 0xf0) return {4, 0x90, 0xbf};
    if (first >= 0xf1 && first <= 0xf3) return {4, 0x80, 0xbf};
    if (first == 0xf4) return {4, 0x80, 0x8f};
    return {0, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
        const auto [length, low, high] = sequence_of(octet(0));
        if (length == 0 || length > text.size()) return false;
        if (length > 1 && (octet(1) < low || octet(1) > high)) return false;
        for (std::size_t i = 2; i < length; ++i)
            if (octet(i) < 0x80 || octet(i) > 0xbf) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace gatehouse
