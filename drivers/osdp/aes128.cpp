#include "drivers/osdp/aes128.hpp"

#include <nettle/aes.h>

namespace gatehouse::drivers {

AesBlock encrypt_block(const AesBlock& key, const AesBlock& block) {
    aes128_ctx context{};
    aes128_set_encrypt_key(&context, key.data());
    AesBlock out{};
    aes128_encrypt(&context, out.size(), out.data(), block.data());
    return out;
}

AesBlock decrypt_block(const AesBlock& key, const AesBlock& block) {
    aes128_ctx context{};
    aes128_set_decrypt_key(&context, key.data());
    AesBlock out{};
    aes128_decrypt(&context, out.size(), out.data(), block.data());
    return out;
}

}  // namespace gatehouse::drivers
