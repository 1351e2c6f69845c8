// Any bytes, cut anywhere: what each feed reads, it would write the same way, and nothing is kept beyond one frame.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/link/feed_codec.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

void look(const LineLevel& level) {
    if (LevelFeed().take(encode(level)) != std::vector<LineLevel>{level}) std::abort();
}
void look(const KeyEvent& event) {
    if (KeyFeed().take(encode(event)) != std::vector<KeyEvent>{event}) std::abort();
}
void look(const Bytes& report) {
    if (ReportFeed().take(encode_report(report)) != std::vector<Bytes>{report}) std::abort();
}
void look(const CardMessage& message) {
    if (CardFeed().take(encode(message)) != std::vector<CardMessage>{message}) std::abort();
}

template <class Feed>
void play(ByteView stream) {
    Feed feed;
    while (!stream.empty()) {
        const std::size_t length = std::min<std::size_t>(1 + stream[0] % 16, stream.size());
        for (const auto& value : feed.take(stream.first(length))) look(value);
        stream = stream.subspan(length);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView stream(data, size);
    play<LevelFeed>(stream);
    play<KeyFeed>(stream);
    play<ReportFeed>(stream);
    play<CardFeed>(stream);
    return 0;
}
