#include "drivers/link/feed_codec.hpp"

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::size_t level_size = 3;
constexpr std::size_t key_size = 8;

std::uint8_t octet(std::size_t value, unsigned shift) { return static_cast<std::uint8_t>(value >> shift); }

std::uint32_t little_endian(ByteView bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint32_t{bytes[i]} << (8 * i);
    return value;
}

std::size_t big_endian_16(ByteView bytes) { return std::size_t{bytes[0]} << 8U | bytes[1]; }

void join(Bytes& rest, ByteView bytes) { rest.insert(rest.end(), bytes.begin(), bytes.end()); }

void drop_front(Bytes& rest, std::size_t count) {
    rest.erase(rest.begin(), rest.begin() + static_cast<Bytes::difference_type>(count));
}

}  // namespace

Bytes encode(const LineLevel& level) {
    return {octet(level.line, 8), octet(level.line, 0), static_cast<std::uint8_t>(level.active ? 1 : 0)};
}

Bytes encode(const KeyEvent& event) {
    const auto value = static_cast<std::uint32_t>(event.value);
    return {octet(event.type, 0), octet(event.type, 8), octet(event.code, 0), octet(event.code, 8),
            octet(value, 0),      octet(value, 8),      octet(value, 16),     octet(value, 24)};
}

Bytes encode_report(ByteView report) {
    check(report.size() <= largest_report, "a HID report has a limit");
    Bytes bytes{octet(report.size(), 8), octet(report.size(), 0)};
    join(bytes, report);
    return bytes;
}

Bytes encode(const CardMessage& message) {
    check(message.data.size() <= largest_card_message, "a card's message has a limit");
    Bytes bytes{static_cast<std::uint8_t>(message.tag), octet(message.data.size(), 8), octet(message.data.size(), 0)};
    join(bytes, message.data);
    return bytes;
}

std::vector<LineLevel> LevelFeed::take(ByteView bytes) {
    join(rest_, bytes);
    std::vector<LineLevel> levels;
    std::size_t at = 0;
    for (; rest_.size() - at >= level_size; at += level_size) {
        const auto frame = ByteView(rest_).subspan(at, level_size);
        if (frame[2] > 1) {
            rest_.clear();
            return levels;
        }
        levels.push_back({static_cast<std::uint16_t>(big_endian_16(frame)), frame[2] == 1});
    }
    drop_front(rest_, at);
    return levels;
}

std::vector<KeyEvent> KeyFeed::take(ByteView bytes) {
    join(rest_, bytes);
    std::vector<KeyEvent> events;
    std::size_t at = 0;
    for (; rest_.size() - at >= key_size; at += key_size) {
        const auto frame = ByteView(rest_).subspan(at, key_size);
        events.push_back({static_cast<std::uint16_t>(little_endian(frame.first(2))),
                          static_cast<std::uint16_t>(little_endian(frame.subspan(2, 2))),
                          static_cast<std::int32_t>(little_endian(frame.subspan(4)))});
    }
    drop_front(rest_, at);
    return events;
}

std::vector<Bytes> ReportFeed::take(ByteView bytes) {
    join(rest_, bytes);
    std::vector<Bytes> reports;
    std::size_t at = 0;
    while (rest_.size() - at >= 2) {
        const auto size = big_endian_16(ByteView(rest_).subspan(at, 2));
        if (size > largest_report) {
            rest_.clear();
            return reports;
        }
        if (rest_.size() - at - 2 < size) break;
        const auto report = ByteView(rest_).subspan(at + 2, size);
        reports.emplace_back(report.begin(), report.end());
        at += 2 + size;
    }
    drop_front(rest_, at);
    return reports;
}

std::vector<CardMessage> CardFeed::take(ByteView bytes) {
    join(rest_, bytes);
    std::vector<CardMessage> messages;
    std::size_t at = 0;
    while (rest_.size() - at >= 3) {
        const auto tag = rest_[at];
        const auto size = big_endian_16(ByteView(rest_).subspan(at + 1, 2));
        if (tag < 1 || tag > 4 || size > largest_card_message) {
            rest_.clear();
            return messages;
        }
        if (rest_.size() - at - 3 < size) break;
        const auto data = ByteView(rest_).subspan(at + 3, size);
        messages.push_back({static_cast<CardTag>(tag), Bytes(data.begin(), data.end())});
        at += 3 + size;
    }
    drop_front(rest_, at);
    return messages;
}

}  // namespace gatehouse::drivers
