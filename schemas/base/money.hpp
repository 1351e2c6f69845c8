// Money: integer minor units (fen, cents). A venue has one currency, named in its settings.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "schemas/base/strong.hpp"

namespace gatehouse {

using Minor = Strong<struct MinorTag, std::int64_t>;

// A sum ends at the largest number there is: other nodes' records can be made to add up to more.
constexpr Minor operator+(Minor a, Minor b) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    if (a.value > 0 && b.value > most - a.value) return Minor{most};
    if (a.value < 0 && b.value < -most - a.value) return Minor{-most};
    return Minor{a.value + b.value};
}
constexpr Minor operator-(Minor a) { return Minor{-a.value}; }
constexpr Minor operator-(Minor a, Minor b) { return a + -b; }
constexpr Minor& operator+=(Minor& a, Minor b) { return a = a + b; }

// No single amount in Gatehouse exceeds this many minor units (ten thousand million); sums of 2^20 of them fit.
constexpr Minor largest_amount{1'000'000'000'000};
// What a shift's drawer can come to, either way.
constexpr Minor largest_sum{1000 * largest_amount.value};

// `unit` times `quantity`, or nothing when it passes `largest_amount`.
[[nodiscard]] constexpr std::optional<Minor> times(Minor unit, std::uint32_t quantity) {
    if (unit.value < 0 || unit.value > largest_amount.value) return std::nullopt;
    if (quantity != 0 && unit.value > largest_amount.value / quantity) return std::nullopt;
    return Minor{unit.value * static_cast<std::int64_t>(quantity)};
}

}  // namespace gatehouse
