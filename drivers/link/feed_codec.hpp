// What ports that are not byte streams say and hear, as bytes: a GPIO chip, a keyboard, a HID device and a card reader
// then look to a machine like any serial device, and can be recorded, replayed and emulated like one.
//
//   line levels   line (2, big-endian) level (1: 0 or 1)                       both ways
//   key events    type (2) code (2) value (4), little-endian, as evdev numbers them     in
//   HID reports   length (2, big-endian), report                               both ways
//   cards         tag (1) length (2, big-endian) data                          both ways
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

// A line of a GPIO chip, and whether it is active (after the chip's active-low setting). From the port: after opening,
// the level of every input, then each change. To the port: an output to set. Outputs are inactive after opening.
struct LineLevel {
    std::uint16_t line = 0;
    bool active = false;
    friend bool operator==(const LineLevel&, const LineLevel&) = default;
};

// <linux/input.h> without the time. From the port after opening: an EV_LED event for each lock that is on.
struct KeyEvent {
    std::uint16_t type = 0;
    std::uint16_t code = 0;
    std::int32_t value = 0;
    friend bool operator==(const KeyEvent&, const KeyEvent&) = default;
};

// Of a contactless or contact reader. From the port: arrived (ATR), answered (response APDU), left. To it: transmit
// (command APDU), at most one unanswered.
enum class CardTag : std::uint8_t { arrived = 1, answered = 2, left = 3, transmit = 4 };
struct CardMessage {
    CardTag tag{};
    Bytes data;
    friend bool operator==(const CardMessage&, const CardMessage&) = default;
};

constexpr std::size_t largest_report = 4096;       // octets of a HID report: HIDRAW's own limit
constexpr std::size_t largest_card_message = 300;  // octets of a short APDU, with room

[[nodiscard]] Bytes encode(const LineLevel& level);
[[nodiscard]] Bytes encode(const KeyEvent& event);
[[nodiscard]] Bytes encode_report(ByteView report);      // precondition: not longer than largest_report
[[nodiscard]] Bytes encode(const CardMessage& message);  // precondition: data not longer than largest_card_message

// Collects a stream that comes in any pieces. What is not in the format is dropped, with all that was read with it.
class LevelFeed {
public:
    [[nodiscard]] std::vector<LineLevel> take(ByteView bytes);
    void clear() { rest_.clear(); }

private:
    Bytes rest_;
};
class KeyFeed {
public:
    [[nodiscard]] std::vector<KeyEvent> take(ByteView bytes);
    void clear() { rest_.clear(); }

private:
    Bytes rest_;
};
class ReportFeed {
public:
    [[nodiscard]] std::vector<Bytes> take(ByteView bytes);
    void clear() { rest_.clear(); }

private:
    Bytes rest_;
};
class CardFeed {
public:
    [[nodiscard]] std::vector<CardMessage> take(ByteView bytes);
    void clear() { rest_.clear(); }

private:
    Bytes rest_;
};

}  // namespace gatehouse::drivers
