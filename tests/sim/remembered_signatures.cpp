// A venue shows the same signed heads and certificates thousands of times a day, and checking one costs more than all
// else that a simulated event does. So each is checked once, by the same function of libsodium, and remembered whole:
// Ed25519 has no state. Linked into the program instead of the library's function of this name; products never are.
#include <cstddef>
#include <string>
#include <unordered_set>

extern "C" int crypto_sign_ed25519_verify_detached(const unsigned char* signature, const unsigned char* message,
                                                   unsigned long long size, const unsigned char* key);

extern "C" int crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                           unsigned long long size, const unsigned char* key) {
    constexpr std::size_t signature_octets = 64;
    constexpr std::size_t key_octets = 32;
    constexpr std::size_t most_remembered = 50'000;
    static std::unordered_set<std::string> good;
    std::string all;
    all.reserve(signature_octets + key_octets + size);
    all.append(signature, signature + signature_octets);
    all.append(key, key + key_octets);
    all.append(message, message + size);
    if (good.contains(all)) return 0;
    const int verdict = crypto_sign_ed25519_verify_detached(signature, message, size, key);
    if (verdict == 0) {
        if (good.size() >= most_remembered) good.clear();
        good.insert(std::move(all));
    }
    return verdict;
}
