// What a sale and a reissue say behind their body (schemas/records/FORMAT.md): which codes their tickets were given.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse {

// The first 16 octets of SHA-256 over a code's text, signature and all. A code has one spelling.
using IssuedCode = std::array<std::uint8_t, 16>;

[[nodiscard]] IssuedCode issued_code(std::string_view code);

// In the order of the record's tickets.
[[nodiscard]] Bytes issued_codes_extension(const std::vector<IssuedCode>& codes);

// Of the record's ticket `ordinal`, from 1; nothing where it does not say. Precondition: `extension` is a sale's or a
// reissue's, and it has such a ticket: what follows the last one's is a later release's.
[[nodiscard]] std::optional<IssuedCode> issued_code_of(ByteView extension, std::uint16_t ordinal);

}  // namespace gatehouse
