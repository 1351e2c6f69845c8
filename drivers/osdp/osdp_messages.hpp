// What OSDP commands and replies say: SIA OSDP 2.2, 6 and 7. Data octets only; osdp_codec.hpp frames them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/osdp/aes128.hpp"
#include "drivers/osdp/osdp_channel.hpp"
#include "drivers/osdp/osdp_codec.hpp"

namespace gatehouse::drivers {

struct OsdpCommand {
    OsdpCommandCode code{};
    Bytes data;
    friend bool operator==(const OsdpCommand&, const OsdpCommand&) = default;
};

// Outputs: temporary ones end by themselves, in the device.
enum class OsdpOutput : std::uint8_t { off = 1, on = 2, pulse = 5 };
[[nodiscard]] OsdpCommand osdp_out(std::uint8_t output, OsdpOutput control, std::uint16_t tenths);

enum class OsdpColour : std::uint8_t { black = 0, red = 1, green = 2, amber = 3 };
// Shows `colour` for so long, blinking when `blinks`, then what was shown before.
[[nodiscard]] OsdpCommand osdp_led(std::uint8_t reader, OsdpColour colour, bool blinks, std::uint16_t tenths);
[[nodiscard]] OsdpCommand osdp_buzzer(std::uint8_t reader, std::uint8_t on_tenths, std::uint8_t off_tenths,
                                      std::uint8_t count);
// Printable ASCII, at most 32; anything else becomes a question mark.
[[nodiscard]] OsdpCommand osdp_text(std::uint8_t reader, std::string_view text, std::uint8_t seconds);
[[nodiscard]] OsdpCommand osdp_keyset(const AesBlock& key);

struct OsdpAck {
    friend bool operator==(const OsdpAck&, const OsdpAck&) = default;
};
struct OsdpNak {
    std::uint8_t code = 0;
    friend bool operator==(const OsdpNak&, const OsdpNak&) = default;
};
struct OsdpBusy {
    friend bool operator==(const OsdpBusy&, const OsdpBusy&) = default;
};
struct OsdpIdentity {
    std::array<std::uint8_t, 3> vendor{};
    std::uint8_t model = 0;
    std::uint8_t version = 0;
    std::uint32_t serial = 0;
    std::array<std::uint8_t, 3> firmware{};
    friend bool operator==(const OsdpIdentity&, const OsdpIdentity&) = default;
};
struct OsdpCapability {
    std::uint8_t function = 0;
    std::uint8_t compliance = 0;
    std::uint8_t count = 0;
    friend bool operator==(const OsdpCapability&, const OsdpCapability&) = default;
};
struct OsdpCapabilities {
    std::vector<OsdpCapability> list;
    friend bool operator==(const OsdpCapabilities&, const OsdpCapabilities&) = default;
};
struct OsdpLocalStatus {
    bool tamper = false;
    bool power = false;  // it has lost its power since it was last asked
    friend bool operator==(const OsdpLocalStatus&, const OsdpLocalStatus&) = default;
};
struct OsdpInputs {
    std::vector<bool> active;  // as many as the device cares to send, whatever its capabilities say
    friend bool operator==(const OsdpInputs&, const OsdpInputs&) = default;
};
struct OsdpOutputs {
    std::vector<bool> on;
    friend bool operator==(const OsdpOutputs&, const OsdpOutputs&) = default;
};
struct OsdpCard {
    std::uint8_t reader = 0;
    std::uint8_t format = 0;
    std::uint16_t bits = 0;
    Bytes data;  // (bits + 7) / 8 octets; unused bits of the last are zero
    friend bool operator==(const OsdpCard&, const OsdpCard&) = default;
};
struct OsdpKeys {
    std::uint8_t reader = 0;
    Bytes keys;  // ASCII digits; 0D for #, 7F for *
    friend bool operator==(const OsdpKeys&, const OsdpKeys&) = default;
};
struct OsdpChallenged {
    OsdpRandom client{};
    OsdpRandom random{};
    AesBlock cryptogram{};
    friend bool operator==(const OsdpChallenged&, const OsdpChallenged&) = default;
};
struct OsdpProven {
    AesBlock rmac{};
    friend bool operator==(const OsdpProven&, const OsdpProven&) = default;
};
struct OsdpOther {  // a reply that nobody here asked for, such as COM or MFGREP
    std::uint8_t code = 0;
    friend bool operator==(const OsdpOther&, const OsdpOther&) = default;
};
using OsdpReply = std::variant<OsdpAck, OsdpNak, OsdpBusy, OsdpIdentity, OsdpCapabilities, OsdpLocalStatus, OsdpInputs,
                               OsdpOutputs, OsdpCard, OsdpKeys, OsdpChallenged, OsdpProven, OsdpOther>;

// Nothing when the data is too short, or does not hold what it says.
[[nodiscard]] std::optional<OsdpReply> parse_osdp_reply(std::uint8_t code, ByteView data);

}  // namespace gatehouse::drivers
