// Fixed little-endian layouts, written and read by hand where every byte is documented (certificates, signed
// statements, ticket payloads). Records and messages use schemas/wire instead.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "schemas/base/bytes.hpp"

namespace gatehouse {

class OctetWriter {
public:
    template <std::unsigned_integral T>
    OctetWriter& number(T value) {
        for (unsigned shift = 0; shift < 8 * sizeof(T); shift += 8)
            bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
        return *this;
    }
    OctetWriter& octets(ByteView bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    // One octet of length, then the text. Precondition: at most 255 octets.
    OctetWriter& short_text(std::string_view text) {
        number(static_cast<std::uint8_t>(text.size()));
        return octets(view_of(text));
    }
    // LEB128: seven bits an octet, least significant first, the top bit says that more follow.
    OctetWriter& varint(std::uint64_t value) {
        for (; value >= 0x80U; value >>= 7U) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80U));
        bytes_.push_back(static_cast<std::uint8_t>(value));
        return *this;
    }
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }
    [[nodiscard]] Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

// Reads what OctetWriter wrote. The first read past the end, or of a varint that is not minimal or exceeds its limit,
// makes `ok()` false for good; reads then return zeros and empty views. Does not own the bytes.
class OctetReader {
public:
    explicit OctetReader(ByteView bytes) : rest_(bytes) {}

    template <std::unsigned_integral T>
    T number() {
        const ByteView part = octets(sizeof(T));
        std::uint64_t value = 0;
        for (std::size_t i = part.size(); i-- > 0;) value = (value << 8U) | part[i];
        return static_cast<T>(value);
    }
    ByteView octets(std::size_t count) {
        if (!ok_ || count > rest_.size()) {
            ok_ = false;
            return {};
        }
        const ByteView part = rest_.first(count);
        rest_ = rest_.subspan(count);
        return part;
    }
    std::string_view short_text() {
        const ByteView part = octets(number<std::uint8_t>());
        return {reinterpret_cast<const char*>(part.data()), part.size()};
    }
    std::uint64_t varint(std::uint64_t limit) {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint64_t octet = number<std::uint8_t>();
            if (shift == 63 && octet > 1) break;
            value |= (octet & 0x7fU) << shift;
            if ((octet & 0x80U) != 0) continue;
            if ((octet == 0 && shift > 0) || value > limit) break;
            return ok_ ? value : 0;
        }
        ok_ = false;
        return 0;
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return ok_ && rest_.empty(); }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

private:
    ByteView rest_;
    bool ok_ = true;
};

// Copies a view whose length is known to be N, e.g. after `ok()`; zeros when it is not.
template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> fixed(ByteView bytes) {
    std::array<std::uint8_t, N> out{};
    if (bytes.size() == N)
        for (std::size_t i = 0; i < N; ++i) out[i] = bytes[i];
    return out;
}

}  // namespace gatehouse
