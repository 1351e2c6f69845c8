#include "drivers/osdp/osdp_channel.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::drivers;

namespace {

template <class Block = AesBlock>
Block block(std::string_view hex) {
    Block out{};
    std::ranges::copy(from_hex(hex).value(), out.begin());
    return out;
}

const OsdpRandom cp_random{0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7};
const OsdpRandom pd_random{0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7};

}  // namespace

TEST_CASE("AES-128 is that of FIPS 197, appendix C.1") {
    const auto key = block("000102030405060708090a0b0c0d0e0f");
    const auto plain = block("00112233445566778899aabbccddeeff");
    const auto secret = block("69c4e0d86a7b0430d8cdb78070b4c55a");
    CHECK(encrypt_block(key, plain) == secret);
    CHECK(decrypt_block(key, secret) == plain);
}

TEST_CASE("the secure channel's published values") {
    const auto keys = osdp_session_keys(osdp_default_key, cp_random);
    CHECK(keys == OsdpSessionKeys{block("BF8DC2A8329ACB8C67C6D0CD9A451682"), block("5E86C676603BDEE2D8BEAFE178637332"),
                                  block("6FDA86E857777E81132035758239172E")});
    const auto cp = osdp_cp_cryptogram(keys.enc, cp_random, pd_random);
    CHECK(cp == block("26D3356E07762D262801FC8E6665A891"));
    CHECK(osdp_pd_cryptogram(keys.enc, cp_random, pd_random) == block("FDE5D2F428EC16312471EA3C02BD7796"));
    CHECK(osdp_initial_rmac(keys, cp) == block("B2A30057EB98BA2229EC1F875662B524"));
}

TEST_CASE("enciphered data comes back, and data that was not enciphered here does not") {
    const auto keys = osdp_session_keys(osdp_default_key, cp_random);
    const AesBlock mac{1, 2, 3};
    for (const std::size_t length : {1U, 15U, 16U, 17U, 100U}) {
        const Bytes data(length, 0x80);
        const auto secret = osdp_encipher(keys, mac, data);
        CHECK(secret.size() == (length / 16 + 1) * 16);
        CHECK(osdp_decipher(keys, mac, secret) == data);
        CHECK(osdp_decipher(keys, AesBlock{9}, secret) != data);
    }
    CHECK_FALSE(osdp_decipher(keys, mac, Bytes(15)));
    CHECK_FALSE(osdp_decipher(keys, mac, Bytes{}));
}

TEST_CASE(
    "a reply of another channel, a forged one and one in clear are refused, and the right one after them is not") {
    const auto keys = osdp_session_keys(osdp_default_key, cp_random);
    const auto rmac = osdp_initial_rmac(keys, osdp_cp_cryptogram(keys.enc, cp_random, pd_random));
    OsdpChannel channel(keys, rmac);
    const auto sent = channel.seal({5, false, 2, true, {}, 0x60, {}, {}});
    CHECK(sent.security == OsdpSecurityBlock{0x15, {}});
    const auto cmac = osdp_mac(keys, rmac, osdp_signed_part(sent));
    CHECK(std::equal(sent.mac->begin(), sent.mac->end(), cmac.begin()));

    OsdpFrame answer{5, true, 2, true, OsdpSecurityBlock{0x18, {}}, 0x50, {}, {}};
    answer.data = osdp_encipher(keys, cmac, Bytes{1, 2, 3});
    const auto mac = osdp_mac(keys, cmac, osdp_signed_part(answer));
    std::copy_n(mac.begin(), 4, answer.mac.emplace().begin());
    auto forged = answer;
    forged.code = 0x53;
    CHECK_FALSE(channel.open(forged));
    CHECK_FALSE(channel.open({5, true, 2, true, {}, 0x40, {}, {}}));
    CHECK(channel.open(answer)->data == Bytes{1, 2, 3});
}
