#include "schemas/crypto/pin.hpp"

#include <sodium.h>

#include <algorithm>
#include <mutex>

#include "schemas/base/check.hpp"

namespace gatehouse {

namespace {

constexpr unsigned long long passes = 3;
constexpr std::size_t memory = std::size_t{16} * 1024 * 1024;
// What libsodium writes for these parameters. Checking it first means that no catalogue can order a costlier hash.
constexpr std::string_view parameters = "$argon2id$v=19$m=16384,t=3,p=1$";

std::mutex& one_at_a_time() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace

bool is_pin(std::string_view text) {
    return text.size() >= 4 && text.size() <= 12 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string hash_pin(const Pepper& pepper, std::string_view pin) {
    check(is_pin(pin), "a PIN is checked before it is hashed");
    crypto_start();
    const Hash peppered = hmac(pepper, view_of(pin));
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    const std::lock_guard lock{one_at_a_time()};
    const int failed = crypto_pwhash_str_alg(encoded.data(), reinterpret_cast<const char*>(peppered.data()),
                                             peppered.size(), passes, memory, crypto_pwhash_ALG_ARGON2ID13);
    check(failed == 0, "16 MiB are free to hash a PIN");
    return encoded.data();
}

bool verify_pin(const Pepper& pepper, std::string_view pin, std::string_view hash) {
    if (hash.size() >= crypto_pwhash_STRBYTES || !hash.starts_with(parameters)) return false;
    crypto_start();
    const Hash peppered = hmac(pepper, view_of(pin));
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    std::ranges::copy(hash, encoded.begin());
    const std::lock_guard lock{one_at_a_time()};
    return crypto_pwhash_str_verify(encoded.data(), reinterpret_cast<const char*>(peppered.data()), peppered.size()) ==
           0;
}

}  // namespace gatehouse
