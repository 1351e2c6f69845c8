// SHA-256 by nettle, which uses the processor's own instructions for it: libsodium's takes ten times as long over a
// record.
#include <nettle/sha2.h>

#include <new>

#include "schemas/crypto/crypto.hpp"

namespace gatehouse {

Hash sha256(ByteView bytes) { return Hasher{}.add(bytes).finish(); }

namespace {
sha256_ctx& state_in(std::array<std::uint8_t, 112>& storage) {
    static_assert(sizeof(sha256_ctx) <= 112 && alignof(sha256_ctx) <= 16);
    return *std::launder(reinterpret_cast<sha256_ctx*>(storage.data()));
}
}  // namespace

Hasher::Hasher() : state_{} { sha256_init(new (state_.data()) sha256_ctx); }

Hasher& Hasher::add(ByteView bytes) {
    sha256_update(&state_in(state_), bytes.size(), bytes.data());
    return *this;
}

Hash Hasher::finish() {
    Hash hash;
    sha256_digest(&state_in(state_), hash.size(), hash.data());
    return hash;
}

}  // namespace gatehouse
