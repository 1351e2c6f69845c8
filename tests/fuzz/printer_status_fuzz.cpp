// Any answers of `fgl` and `zpl` printers: each job ends once, and time goes on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/printer/fgl_session.hpp"
#include "drivers/printer/zpl_session.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

template <class Session>
void play(const std::uint8_t* data, std::size_t size) {
    Session session;
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
    for (std::size_t i = 0; i < size;) {
        const std::size_t length = std::min<std::size_t>(1 + data[i] % 48, size - i);
        if (data[i] % 8 == 1) {
            ++asked;
            tell(PrintRequested{PrintJobId{asked}, {Bytes{1}, Bytes{2}}});
        }
        tell(BytesRead{{data + i, data + i + length}});
        if (data[i] % 64 == 3) tell(LinkUp{});
        if (data[i] % 64 == 5) tell(LinkDown{});
        now += std::chrono::milliseconds(data[i] * 4);
        tell(Ticked{});
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        i += length;
    }
    tell(LinkDown{});
    now += std::chrono::hours(1);
    tell(Ticked{});
    if (ended != asked) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    play<FglSession>(data, size);
    play<ZplSession>(data, size);
    return 0;
}
