// Any bytes, cut anywhere, with pauses: no scan is longer than the limit, and time goes on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/scanner/line_session.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    using namespace gatehouse::drivers;
    LineOptions options;
    options.prefix = "G1";
    LineSession session(options);
    Instant now{};
    const auto look = [](const ScannerEffects& effects) {
        for (const auto& effect : effects)
            if (const auto* scan = std::get_if<ReportScan>(&effect))
                if (scan->text.empty() || scan->text.size() > 512) std::abort();
    };
    for (std::size_t i = 0; i < size;) {
        const std::size_t length = std::min<std::size_t>(1 + data[i] % 64, size - i);
        look(session.step(BytesRead{{data + i, data + i + length}}, now));
        now += std::chrono::milliseconds(data[i]);
        if (data[i] % 16 == 0) look(session.step(LinkDown{}, now));
        look(session.step(Ticked{}, now));
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        i += length;
    }
    return 0;
}
