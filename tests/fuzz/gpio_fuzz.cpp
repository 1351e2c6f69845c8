#include "drivers/turnstile/gpio_session.hpp"
#include "tests/fuzz/turnstile_words.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse::drivers;
    GpioTurnstileOptions wired;
    wired.open = {0, 1};
    wired.passed = {2, 3};
    wired.fire = 4;
    return play_turnstile(GpioTurnstileSession(wired), {data, size}, 3);
}
