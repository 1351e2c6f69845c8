// The arithmetic of OSDP's secure channel: SIA OSDP 2.2, annex D. Keys, cryptograms, MACs, enciphered data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/osdp/aes128.hpp"
#include "drivers/osdp/osdp_codec.hpp"
#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

using OsdpRandom = std::array<std::uint8_t, 8>;

// SCBK-D, the key that devices leave the factory with: 30 31 … 3F.
constexpr AesBlock osdp_default_key{0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
                                    0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f};

struct OsdpSessionKeys {
    AesBlock enc{};
    AesBlock mac1{};
    AesBlock mac2{};
    friend bool operator==(const OsdpSessionKeys&, const OsdpSessionKeys&) = default;
};

[[nodiscard]] OsdpSessionKeys osdp_session_keys(const AesBlock& base_key, const OsdpRandom& cp_random);
// What the control panel proves, and what the device proves.
[[nodiscard]] AesBlock osdp_cp_cryptogram(const AesBlock& enc, const OsdpRandom& cp_random,
                                          const OsdpRandom& pd_random);
[[nodiscard]] AesBlock osdp_pd_cryptogram(const AesBlock& enc, const OsdpRandom& cp_random,
                                          const OsdpRandom& pd_random);
[[nodiscard]] AesBlock osdp_initial_rmac(const OsdpSessionKeys& keys, const AesBlock& cp_cryptogram);

// The control panel's end of an established channel.
class OsdpChannel {
public:
    OsdpChannel(const OsdpSessionKeys& keys, const AesBlock& initial_rmac) : keys_(keys), rmac_(initial_rmac) {}

    // A command with its security block, data enciphered when there is any, and MAC. Remembers the MAC: seal each
    // command once, and repeat its octets.
    [[nodiscard]] OsdpFrame seal(OsdpFrame command);
    // The reply with its data deciphered; nothing, and the channel as it was, when it is not by the device.
    [[nodiscard]] std::optional<OsdpFrame> open(const OsdpFrame& reply);

private:
    OsdpSessionKeys keys_;
    AesBlock cmac_{};
    AesBlock rmac_;
};

// CBC over `bytes`, padded with 80 00 … where they do not fill the last block; that one under mac2.
[[nodiscard]] AesBlock osdp_mac(const OsdpSessionKeys& keys, const AesBlock& iv, ByteView bytes);
// Data is enciphered in CBC from the complement of the other side's last MAC, always padded.
[[nodiscard]] Bytes osdp_encipher(const OsdpSessionKeys& keys, const AesBlock& last_mac, ByteView data);
[[nodiscard]] std::optional<Bytes> osdp_decipher(const OsdpSessionKeys& keys, const AesBlock& last_mac, ByteView data);

}  // namespace gatehouse::drivers
