// A decoder that speaks Zebra's SSI: acknowledges commands, sends a code again until it is acknowledged.
#pragma once

#include <deque>
#include <optional>

#include "drivers/emulator/later.hpp"
#include "drivers/emulator/scanner_voice.hpp"

namespace gatehouse::drivers::emulator {

class SsiVoice final : public ScannerVoice {
public:
    SsiVoice(const ScannerScenario& scenario, VoiceBox box);
    void scan(const std::string& text) override;
    void hear(ByteView bytes) override;
    void forget() override;

private:
    void obey(ByteView packet);
    void send_first(bool again);
    void wait_for_answer();

    VoiceBox box_;
    std::string suffix_;
    Later later_;
    Bytes heard_;
    std::deque<Bytes> unsent_;  // packets without their checksums; the first is on its way
    std::uint64_t attempt_ = 0;
};

}  // namespace gatehouse::drivers::emulator
