#include "drivers/emulator/scanner_voice.hpp"

#include <algorithm>
#include <utility>

#include "drivers/emulator/card_voices.hpp"
#include "drivers/emulator/input_voices.hpp"
#include "drivers/emulator/ssi_voice.hpp"

namespace gatehouse::drivers::emulator {

namespace {

class LineVoice final : public ScannerVoice {
public:
    LineVoice(const ScannerScenario& scenario, VoiceBox box)
        : prefix_(scenario.prefix), suffix_(scenario.suffix), box_(std::move(box)) {}
    void scan(const std::string& text) override { box_.send(bytes_of(prefix_ + text + suffix_)); }
    void hear(ByteView) override {}

private:
    std::string prefix_;
    std::string suffix_;
    VoiceBox box_;
};

// Lines, and an answer to each command that begins with 7E 00.
class Gm65Voice final : public ScannerVoice {
public:
    Gm65Voice(const ScannerScenario& scenario, VoiceBox box) : line_(scenario, box), box_(std::move(box)) {}
    void scan(const std::string& text) override { line_.scan(text); }
    void hear(ByteView bytes) override {
        heard_.insert(heard_.end(), bytes.begin(), bytes.end());
        while (heard_.size() >= 6) {
            const std::size_t length = 6 + std::size_t{heard_[3]} + 2;
            if (heard_[0] != 0x7E || heard_[1] != 0x00) {
                heard_.erase(heard_.begin());
            } else if (heard_.size() < length) {
                return;
            } else {
                box_.note("command", {{"hex", to_hex(ByteView(heard_).first(length))}});
                heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(length));
                box_.send({0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31});
            }
        }
    }
    void forget() override { heard_.clear(); }

private:
    LineVoice line_;
    VoiceBox box_;
    Bytes heard_;
};

}  // namespace

std::unique_ptr<ScannerVoice> make_voice(const ScannerScenario& scenario, VoiceBox box) {
    switch (scenario.kind) {
        case ScannerKind::line: return std::make_unique<LineVoice>(scenario, std::move(box));
        case ScannerKind::ssi: return std::make_unique<SsiVoice>(scenario, std::move(box));
        case ScannerKind::gm65: return std::make_unique<Gm65Voice>(scenario, std::move(box));
        case ScannerKind::hid_keyboard: return std::make_unique<KeyboardVoice>(std::move(box));
        case ScannerKind::hid_pos: return std::make_unique<HidPosVoice>(std::move(box));
        case ScannerKind::pcsc: return std::make_unique<CardVoice>(std::move(box));
        case ScannerKind::id_card: return std::make_unique<IdCardVoice>(std::move(box));
    }
    return nullptr;
}

}  // namespace gatehouse::drivers::emulator
