#include "drivers/osdp/osdp_codec.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t start_of_message = 0x53;
constexpr std::uint8_t reply_bit = 0x80;
constexpr std::uint8_t crc_bit = 0x04;
constexpr std::uint8_t security_bit = 0x08;
constexpr std::size_t header = 5;
constexpr std::size_t reader_memory = 2048;

bool has_mac(const std::optional<OsdpSecurityBlock>& security) {
    return security && security->type >= static_cast<std::uint8_t>(OsdpSecurity::command_mac) &&
           security->type <= static_cast<std::uint8_t>(OsdpSecurity::reply_secret);
}

std::size_t length_of(ByteView bytes) { return static_cast<std::size_t>(bytes[2] | bytes[3] << 8U); }
std::size_t check_size(std::uint8_t control) { return (control & crc_bit) != 0 ? 2 : 1; }

// Could `bytes`, which has a header, begin a frame?
bool plausible(ByteView bytes) {
    const auto length = length_of(bytes);
    return bytes[0] == start_of_message && length >= header + 1 + check_size(bytes[4]) &&
           length <= largest_osdp_frame && (bytes[4] & 0xf0U) == 0;
}

bool check_fits(ByteView bytes) {
    const auto size = check_size(bytes[4]);
    const auto body = bytes.first(bytes.size() - size);
    const auto check = bytes.last(size);
    if (size == 1) return osdp_checksum(body) == check[0];
    return osdp_crc(body) == static_cast<std::uint16_t>(check[0] | check[1] << 8U);
}

}  // namespace

std::uint16_t osdp_crc(ByteView frame) {
    std::uint16_t crc = 0x1d0f;
    for (const auto byte : frame) {
        crc = static_cast<std::uint16_t>(crc ^ byte << 8U);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 0x8000U) != 0 ? crc << 1U ^ 0x1021 : crc << 1U);
    }
    return crc;
}

std::uint8_t osdp_checksum(ByteView frame) {
    unsigned sum = 0;
    for (const auto byte : frame) sum += byte;
    return static_cast<std::uint8_t>(0U - sum);
}

Bytes osdp_signed_part(const OsdpFrame& frame) {
    const std::size_t security = frame.security ? 2 + frame.security->data.size() : 0;
    const std::size_t mac = has_mac(frame.security) ? 4 : 0;
    const auto length = header + security + 1 + frame.data.size() + mac + (frame.crc ? 2 : 1);
    check(length <= largest_osdp_frame, "an OSDP frame has at most 1440 octets");
    Bytes bytes{start_of_message, static_cast<std::uint8_t>((frame.address & 0x7fU) | (frame.reply ? reply_bit : 0U)),
                static_cast<std::uint8_t>(length), static_cast<std::uint8_t>(length >> 8U),
                static_cast<std::uint8_t>((frame.sequence & 3U) | (frame.crc ? crc_bit : 0U) |
                                          (frame.security ? security_bit : 0U))};
    bytes.reserve(length);
    if (frame.security) {
        bytes.push_back(static_cast<std::uint8_t>(security));
        bytes.push_back(frame.security->type);
        bytes.insert(bytes.end(), frame.security->data.begin(), frame.security->data.end());
    }
    bytes.push_back(frame.code);
    bytes.insert(bytes.end(), frame.data.begin(), frame.data.end());
    return bytes;
}

Bytes encode_osdp(const OsdpFrame& frame) {
    auto bytes = osdp_signed_part(frame);
    check(has_mac(frame.security) == frame.mac.has_value(), "an OSDP frame has a MAC where its type asks for one");
    if (frame.mac) bytes.insert(bytes.end(), frame.mac->begin(), frame.mac->end());
    if (!frame.crc) {
        bytes.push_back(osdp_checksum(bytes));
        return bytes;
    }
    const auto crc = osdp_crc(bytes);
    bytes.push_back(static_cast<std::uint8_t>(crc));
    bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
    return bytes;
}

std::optional<OsdpFrame> decode_osdp(ByteView bytes) {
    if (bytes.size() < header + 1 || !plausible(bytes) || length_of(bytes) != bytes.size() || !check_fits(bytes))
        return std::nullopt;
    OsdpFrame frame;
    frame.address = bytes[1] & 0x7fU;
    frame.reply = (bytes[1] & reply_bit) != 0;
    frame.sequence = bytes[4] & 3U;
    frame.crc = (bytes[4] & crc_bit) != 0;
    auto rest = bytes.subspan(header, bytes.size() - header - check_size(bytes[4]));
    if ((bytes[4] & security_bit) != 0) {
        if (rest[0] < 2 || rest[0] >= rest.size()) return std::nullopt;
        const auto data = rest.subspan(2, rest[0] - 2U);
        frame.security = OsdpSecurityBlock{rest[1], {data.begin(), data.end()}};
        rest = rest.subspan(rest[0]);
    }
    frame.code = rest[0];
    rest = rest.subspan(1);
    if (has_mac(frame.security)) {
        if (rest.size() < 4) return std::nullopt;
        std::ranges::copy(rest.last(4), frame.mac.emplace().begin());
        rest = rest.first(rest.size() - 4);
    }
    frame.data.assign(rest.begin(), rest.end());
    return frame;
}

void OsdpReader::append(ByteView bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (bytes_.size() > reader_memory) bytes_.erase(bytes_.begin(), bytes_.end() - reader_memory);
}

// A 53 in noise may claim a long frame: whole frames behind it are found all the same.
std::optional<OsdpFrame> OsdpReader::next() {
    for (std::size_t at = 0; at + header <= bytes_.size(); ++at) {
        const auto view = ByteView(bytes_).subspan(at);
        if (!plausible(view) || view.size() < length_of(view)) continue;
        const auto length = length_of(view);
        auto frame = decode_osdp(view.first(length));
        if (!frame) continue;
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at + length));
        return frame;
    }
    return std::nullopt;
}

}  // namespace gatehouse::drivers
