#include "drivers/emulator/ssi_voice.hpp"

#include <algorithm>

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::size_t data_a_packet = 200;
constexpr std::chrono::milliseconds answer_within{2'000};

Bytes with_checksum(Bytes packet) {
    unsigned sum = 0;
    for (const auto octet : packet) sum -= octet;
    packet.push_back(static_cast<std::uint8_t>(sum >> 8U & 0xffU));
    packet.push_back(static_cast<std::uint8_t>(sum & 0xffU));
    return packet;
}

}  // namespace

SsiVoice::SsiVoice(const ScannerScenario& scenario, VoiceBox box)
    : box_(std::move(box)), suffix_(scenario.suffix), later_(box_.io) {}

void SsiVoice::scan(const std::string& text) {
    const bool idle = unsent_.empty();
    const auto code = text + suffix_;
    for (std::size_t at = 0; at < code.size(); at += data_a_packet) {
        const auto piece = std::string_view(code).substr(at, data_a_packet);
        const bool more = at + data_a_packet < code.size();
        Bytes packet{static_cast<std::uint8_t>(5 + piece.size()), 0xF3, 0x00, static_cast<std::uint8_t>(more ? 2 : 0),
                     0x1C};  // a QR code
        packet.insert(packet.end(), piece.begin(), piece.end());
        unsent_.push_back(std::move(packet));
    }
    if (idle && !unsent_.empty()) send_first(false);
}

void SsiVoice::hear(ByteView bytes) {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    while (!heard_.empty()) {
        const std::size_t length = heard_[0];
        if (length < 4) {  // a wake-up
            heard_.erase(heard_.begin());
            continue;
        }
        if (heard_.size() < length + 2) return;
        const Bytes packet(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(length));
        const Bytes whole(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(length + 2));
        heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(length + 2));
        if (with_checksum(packet) == whole) obey(packet);
    }
}

void SsiVoice::obey(ByteView packet) {
    if (packet[1] == 0xD0) {
        if (unsent_.empty()) return;
        box_.note("acknowledged", {});
        ++attempt_;
        unsent_.pop_front();
        if (!unsent_.empty()) send_first(false);
        return;
    }
    if (packet[1] == 0xD1) {
        if (!unsent_.empty()) send_first(true);
        return;
    }
    if (packet[1] == 0xE6 && packet.size() > 4) box_.note("beep", {{"code", packet[4]}});
    if (packet[1] == 0xE7) box_.note("led", {{"on", true}});
    if (packet[1] == 0xE8) box_.note("led", {{"on", false}});
    if (packet[1] == 0xC6 && packet.size() > 6) box_.note("parameter", {{"number", packet[5]}, {"value", packet[6]}});
    box_.send(with_checksum({0x04, 0xD0, 0x00, 0x00}));
}

void SsiVoice::send_first(bool again) {
    auto packet = unsent_.front();
    if (again) packet[3] |= 1;
    box_.send(with_checksum(packet));
    wait_for_answer();
}

void SsiVoice::wait_for_answer() {
    later_.after(answer_within, [this, attempt = ++attempt_] {
        if (attempt == attempt_ && !unsent_.empty()) send_first(true);
    });
}

void SsiVoice::forget() {
    later_.forget();
    unsent_.clear();
    heard_.clear();
    ++attempt_;
}

}  // namespace gatehouse::drivers::emulator
