// Digests, signatures, MACs and randomness. This folder alone includes libsodium; every signature made in Gatehouse
// goes through `sign` with a domain, so that one kind of statement can never pass for another.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse {

// Prepares the library; idempotent and thread-safe. The functions below call it where they need it, so that calling it
// first thing in main() only moves the cost. Stops the process if the system has no randomness.
void crypto_start();

[[nodiscard]] Hash sha256(ByteView bytes);

// SHA-256 of pieces. After `finish` the hasher is spent.
class Hasher {
public:
    Hasher();
    Hasher& add(ByteView bytes);
    [[nodiscard]] Hash finish();

private:
    alignas(16) std::array<std::uint8_t, 112> state_;
};

// What a signature is about. The signed octets are "gatehouse NAME v1" and a zero octet, then the message.
enum class Domain : std::uint8_t { ticket, head, receipt, certificate, enrolment, beacon };

using Seed = std::array<std::uint8_t, 32>;

// An Ed25519 secret; wiped when destroyed or moved from. Never in logs, journals or exports.
class SigningKey {
public:
    [[nodiscard]] static SigningKey generate();
    [[nodiscard]] static SigningKey from_seed(const Seed& seed);  // tests and the simulator
    // A file that `save` made. Errors: not_found, io, config (others may read it, or it is not a key).
    [[nodiscard]] static Result<SigningKey> load(const std::filesystem::path& path);
    // Creates the file with mode 0600 and flushes it and its directory. Never overwrites: io when it exists.
    [[nodiscard]] Result<void> save(const std::filesystem::path& path) const;

    SigningKey(SigningKey&& other) noexcept;
    SigningKey& operator=(SigningKey&& other) noexcept;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    [[nodiscard]] PublicKey public_key() const;

private:
    friend Signature sign(const SigningKey& key, Domain domain, ByteView message);
    SigningKey() = default;
    std::array<std::uint8_t, 64> secret_{};  // seed, then public key
};

// Deterministic (RFC 8032).
[[nodiscard]] Signature sign(const SigningKey& key, Domain domain, ByteView message);
[[nodiscard]] bool verify(const PublicKey& key, Domain domain, ByteView message, const Signature& signature);

void random_bytes(std::span<std::uint8_t> out);
[[nodiscard]] Bytes random_bytes(std::size_t count);

// Compares in time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b);

// HMAC-SHA-512-256 with a 32-octet key.
using MacKey = std::array<std::uint8_t, 32>;
[[nodiscard]] Hash hmac(const MacKey& key, ByteView message);

}  // namespace gatehouse
