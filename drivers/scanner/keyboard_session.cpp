#include "drivers/scanner/keyboard_session.hpp"

#include <array>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

// <linux/input-event-codes.h>.
constexpr std::uint16_t ev_syn = 0, ev_key = 1, ev_led = 17;
constexpr std::uint16_t syn_report = 0, syn_dropped = 3;
constexpr std::uint16_t led_caps = 1;
constexpr std::uint16_t key_tab = 15, key_enter = 28, key_kp_enter = 96, key_caps_lock = 58;
constexpr std::uint16_t key_left_shift = 42, key_right_shift = 54;
constexpr std::uint16_t key_left_control = 29, key_right_control = 97;
constexpr std::uint16_t key_left_alt = 56, key_right_alt = 100;
constexpr std::int32_t pressed = 1;

std::optional<unsigned> pad_digit(std::uint16_t key) {
    constexpr std::array<std::uint16_t, 10> pad{82, 79, 80, 81, 75, 76, 77, 71, 72, 73};  // 0 to 9
    for (unsigned digit = 0; digit < pad.size(); ++digit)
        if (pad[digit] == key) return digit;
    return std::nullopt;
}

}  // namespace

ScannerEffects KeyboardSession::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    const auto begin_anew = [&] {
        feed_.clear();
        release_all();
        caps_lock_ = false;
        deaf_ = torn_ = false;
        hand_on(event, now, out);
    };
    std::visit(Match{
                   [&](const LinkUp&) { begin_anew(); },
                   [&](const LinkDown&) { begin_anew(); },
                   [&](const BytesRead& read) {
                       if (now - std::exchange(last_read_, now) >= options_.line.stale) torn_ = false;
                       for (const auto& key : feed_.take(read.bytes)) take(key, now, out);
                       if (!typed_.empty()) hand_on(BytesRead{bytes_of(std::exchange(typed_, {}))}, now, out);
                   },
                   [&](const Ticked&) { hand_on(event, now, out); },
                   [&](const VerdictGiven&) {},
               },
               event);
    return out;
}

void KeyboardSession::release_all() {
    left_shift_ = right_shift_ = left_control_ = right_control_ = alt_ = alt_gr_ = false;
    number_.reset();
}

void KeyboardSession::take(const KeyEvent& event, Instant now, ScannerEffects& out) {
    if (event.type == ev_syn && event.code == syn_dropped) {
        deaf_ = torn_ = true;
        release_all();
        if (!typed_.empty()) hand_on(BytesRead{bytes_of(std::exchange(typed_, {}))}, now, out);
        hand_on(LinkDown{}, now, out);  // of the code that was under way only
    } else if (deaf_) {
        if (event.type == ev_syn && event.code == syn_report) deaf_ = false;
    } else if (event.type == ev_led && event.code == led_caps) {
        caps_lock_ = event.value != 0;
    } else if (event.type == ev_key) {
        change_modifier(event.code, event.value != 0);
        if (event.value == pressed) press(event.code);
        if (torn_) skip_rest();
    }
}

void KeyboardSession::skip_rest() {
    const bool ended = typed_.find_first_of(options_.line.terminators) != std::string::npos;
    if (ended) torn_ = false;
    typed_.clear();
}

void KeyboardSession::change_modifier(std::uint16_t key, bool down) {
    switch (key) {
        case key_left_shift: left_shift_ = down; break;
        case key_right_shift: right_shift_ = down; break;
        case key_left_control: left_control_ = down; break;
        case key_right_control: right_control_ = down; break;
        case key_right_alt: alt_gr_ = down; break;
        case key_left_alt:
            if (alt_ && !down) finish_number();
            alt_ = down;
            break;
        default: break;
    }
}

void KeyboardSession::press(std::uint16_t key) {
    if (key == key_enter || key == key_kp_enter) {
        typed_ += '\r';
    } else if (key == key_tab) {
        typed_ += '\t';
    } else if (key == key_caps_lock) {
        caps_lock_ = !caps_lock_;
    } else if (alt_) {
        if (const auto digit = pad_digit(key)) number_ = (number_.value_or(0) * 10 + *digit) % 1'000;
    } else {
        typed_ += drivers::typed(options_.layout, key,
                                 {left_shift_ || right_shift_, caps_lock_, alt_gr_, left_control_ || right_control_});
    }
}

// Alt and a number: that octet, as scanners send what no layout has.
void KeyboardSession::finish_number() {
    if (const auto number = std::exchange(number_, std::nullopt); number && *number < 256)
        typed_ += static_cast<char>(*number);
}

void KeyboardSession::hand_on(const ScannerEvent& event, Instant now, ScannerEffects& out) {
    for (auto& effect : line_.step(event, now)) out.push_back(std::move(effect));
}

}  // namespace gatehouse::drivers
