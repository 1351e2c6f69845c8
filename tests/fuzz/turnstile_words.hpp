// Any octets from a turnstile: no passage without its word, every opening answered once, and time goes on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/turnstile/turnstile_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

// A passage takes at least `word` octets.
template <class Session>
int play_turnstile(Session session, ByteView stream, std::size_t word) {
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
    while (!stream.empty()) {
        const auto first = stream[0];
        const std::size_t length = std::min<std::size_t>(1 + first % 16, stream.size());
        heard += length;
        tell(BytesRead{{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length)}});
        if (first % 8 == 1) tell(OpenRequested{OpenId{++asked}, Direction::entry});
        if (first % 64 == 2) tell(LinkDown{});
        if (first % 64 == 3) tell(LinkUp{});
        if (first % 64 == 4) tell(HoldOpenRequested{Hold::emergency, std::nullopt});
        if (first % 64 == 5) tell(ReleaseRequested{Hold::emergency});
        if (first % 64 == 6) tell(HoldOpenRequested{Hold::free, Direction::exit});
        if (first % 64 == 7) tell(ReleaseRequested{Hold::free});
        now += std::chrono::milliseconds(1 + first);
        tell(Ticked{});
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        stream = stream.subspan(length);
    }
    tell(LinkDown{});
    if (answered != asked) std::abort();
    return 0;
}

}  // namespace gatehouse::drivers
