#include "drivers/osdp/osdp_channel.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t pad_mark = 0x80;

AesBlock operator^(AesBlock left, const AesBlock& right) {
    for (std::size_t i = 0; i < left.size(); ++i) left[i] ^= right[i];
    return left;
}
AesBlock complement(AesBlock block) {
    for (auto& byte : block) byte = static_cast<std::uint8_t>(~static_cast<unsigned>(byte));
    return block;
}
AesBlock block_at(ByteView bytes, std::size_t at) {
    AesBlock block{};
    std::ranges::copy(bytes.subspan(at, block.size()), block.begin());
    return block;
}
AesBlock joined(const OsdpRandom& first, const OsdpRandom& second) {
    AesBlock block{};
    std::ranges::copy(second, std::ranges::copy(first, block.begin()).out);
    return block;
}
Bytes padded(ByteView bytes) {
    Bytes out(bytes.begin(), bytes.end());
    out.push_back(pad_mark);
    out.resize((out.size() + 15) / 16 * 16);
    return out;
}
bool is_secret(const OsdpFrame& frame, OsdpSecurity type) {
    return frame.security && frame.security->type == static_cast<std::uint8_t>(type);
}

}  // namespace

OsdpSessionKeys osdp_session_keys(const AesBlock& base_key, const OsdpRandom& cp_random) {
    const auto derived = [&](std::uint8_t what) {
        AesBlock block{0x01, what};
        std::copy_n(cp_random.begin(), 6, block.begin() + 2);
        return encrypt_block(base_key, block);
    };
    return {derived(0x82), derived(0x01), derived(0x02)};
}

AesBlock osdp_cp_cryptogram(const AesBlock& enc, const OsdpRandom& cp_random, const OsdpRandom& pd_random) {
    return encrypt_block(enc, joined(pd_random, cp_random));
}
AesBlock osdp_pd_cryptogram(const AesBlock& enc, const OsdpRandom& cp_random, const OsdpRandom& pd_random) {
    return encrypt_block(enc, joined(cp_random, pd_random));
}
AesBlock osdp_initial_rmac(const OsdpSessionKeys& keys, const AesBlock& cp_cryptogram) {
    return encrypt_block(keys.mac2, encrypt_block(keys.mac1, cp_cryptogram));
}

AesBlock osdp_mac(const OsdpSessionKeys& keys, const AesBlock& iv, ByteView bytes) {
    Bytes filled(bytes.begin(), bytes.end());
    if (filled.size() % 16 != 0 || filled.empty()) filled = padded(bytes);
    auto mac = iv;
    for (std::size_t at = 0; at < filled.size(); at += 16) {
        const bool last = at + 16 == filled.size();
        mac = encrypt_block(last ? keys.mac2 : keys.mac1, mac ^ block_at(filled, at));
    }
    return mac;
}

Bytes osdp_encipher(const OsdpSessionKeys& keys, const AesBlock& last_mac, ByteView data) {
    auto bytes = padded(data);
    auto chain = complement(last_mac);
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        chain = encrypt_block(keys.enc, chain ^ block_at(bytes, at));
        std::ranges::copy(chain, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return bytes;
}

std::optional<Bytes> osdp_decipher(const OsdpSessionKeys& keys, const AesBlock& last_mac, ByteView data) {
    if (data.empty() || data.size() % 16 != 0) return std::nullopt;
    Bytes bytes;
    auto chain = complement(last_mac);
    for (std::size_t at = 0; at < data.size(); at += 16) {
        const auto block = block_at(data, at);
        std::ranges::copy(decrypt_block(keys.enc, block) ^ chain, std::back_inserter(bytes));
        chain = block;
    }
    while (!bytes.empty() && bytes.back() == 0) bytes.pop_back();
    if (bytes.empty() || bytes.back() != pad_mark) return std::nullopt;
    bytes.pop_back();
    return bytes;
}

OsdpFrame OsdpChannel::seal(OsdpFrame command) {
    const bool plain = command.data.empty();
    const auto type = plain ? OsdpSecurity::command_mac : OsdpSecurity::command_secret;
    command.security = OsdpSecurityBlock{static_cast<std::uint8_t>(type), {}};
    if (!plain) command.data = osdp_encipher(keys_, rmac_, command.data);
    cmac_ = osdp_mac(keys_, rmac_, osdp_signed_part(command));
    std::copy_n(cmac_.begin(), 4, command.mac.emplace().begin());
    return command;
}

std::optional<OsdpFrame> OsdpChannel::open(const OsdpFrame& reply) {
    const bool secret = is_secret(reply, OsdpSecurity::reply_secret);
    if (!reply.mac || (!secret && !is_secret(reply, OsdpSecurity::reply_mac))) return std::nullopt;
    const auto mac = osdp_mac(keys_, cmac_, osdp_signed_part(reply));
    unsigned differs = 0;
    for (std::size_t i = 0; i < reply.mac->size(); ++i) differs |= static_cast<unsigned>((*reply.mac)[i] ^ mac[i]);
    if (differs != 0) return std::nullopt;
    auto opened = reply;
    if (secret && !reply.data.empty()) {
        auto data = osdp_decipher(keys_, cmac_, reply.data);
        if (!data) return std::nullopt;
        opened.data = std::move(*data);
    }
    rmac_ = mac;
    return opened;
}

}  // namespace gatehouse::drivers
