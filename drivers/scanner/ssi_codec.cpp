#include "drivers/scanner/ssi_codec.hpp"

#include <numeric>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t checksum_size = 2;
constexpr std::uint8_t known_status_bits = 0x0B;

std::uint16_t checksum(ByteView bytes) {
    return static_cast<std::uint16_t>(0x10000U - std::accumulate(bytes.begin(), bytes.end(), 0U));
}

}  // namespace

Bytes encode(const SsiPacket& packet) {
    check(packet.data.size() <= ssi_most_data, "an SSI packet's length is one octet");
    Bytes bytes{static_cast<std::uint8_t>(header_size + packet.data.size()), packet.opcode, packet.source,
                packet.status};
    bytes.insert(bytes.end(), packet.data.begin(), packet.data.end());
    const auto sum = checksum(bytes);
    bytes.push_back(static_cast<std::uint8_t>(sum >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(sum & 0xffU));
    return bytes;
}

Bytes encode_ssi(SsiOpcode opcode, Bytes data, SsiSource source, std::uint8_t status) {
    return encode(
        SsiPacket{static_cast<std::uint8_t>(opcode), static_cast<std::uint8_t>(source), status, std::move(data)});
}

// As far as there are octets to judge.
bool SsiReader::is_header(ByteView bytes) const {
    if (!bytes.empty() && bytes[0] < header_size) return false;
    if (bytes.size() > 1 && bytes[1] < 0x80) return false;
    if (bytes.size() > 2 && bytes[2] != static_cast<std::uint8_t>(from_)) return false;
    return bytes.size() <= 3 || (bytes[3] & ~known_status_bits) == 0;
}

SsiReader::Found SsiReader::take(ByteView bytes) {
    Found found;
    rest_.insert(rest_.end(), bytes.begin(), bytes.end());
    ByteView left = rest_;
    while (!left.empty()) {
        if (!is_header(left)) {
            left = left.subspan(1);
            continue;
        }
        const std::size_t length = left[0];
        if (left.size() < length + checksum_size) break;
        const auto sum = static_cast<std::uint16_t>(left[length] << 8U | left[length + 1]);
        if (sum != checksum(left.first(length))) {
            found.spoiled = true;
            left = {};
            break;
        }
        const auto data = left.subspan(header_size, length - header_size);
        found.packets.push_back({left[1], left[2], left[3], Bytes(data.begin(), data.end())});
        left = left.subspan(length + checksum_size);
    }
    rest_ = Bytes(left.begin(), left.end());
    return found;
}

}  // namespace gatehouse::drivers
