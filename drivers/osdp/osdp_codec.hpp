// OSDP frames, on the wire: IEC 60839-11-5 / SIA OSDP 2.2, 5.9.
//
//   [FF] 53 address length(2, LE) control [security block] code data… [MAC(4)] check
//
// The address of a reply has bit 7 set. `length` counts from 53 to the check. Control: bits 0-1 sequence, bit 2 CRC-16
// instead of an octet's checksum, bit 3 security block. Security block: its length, its type, its data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

constexpr std::size_t largest_osdp_frame = 1440;  // octets, without the mark before it
constexpr std::uint8_t osdp_mark = 0xff;          // may come before a frame; counts for nothing

// Polynomial 0x1021 from 0x1D0F, not reflected; sent low octet first.
[[nodiscard]] std::uint16_t osdp_crc(ByteView frame);
// Two's complement of the octets' sum.
[[nodiscard]] std::uint8_t osdp_checksum(ByteView frame);

enum class OsdpCommandCode : std::uint8_t {
    poll = 0x60,
    id = 0x61,
    cap = 0x62,
    lstat = 0x64,
    istat = 0x65,
    ostat = 0x66,
    out = 0x68,
    led = 0x69,
    buz = 0x6a,
    text = 0x6b,
    comset = 0x6e,
    keyset = 0x75,
    chlng = 0x76,
    scrypt = 0x77,
};
enum class OsdpReplyCode : std::uint8_t {
    ack = 0x40,
    nak = 0x41,
    pdid = 0x45,
    pdcap = 0x46,
    lstatr = 0x48,
    istatr = 0x49,
    ostatr = 0x4a,
    raw = 0x50,
    keypad = 0x53,
    com = 0x54,
    ccrypt = 0x76,
    rmac_i = 0x78,
    busy = 0x79,
};

enum class OsdpSecurity : std::uint8_t {
    challenge = 0x11,       // CHLNG; data: 1 the site's key, 0 the default key
    challenged = 0x12,      // CCRYPT
    proof = 0x13,           // SCRYPT
    proven = 0x14,          // RMAC_I; data: 1 (some devices 0 or 0xFF)
    command_mac = 0x15,     // MAC, data in clear (usually none)
    reply_mac = 0x16,       //
    command_secret = 0x17,  // MAC, data enciphered
    reply_secret = 0x18,
};
struct OsdpSecurityBlock {
    std::uint8_t type = 0;
    Bytes data;
    friend bool operator==(const OsdpSecurityBlock&, const OsdpSecurityBlock&) = default;
};

using OsdpMac = std::array<std::uint8_t, 4>;

struct OsdpFrame {
    std::uint8_t address = 0;  // 0..126, 127 for all
    bool reply = false;
    std::uint8_t sequence = 0;  // 0 begins anew, then 1, 2, 3, 1 …
    bool crc = true;
    std::optional<OsdpSecurityBlock> security;
    std::uint8_t code = 0;
    Bytes data;
    std::optional<OsdpMac> mac;  // there when the security block's type is command_mac or above
    friend bool operator==(const OsdpFrame&, const OsdpFrame&) = default;
};

// From 53 to the end of the data, with the length of the whole frame: what the MAC is taken over. Counts a MAC when the
// security block's type asks for one, whether or not `mac` is set yet.
[[nodiscard]] Bytes osdp_signed_part(const OsdpFrame& frame);
// Without mark. Precondition: not longer than largest_osdp_frame, and a MAC where the type asks for one.
[[nodiscard]] Bytes encode_osdp(const OsdpFrame& frame);
// One whole frame, from 53 to its check and nothing more; nothing when anything in it is wrong.
[[nodiscard]] std::optional<OsdpFrame> decode_osdp(ByteView bytes);

// Finds frames in a stream with noise, marks and torn frames in it.
class OsdpReader {
public:
    void append(ByteView bytes);  // keeps at most the last 2048 octets
    // The next frame with a right check; what lies before it is forgotten with it.
    [[nodiscard]] std::optional<OsdpFrame> next();
    [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
    void clear() { bytes_.clear(); }

private:
    Bytes bytes_;
};

}  // namespace gatehouse::drivers
