// Octets and their spelling in hexadecimal.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// SHA-256 of stored bytes; the link of a journal's chain. See schemas/records/FORMAT.md.
using Hash = std::array<std::uint8_t, 32>;
using PublicKey = std::array<std::uint8_t, 32>;  // Ed25519
using Signature = std::array<std::uint8_t, 64>;  // Ed25519

[[nodiscard]] std::string to_hex(ByteView bytes);                    // lower case
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);  // either case; even length only
[[nodiscard]] inline ByteView view_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline Bytes bytes_of(std::string_view text) {
    const auto view = view_of(text);
    return {view.begin(), view.end()};
}
[[nodiscard]] inline std::string text_of(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace gatehouse
