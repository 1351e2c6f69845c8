#include "schemas/ticket/packed_name.hpp"

#include <algorithm>

#include "schemas/base/ids.hpp"

namespace gatehouse {

namespace {

constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz._-";
constexpr unsigned base = letters.size();
static_assert(base * base * base <= 0x10000U);

unsigned value_of(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 10;
    return c == '.' ? 36 : c == '_' ? 37 : 38;
}

// Octets that hold 1, 2 or 3 letters.
constexpr std::size_t octets_for(std::size_t count) { return count == 1 ? 1 : 2; }

}  // namespace

void write_packed_name(OctetWriter& out, std::string_view name) {
    out.number(static_cast<std::uint8_t>(name.size()));
    for (; !name.empty(); name.remove_prefix(std::min<std::size_t>(3, name.size()))) {
        const auto group = name.substr(0, 3);
        unsigned value = 0;
        for (const char c : group) value = value * base + value_of(c);
        if (octets_for(group.size()) == 1)
            out.number(static_cast<std::uint8_t>(value));
        else
            out.number(static_cast<std::uint16_t>(value));
    }
}

std::string read_packed_name(OctetReader& in) {
    std::size_t left = in.number<std::uint8_t>();
    std::string name;
    if (left > 32) return {};
    while (left > 0 && in.ok()) {
        const std::size_t count = std::min<std::size_t>(3, left);
        unsigned value = octets_for(count) == 1 ? in.number<std::uint8_t>() : in.number<std::uint16_t>();
        std::array<char, 3> group{};
        for (std::size_t i = count; i-- > 0; value /= base) group[i] = letters[value % base];
        if (value != 0) return {};
        name.append(group.data(), count);
        left -= count;
    }
    return in.ok() && is_name(name) ? name : std::string{};
}

}  // namespace gatehouse
