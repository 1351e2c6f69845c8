#include "drivers/emulator/card_voices.hpp"

#include <algorithm>

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::chrono::milliseconds shown_for{1'000};

Bytes card_message(std::uint8_t tag, const Bytes& data) {
    Bytes bytes{tag, static_cast<std::uint8_t>(data.size() >> 8U), static_cast<std::uint8_t>(data.size() & 0xffU)};
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

}  // namespace

void CardVoice::scan(const std::string& text) {
    card_ = from_hex(text).value_or(Bytes{});
    box_.send(card_message(1, {0x3B, 0x8F, 0x80, 0x01}));
    later_.after(shown_for, [this] {
        if (!card_) return;
        card_.reset();
        box_.send(card_message(3, {}));
    });
}

void CardVoice::hear(ByteView bytes) {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    while (heard_.size() >= 3) {
        const std::size_t length = 3 + (std::size_t{heard_[1]} << 8U | heard_[2]);
        if (heard_.size() < length) return;
        const Bytes command(heard_.begin() + 3, heard_.begin() + static_cast<std::ptrdiff_t>(length));
        heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(length));
        Bytes answer{0x6D, 0x00};
        if (card_ && command == Bytes{0xFF, 0xCA, 0x00, 0x00, 0x00}) {
            answer = *card_;
            answer.insert(answer.end(), {0x90, 0x00});
        }
        box_.send(card_message(2, answer));
    }
}

void CardVoice::forget() {
    later_.forget();
    heard_.clear();
    card_.reset();
}

void IdCardVoice::hear(ByteView bytes) {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    constexpr std::uint8_t head[] = {0xAA, 0xAA, 0xAA, 0x96, 0x69};
    while (heard_.size() >= 10) {
        if (!std::equal(std::begin(head), std::end(head), heard_.begin())) {
            heard_.erase(heard_.begin());
            continue;
        }
        const auto command = heard_[7];
        const auto parameter = heard_[8];
        heard_.erase(heard_.begin(), heard_.begin() + 10);  // every command here has no data
        answer(command, parameter);
    }
}

void IdCardVoice::answer(std::uint8_t command, std::uint8_t parameter) {
    if (command == 0x20 && parameter == 0x01)
        return say(card_.empty() ? 0x80 : 0x9F, card_.empty() ? Bytes{} : Bytes(4));
    if (command == 0x20) {
        selected_ = !card_.empty();
        return say(selected_ ? 0x90 : 0x81, selected_ ? Bytes(8) : Bytes{});
    }
    if (command != 0x30 || !selected_) return say(command == 0x11 ? 0x90 : 0x41, {});
    Bytes data(4 + 256 + 1'024, 0);
    data[0] = 0x01;
    data[2] = 0x04;
    for (std::size_t i = 0; i < card_.size() && i < 18; ++i)
        data[4 + 122 + 2 * i] = static_cast<std::uint8_t>(card_[i]);
    card_.clear();
    selected_ = false;
    say(0x90, data);
}

void IdCardVoice::say(std::uint8_t status, const Bytes& data) {
    const auto length = 3 + data.size() + 1;
    Bytes frame{0xAA,
                0xAA,
                0xAA,
                0x96,
                0x69,
                static_cast<std::uint8_t>(length >> 8U),
                static_cast<std::uint8_t>(length & 0xffU),
                0x00,
                0x00,
                status};
    frame.insert(frame.end(), data.begin(), data.end());
    std::uint8_t check = 0;
    for (std::size_t i = 5; i < frame.size(); ++i) check = static_cast<std::uint8_t>(check ^ frame[i]);
    frame.push_back(check);
    box_.send(std::move(frame));
}

void IdCardVoice::forget() {
    heard_.clear();
    card_.clear();
    selected_ = false;
}

}  // namespace gatehouse::drivers::emulator
