// Operators' PINs. A PIN of 4 to 12 digits cannot resist guessing once hash and pepper are known, so the hash goes into
// the catalogue (a journal) and the pepper never does: it comes at enrolment and stays in a 0600 file.
#pragma once

#include <string>
#include <string_view>

#include "schemas/crypto/crypto.hpp"

namespace gatehouse {

using Pepper = MacKey;  // one for each venue

[[nodiscard]] bool is_pin(std::string_view text);  // 4 to 12 ASCII digits

// Argon2id (16 MiB, 3 passes) over HMAC-SHA-512-256(pepper, pin), as an encoded string with its own random salt.
// About 30 ms of processor; two threads never hold 16 MiB each: the second waits. `pin` must satisfy is_pin.
[[nodiscard]] std::string hash_pin(const Pepper& pepper, std::string_view pin);

// Same cost, whatever the answer; false also for a hash that is empty or not of hash_pin's parameters.
[[nodiscard]] bool verify_pin(const Pepper& pepper, std::string_view pin, std::string_view hash);

}  // namespace gatehouse
