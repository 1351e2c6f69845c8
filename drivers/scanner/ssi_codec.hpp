// Zebra's Simple Serial Interface: packets.
//
//   length (1) opcode (1) source (1: 0 decoder, 4 host) status (1) data … checksum (2)
//
// The length counts everything before the checksum, which is the two's complement of the sum of those octets, high
// octet first.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

enum class SsiOpcode : std::uint8_t {
    parameter_send = 0xC6,
    acknowledged = 0xD0,
    refused = 0xD1,
    beep = 0xE6,
    led_on = 0xE7,
    led_off = 0xE8,
    scan_enable = 0xE9,
    decode_data = 0xF3,
};

enum class SsiSource : std::uint8_t { decoder = 0x00, host = 0x04 };
enum class SsiRefusal : std::uint8_t { resend = 0x01, bad_context = 0x02, denied = 0x06, cancel = 0x0A };

constexpr std::uint8_t ssi_retransmitted = 0x01;  // bits of the status
constexpr std::uint8_t ssi_continued = 0x02;
constexpr std::size_t ssi_most_data = 251;  // octets

struct SsiPacket {
    std::uint8_t opcode = 0;  // an SsiOpcode, or one that nobody here asks for
    std::uint8_t source = 0;
    std::uint8_t status = 0;
    Bytes data;
    friend bool operator==(const SsiPacket&, const SsiPacket&) = default;
};

// Precondition: data not longer than ssi_most_data.
[[nodiscard]] Bytes encode(const SsiPacket& packet);
[[nodiscard]] Bytes encode_ssi(SsiOpcode opcode, Bytes data = {}, SsiSource source = SsiSource::host,
                               std::uint8_t status = 0);

// Finds packets in a stream that may hold anything else. `spoiled`: what looks like a decoder's packet has a wrong
// checksum; it is dropped with what follows it.
class SsiReader {
public:
    struct Found {
        std::vector<SsiPacket> packets;
        bool spoiled = false;
    };
    explicit SsiReader(SsiSource from = SsiSource::decoder) : from_(from) {}
    [[nodiscard]] Found take(ByteView bytes);
    [[nodiscard]] bool is_waiting() const { return !rest_.empty(); }
    void clear() { rest_.clear(); }

private:
    [[nodiscard]] bool is_header(ByteView bytes) const;
    SsiSource from_;
    Bytes rest_;  // at most one packet
};

}  // namespace gatehouse::drivers
