#include "drivers/link/feed_codec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::drivers;

namespace {

Bytes joined(const std::vector<Bytes>& pieces) {
    Bytes all;
    for (const auto& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
    return all;
}

template <class Feed, class Value>
bool same_in_pieces(const Bytes& stream, const std::vector<Value>& expected) {
    Feed feed;
    std::vector<Value> found;
    for (std::size_t at = 0; at < stream.size();) {
        const auto length = std::min(*rc::gen::inRange<std::size_t>(1, 6), stream.size() - at);
        for (auto& value : feed.take(ByteView(stream).subspan(at, length))) found.push_back(std::move(value));
        at += length;
    }
    return found == expected;
}

}  // namespace

TEST_CASE("each feed reads back what was encoded, in any pieces") {
    CHECK(rc::check([] {
        const auto levels = *rc::gen::container<std::vector<LineLevel>>(
            rc::gen::map(rc::gen::pair(rc::gen::arbitrary<std::uint16_t>(), rc::gen::arbitrary<bool>()),
                         [](const auto& each) { return LineLevel{each.first, each.second}; }));
        Bytes stream;
        for (const auto& level : levels) stream = joined({stream, encode(level)});
        RC_ASSERT((same_in_pieces<LevelFeed>(stream, levels)));

        const auto reports = *rc::gen::container<std::vector<Bytes>>(rc::gen::arbitrary<Bytes>());
        stream.clear();
        for (const auto& report : reports) stream = joined({stream, encode_report(report)});
        RC_ASSERT((same_in_pieces<ReportFeed>(stream, reports)));

        std::vector<CardMessage> messages;
        stream.clear();
        for (const auto& report : reports) {
            messages.push_back({CardTag::answered, report});
            stream = joined({stream, encode(messages.back())});
        }
        RC_ASSERT((same_in_pieces<CardFeed>(stream, messages)));
    }));
    CHECK(rc::check([](std::uint16_t type, std::uint16_t code, std::int32_t value) {
        const KeyEvent event{type, code, value};
        RC_ASSERT((same_in_pieces<KeyFeed>(joined({encode(event), encode(event)}), std::vector{event, event})));
    }));
}

TEST_CASE("what is not in a feed's format is dropped, and memory stays bounded") {
    LevelFeed levels;
    CHECK(levels.take(Bytes{0, 4, 1, 0, 5, 7, 0, 6, 1}) == std::vector<LineLevel>{{4, true}});
    CHECK(levels.take(Bytes{0, 4, 0}) == std::vector<LineLevel>{{4, false}});
    ReportFeed reports;
    CHECK(reports.take(Bytes{0x10, 0x01, 1, 2, 3}).empty());
    CHECK(reports.take(Bytes{0, 1, 9}) == std::vector<Bytes>{{9}});
    CardFeed cards;
    CHECK(cards.take(Bytes{9, 0, 0}).empty());
    CHECK(cards.take(Bytes{1, 0xff, 0xff, 0}).empty());
    CHECK(cards.take(Bytes{3, 0, 0}) == std::vector<CardMessage>{{CardTag::left, {}}});
}
