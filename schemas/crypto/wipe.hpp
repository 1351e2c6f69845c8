// Personal data and secrets in memory.
#pragma once

#include <cstdint>
#include <span>

namespace gatehouse {

// Overwrites `octets`, which no compiler leaves out.
void wipe(std::span<std::uint8_t> octets);
void wipe(std::span<char> text);

}  // namespace gatehouse
