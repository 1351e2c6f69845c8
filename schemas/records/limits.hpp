// Bounds of what a window's clerks may put into one record. A node sells and refunds nothing beyond them; what another
// node's record says beyond a multiple of them is kept, and counted nowhere.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gatehouse::record_limits {

constexpr std::size_t lines = 50;
constexpr std::size_t tenders = 10;
constexpr std::uint32_t tickets = 500;  // of one sale

// Of these, so that a node of a later version may allow its clerks more than we do.
constexpr std::size_t foreign_multiple = 4;

}  // namespace gatehouse::record_limits
