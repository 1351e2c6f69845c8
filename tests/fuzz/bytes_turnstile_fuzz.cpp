#include "drivers/turnstile/bytes_session.hpp"
#include "tests/fuzz/turnstile_words.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse::drivers;
    return play_turnstile(BytesTurnstileSession(digicon_words()), {data, size}, digicon_words().passed[0].size());
}
