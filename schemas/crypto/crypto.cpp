#include "schemas/crypto/crypto.hpp"

#include <sodium.h>

#include <cstring>
#include <string_view>

#include "schemas/base/check.hpp"

namespace gatehouse {

void crypto_start() {
    static const bool ready = sodium_init() >= 0;
    check(ready, "libsodium starts");
}

namespace {

std::string_view prefix_of(Domain domain) {
    using std::string_view_literals::operator""sv;
    switch (domain) {
        case Domain::ticket: return "gatehouse ticket v1\0"sv;
        case Domain::head: return "gatehouse head v1\0"sv;
        case Domain::receipt: return "gatehouse receipt v1\0"sv;
        case Domain::certificate: return "gatehouse certificate v1\0"sv;
        case Domain::enrolment: return "gatehouse enrolment v1\0"sv;
        case Domain::beacon: return "gatehouse beacon v1\0"sv;
    }
    check(false, "a signature has a known domain");
    return {};
}

Bytes with_prefix(Domain domain, ByteView message) {
    const ByteView prefix = view_of(prefix_of(domain));
    Bytes signed_octets;
    signed_octets.reserve(prefix.size() + message.size());
    signed_octets.assign(prefix.begin(), prefix.end());
    signed_octets.insert(signed_octets.end(), message.begin(), message.end());
    return signed_octets;
}

}  // namespace

Signature sign(const SigningKey& key, Domain domain, ByteView message) {
    const Bytes octets = with_prefix(domain, message);
    Signature signature;
    crypto_sign_detached(signature.data(), nullptr, octets.data(), octets.size(), key.secret_.data());
    return signature;
}

bool verify(const PublicKey& key, Domain domain, ByteView message, const Signature& signature) {
    const Bytes octets = with_prefix(domain, message);
    return crypto_sign_verify_detached(signature.data(), octets.data(), octets.size(), key.data()) == 0;
}

void random_bytes(std::span<std::uint8_t> out) {
    crypto_start();
    randombytes_buf(out.data(), out.size());
}

Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    random_bytes(std::span{bytes});
    return bytes;
}

bool equal_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

Hash hmac(const MacKey& key, ByteView message) {
    static_assert(crypto_auth_hmacsha512256_KEYBYTES == std::tuple_size_v<MacKey>);
    Hash mac;
    crypto_auth_hmacsha512256(mac.data(), message.data(), message.size(), key.data());
    return mac;
}

}  // namespace gatehouse
