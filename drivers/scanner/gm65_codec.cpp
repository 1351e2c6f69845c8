#include "drivers/scanner/gm65_codec.hpp"

#include <utility>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::size_t answer_head = 4;
constexpr std::size_t crc_size = 2;

// CRC-16/XMODEM.
std::uint16_t crc_of(ByteView bytes) {
    unsigned crc = 0;
    for (const auto byte : bytes) {
        crc ^= unsigned{byte} << 8U;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000U) != 0 ? (crc << 1U ^ 0x1021U) : crc << 1U;
        crc &= 0xffffU;
    }
    return static_cast<std::uint16_t>(crc);
}

void append_crc(Bytes& bytes, ByteView over) {
    const auto crc = crc_of(over);
    bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(crc & 0xffU));
}

enum class Likeness : std::uint8_t { none, beginning, whole };

Likeness likeness(ByteView bytes) {
    constexpr std::uint8_t head[] = {0x02, 0x00, 0x00};
    for (std::size_t i = 0; i < bytes.size() && i < sizeof head; ++i)
        if (bytes[i] != head[i]) return Likeness::none;
    if (bytes.size() < answer_head || bytes.size() < answer_head + bytes[3] + crc_size) return Likeness::beginning;
    const auto checked = bytes.subspan(2, 2 + std::size_t{bytes[3]});
    const auto crc = static_cast<std::uint16_t>(bytes[bytes.size() - 2] << 8U | bytes[bytes.size() - 1]);
    return crc == crc_of(checked) ? Likeness::whole : Likeness::none;
}

}  // namespace

Bytes encode_gm65(Gm65Command command, std::uint16_t address, ByteView data) {
    check(data.size() <= 255, "a GM65 command's length is one octet");
    Bytes bytes{0x7E,
                0x00,
                static_cast<std::uint8_t>(command),
                static_cast<std::uint8_t>(data.size()),
                static_cast<std::uint8_t>(address >> 8U),
                static_cast<std::uint8_t>(address & 0xffU)};
    bytes.insert(bytes.end(), data.begin(), data.end());
    append_crc(bytes, Bytes(bytes.begin() + 2, bytes.end()));
    return bytes;
}

Bytes encode_gm65_answer(ByteView data) {
    check(data.size() <= 255, "a GM65 answer's length is one octet");
    Bytes bytes{0x02, 0x00, 0x00, static_cast<std::uint8_t>(data.size())};
    bytes.insert(bytes.end(), data.begin(), data.end());
    append_crc(bytes, Bytes(bytes.begin() + 2, bytes.end()));
    return bytes;
}

Gm65Filter::Passed Gm65Filter::take(ByteView bytes, bool expecting) {
    Passed passed;
    for (const auto byte : bytes) {
        held_.push_back(byte);
        while (!held_.empty()) {
            const auto like = expecting ? likeness(held_) : Likeness::none;
            if (like == Likeness::beginning) break;
            if (like == Likeness::whole) {
                ++passed.answers;
                held_.clear();
                break;
            }
            passed.text.push_back(held_.front());
            held_.erase(held_.begin());
        }
    }
    return passed;
}

Bytes Gm65Filter::release() { return std::exchange(held_, {}); }

}  // namespace gatehouse::drivers
