#include "drivers/osdp/osdp_messages.hpp"

#include <algorithm>

namespace gatehouse::drivers {

namespace {

constexpr std::size_t longest_text = 32;

std::uint8_t low(std::uint16_t value) { return static_cast<std::uint8_t>(value); }
std::uint8_t high(std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8U); }

template <std::size_t Size>
std::array<std::uint8_t, Size> taken(ByteView data, std::size_t at) {
    std::array<std::uint8_t, Size> out{};
    std::ranges::copy(data.subspan(at, Size), out.begin());
    return out;
}

// One octet each; 1 is active. Supervised inputs say 2 and more when their wire is cut or shorted: not active.
std::vector<bool> levels(ByteView data) {
    std::vector<bool> out;
    for (const auto octet : data) out.push_back(octet == 1);
    return out;
}

std::optional<OsdpReply> parse_identity(ByteView data) {
    if (data.size() != 12) return std::nullopt;
    std::uint32_t serial = 0;
    for (std::size_t i = 0; i < 4; ++i) serial |= static_cast<std::uint32_t>(data[5 + i]) << (8U * i);
    return OsdpIdentity{taken<3>(data, 0), data[3], data[4], serial, taken<3>(data, 9)};
}

std::optional<OsdpReply> parse_capabilities(ByteView data) {
    if (data.size() % 3 != 0) return std::nullopt;
    OsdpCapabilities capabilities;
    for (std::size_t at = 0; at < data.size(); at += 3)
        capabilities.list.push_back({data[at], data[at + 1], data[at + 2]});
    return capabilities;
}

std::optional<OsdpReply> parse_card(ByteView data) {
    if (data.size() < 4) return std::nullopt;
    const auto bits = static_cast<std::uint16_t>(data[2] | data[3] << 8U);
    const auto octets = (bits + std::size_t{7}) / 8;
    if (bits == 0 || data.size() != 4 + octets) return std::nullopt;
    OsdpCard card{data[0], data[1], bits, {data.begin() + 4, data.end()}};
    if (bits % 8 != 0) card.data.back() &= static_cast<std::uint8_t>(0xff00U >> (bits % 8U));
    return card;
}

std::optional<OsdpReply> parse_keys(ByteView data) {
    if (data.size() < 2 || data.size() != 2U + data[1]) return std::nullopt;
    return OsdpKeys{data[0], {data.begin() + 2, data.end()}};
}

std::optional<OsdpReply> parse_challenged(ByteView data) {
    if (data.size() != 32) return std::nullopt;
    return OsdpChallenged{taken<8>(data, 0), taken<8>(data, 8), taken<16>(data, 16)};
}

}  // namespace

OsdpCommand osdp_out(std::uint8_t output, OsdpOutput control, std::uint16_t tenths) {
    return {OsdpCommandCode::out, {output, static_cast<std::uint8_t>(control), low(tenths), high(tenths)}};
}

OsdpCommand osdp_led(std::uint8_t reader, OsdpColour colour, bool blinks, std::uint16_t tenths) {
    const auto shown = static_cast<std::uint8_t>(colour);
    const auto pause = blinks ? std::uint8_t{0} : shown;
    // reader, LED 0 | temporary: set, on and off time, on and off colour, timer | permanent: nothing
    return {OsdpCommandCode::led, {reader, 0, 2, 2, 2, shown, pause, low(tenths), high(tenths), 0, 0, 0, 0, 0}};
}

OsdpCommand osdp_buzzer(std::uint8_t reader, std::uint8_t on_tenths, std::uint8_t off_tenths, std::uint8_t count) {
    return {OsdpCommandCode::buz, {reader, 2, on_tenths, off_tenths, count}};
}

OsdpCommand osdp_text(std::uint8_t reader, std::string_view text, std::uint8_t seconds) {
    text = text.substr(0, longest_text);
    Bytes data{reader, 3, seconds, 1, 1, static_cast<std::uint8_t>(text.size())};
    for (const char c : text) data.push_back(static_cast<std::uint8_t>(c >= ' ' && c <= '~' ? c : '?'));
    return {OsdpCommandCode::text, std::move(data)};
}

OsdpCommand osdp_keyset(const AesBlock& key) {
    Bytes data{1, static_cast<std::uint8_t>(key.size())};
    data.insert(data.end(), key.begin(), key.end());
    return {OsdpCommandCode::keyset, std::move(data)};
}

std::optional<OsdpReply> parse_osdp_reply(std::uint8_t code, ByteView data) {
    switch (static_cast<OsdpReplyCode>(code)) {
        case OsdpReplyCode::ack: return OsdpAck{};
        case OsdpReplyCode::busy: return OsdpBusy{};
        case OsdpReplyCode::nak:
            if (data.empty()) return std::nullopt;
            return OsdpNak{data[0]};
        case OsdpReplyCode::pdid: return parse_identity(data);
        case OsdpReplyCode::pdcap: return parse_capabilities(data);
        case OsdpReplyCode::lstatr:
            if (data.size() != 2) return std::nullopt;
            return OsdpLocalStatus{data[0] != 0, data[1] != 0};
        case OsdpReplyCode::istatr: return OsdpInputs{levels(data)};
        case OsdpReplyCode::ostatr: return OsdpOutputs{levels(data)};
        case OsdpReplyCode::raw: return parse_card(data);
        case OsdpReplyCode::keypad: return parse_keys(data);
        case OsdpReplyCode::ccrypt: return parse_challenged(data);
        case OsdpReplyCode::rmac_i:
            if (data.size() != 16) return std::nullopt;
            return OsdpProven{taken<16>(data, 0)};
        case OsdpReplyCode::com: break;
    }
    return OsdpOther{code};
}

}  // namespace gatehouse::drivers
