// Readers of contactless cards (over the card messages of link/feed_codec.hpp) and of Chinese identity cards.
#pragma once

#include <optional>

#include "drivers/emulator/later.hpp"
#include "drivers/emulator/scanner_voice.hpp"

namespace gatehouse::drivers::emulator {

// The text is the card's number in hexadecimal; it is taken away after a second.
class CardVoice final : public ScannerVoice {
public:
    explicit CardVoice(VoiceBox box) : box_(std::move(box)), later_(box_.io) {}
    void scan(const std::string& text) override;
    void hear(ByteView bytes) override;
    void forget() override;

private:
    VoiceBox box_;
    Later later_;
    Bytes heard_;
    std::optional<Bytes> card_;
};

// The text is the number on the card; it is found once and then taken away.
class IdCardVoice final : public ScannerVoice {
public:
    explicit IdCardVoice(VoiceBox box) : box_(std::move(box)) {}
    void scan(const std::string& text) override { card_ = text; }
    void hear(ByteView bytes) override;
    void forget() override;

private:
    void answer(std::uint8_t command, std::uint8_t parameter);
    void say(std::uint8_t status, const Bytes& data);

    VoiceBox box_;
    Bytes heard_;
    std::string card_;
    bool selected_ = false;
};

}  // namespace gatehouse::drivers::emulator
