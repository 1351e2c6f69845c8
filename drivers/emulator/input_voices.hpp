// Scanners that look like a keyboard or a HID point-of-sale device, over the event feed of link/feed_codec.hpp.
#pragma once

#include "drivers/emulator/scanner_voice.hpp"

namespace gatehouse::drivers::emulator {

// Types on a US keyboard, Enter at the end. Shift goes down with its key and up before it, as real ones do.
class KeyboardVoice final : public ScannerVoice {
public:
    explicit KeyboardVoice(VoiceBox box) : box_(std::move(box)) {}
    void scan(const std::string& text) override;
    void hear(ByteView) override {}

private:
    VoiceBox box_;
};

// Reports of 64 octets with 56 of the code each.
class HidPosVoice final : public ScannerVoice {
public:
    explicit HidPosVoice(VoiceBox box) : box_(std::move(box)) {}
    void scan(const std::string& text) override;
    void hear(ByteView) override {}

private:
    VoiceBox box_;
};

}  // namespace gatehouse::drivers::emulator
