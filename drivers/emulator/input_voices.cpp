#include "drivers/emulator/input_voices.hpp"

#include <algorithm>
#include <string_view>

namespace gatehouse::drivers::emulator {

namespace {

// By key code from 2, row by row; a blank is a key that types nothing here.
constexpr std::string_view plain = "1234567890-=  qwertyuiop[]  asdfghjkl;'` \\zxcvbnm,./";
constexpr std::string_view shifted = "!@#$%^&*()_+  QWERTYUIOP{}  ASDFGHJKL:\"~ |ZXCVBNM<>?";
constexpr std::size_t first_key = 2;
constexpr std::uint8_t shift_key = 42, enter_key = 28, space_key = 57;

void add(Bytes& events, std::uint8_t type, std::uint8_t code, std::uint8_t value) {
    events.insert(events.end(), {type, 0, code, 0, value, 0, 0, 0});
}
void report(Bytes& events) { add(events, 0, 0, 0); }

void tap(Bytes& events, std::uint8_t code, bool with_shift) {
    if (with_shift) add(events, 1, shift_key, 1);
    add(events, 1, code, 1);
    report(events);
    if (with_shift) add(events, 1, shift_key, 0);
    add(events, 1, code, 0);
    report(events);
}

}  // namespace

void KeyboardVoice::scan(const std::string& text) {
    Bytes events;
    for (const char c : text) {
        if (c == ' ') {
            tap(events, space_key, false);
        } else if (const auto at = plain.find(c); at != std::string_view::npos) {
            tap(events, static_cast<std::uint8_t>(first_key + at), false);
        } else if (const auto upper = shifted.find(c); upper != std::string_view::npos) {
            tap(events, static_cast<std::uint8_t>(first_key + upper), true);
        }
    }
    tap(events, enter_key, false);
    box_.send(std::move(events));
}

void HidPosVoice::scan(const std::string& text) {
    constexpr std::size_t most = 56;
    for (std::size_t at = 0; at < text.size(); at += most) {
        const auto piece = std::string_view(text).substr(at, most);
        Bytes frame(2 + 64, 0);
        frame[1] = 64;
        frame[2] = 0x02;
        frame[3] = static_cast<std::uint8_t>(piece.size());
        frame[4] = ']';
        frame[5] = 'Q';
        frame[6] = '1';
        std::copy(piece.begin(), piece.end(), frame.begin() + 7);
        frame[2 + 63] = at + most < text.size() ? 1 : 0;
        box_.send(std::move(frame));
    }
}

}  // namespace gatehouse::drivers::emulator
