// Any text: what is read as a recording is written the same way again, and its driver, if it names one, plays it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/catalog/replay.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    using namespace gatehouse::drivers;
    const auto recording = parse_recording(text_of({data, size}));
    if (!recording) return 0;
    auto text = format_header(recording->header);
    for (const auto& moment : recording->moments) text += format_moment(moment);
    const auto again = parse_recording(text);
    if (!again || *again != *recording) std::abort();
    if (recording->moments.empty() || recording->moments.back().at > std::chrono::hours(1)) return 0;
    (void)replay(*recording);
    return 0;
}
