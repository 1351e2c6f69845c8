#include "schemas/crypto/wipe.hpp"

#include <sodium.h>

namespace gatehouse {

void wipe(std::span<std::uint8_t> octets) { sodium_memzero(octets.data(), octets.size()); }
void wipe(std::span<char> text) { sodium_memzero(text.data(), text.size()); }

}  // namespace gatehouse
