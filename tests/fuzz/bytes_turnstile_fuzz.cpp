// Any octets from a controller, and any levels from a GPIO chip: no passage without its word, every opening answered
// once, and time goes on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/turnstile/bytes_session.hpp"
#include "drivers/turnstile/gpio_session.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

template <class Session>
void play(Session session, const std::uint8_t* data, std::size_t size, std::size_t word) {
    Instant now{std::chrono::seconds(1)};
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;
    std::size_t passed = 0;
    std::size_t heard = 0;
    const auto tell = [&](const TurnstileEvent& event) {
        for (const auto& effect : session.step(event, now)) {
            if (std::holds_alternative<ReportOpened>(effect) || std::holds_alternative<ReportOpenFailed>(effect))
                ++answered;
            if (std::holds_alternative<ReportPassed>(effect)) ++passed;
        }
        if (answered > asked || passed * word > heard) std::abort();
    };
    tell(LinkUp{});
    for (std::size_t i = 0; i < size;) {
        const std::size_t length = std::min<std::size_t>(1 + data[i] % 16, size - i);
        heard += length;
        tell(BytesRead{{data + i, data + i + length}});
        if (data[i] % 8 == 1) tell(OpenRequested{OpenId{++asked}, Direction::entry});
        if (data[i] % 64 == 2) tell(LinkDown{});
        if (data[i] % 64 == 3) tell(LinkUp{});
        now += std::chrono::milliseconds(1 + data[i]);
        tell(Ticked{});
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        i += length;
    }
    tell(LinkDown{});
    if (answered != asked) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    play(BytesTurnstileSession(digicon_words()), data, size, digicon_words().passed[0].size());
    GpioTurnstileOptions wired;
    wired.open = {0, 1};
    wired.passed = {2, 3};
    wired.fire = 4;
    play(GpioTurnstileSession(wired), data, size, 3);
    return 0;
}
