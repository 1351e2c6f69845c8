// Money: integer minor units (fen, cents). A venue has one currency, named in its settings.
#pragma once

#include <cstdint>
#include <optional>

#include "schemas/base/strong.hpp"

namespace gatehouse {

using Minor = Strong<struct MinorTag, std::int64_t>;

constexpr Minor operator+(Minor a, Minor b) { return Minor{a.value + b.value}; }
constexpr Minor operator-(Minor a, Minor b) { return Minor{a.value - b.value}; }
constexpr Minor operator-(Minor a) { return Minor{-a.value}; }
constexpr Minor& operator+=(Minor& a, Minor b) {
    a.value += b.value;
    return a;
}

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
