// Any octets to a scanner's machine, cut anywhere, with pauses, losses and verdicts: codes stay bounded, time goes on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/scanner/scanner_events.hpp"

namespace gatehouse::drivers {

inline void look_at(const ScannerEffects& effects) {
    for (const auto& effect : effects)
        if (const auto* scan = std::get_if<ReportScan>(&effect))
            if (scan->text.empty() || scan->text.size() > 2'048) std::abort();
}

template <class Session>
int play_scanner(Session session, ByteView stream) {
    Instant now{};
    look_at(session.step(LinkUp{}, now));
    while (!stream.empty()) {
        const auto first = stream[0];
        const std::size_t length = std::min<std::size_t>(1 + first % 64, stream.size());
        look_at(session.step(BytesRead{{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length)}}, now));
        if (first % 8 == 0) now += std::chrono::milliseconds(first * 20);
        if (first % 16 == 1) look_at(session.step(VerdictGiven{static_cast<VerdictSign>(first / 64)}, now));
        if (first % 32 == 2) {
            look_at(session.step(LinkDown{}, now));
            look_at(session.step(LinkUp{}, now));
        }
        look_at(session.step(Ticked{}, now));
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        stream = stream.subspan(length);
    }
    look_at(session.step(LinkDown{}, now));
    if (session.deadline()) std::abort();
    return 0;
}

}  // namespace gatehouse::drivers
