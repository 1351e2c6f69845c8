// Any answers of a printer: each job ends once, and time goes on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/printer/printer_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

template <class Session>
int play_printer(Session session, ByteView stream) {
    Instant now{std::chrono::seconds(1)};
    std::uint64_t asked = 0;
    std::uint64_t ended = 0;
    const auto tell = [&](const PrinterEvent& event) {
        for (const auto& effect : session.step(event, now)) {
            const bool ends = std::holds_alternative<ReportPrinted>(effect) ||
                              std::holds_alternative<ReportNotPrinted>(effect) ||
                              std::holds_alternative<ReportPrintUnknown>(effect);
            if (ends && ++ended > asked) std::abort();
        }
    };
    tell(LinkUp{});
    while (!stream.empty()) {
        const auto first = stream[0];
        const std::size_t length = std::min<std::size_t>(1 + first % 48, stream.size());
        if (first % 8 == 1) {
            ++asked;
            tell(PrintRequested{PrintJobId{asked}, {Bytes{1}, Bytes{2}}});
        }
        tell(BytesRead{{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length)}});
        if (first % 64 == 3) tell(LinkUp{});
        if (first % 64 == 5) tell(LinkDown{});
        if (first % 64 == 7) tell(WriteProgressed{first / 64U});
        if (first % 64 == 11) tell(PrinterStatusRead{(first & 64U) != 0, true, (first & 128U) != 0});
        now += std::chrono::milliseconds(first * 4);
        tell(Ticked{});
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        stream = stream.subspan(length);
    }
    tell(LinkDown{});
    now += std::chrono::hours(1);
    tell(Ticked{});
    if (ended != asked) std::abort();
    return 0;
}

}  // namespace gatehouse::drivers
