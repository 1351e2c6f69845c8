// AES-128, one block at a time: what OSDP's secure channel is built from. The owner of nettle.
#pragma once

#include <array>
#include <cstdint>

namespace gatehouse::drivers {

using AesBlock = std::array<std::uint8_t, 16>;  // a key or a block

[[nodiscard]] AesBlock encrypt_block(const AesBlock& key, const AesBlock& block);
[[nodiscard]] AesBlock decrypt_block(const AesBlock& key, const AesBlock& block);

}  // namespace gatehouse::drivers
