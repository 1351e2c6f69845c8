// The `ssi` scanner: packets with acknowledgements, and the host's beeper and light.
//
//   LinkUp ─▶ [asking: packets, handshake, scanning on] ──all acknowledged──▶ [working]
//                 │  ▲ no answer in time: again, with the retransmission bit       │ VerdictGiven: beep, light
//                 ▼  │ refused, or no answer at all: the next command              ▼
//             the same queue carries both; one command is under way
//
//   decode data ─▶ acknowledged ─▶ scan      (whatever command is under way)
//        │ wrong checksum ─▶ refused: resend
//        │ more packets follow ─▶ collected
//        └ sent again after our acknowledgement was lost ─▶ acknowledged, not reported
//
// Guarantees
// - Every packet of a code is acknowledged before the code is reported.
// - A code that is sent again, because our acknowledgement was lost, is reported once.
// - A packet that was spoiled on the way is asked for again, and none is lost.
// - A code of several packets is reported whole or not at all.
// - At most one command is under way, and one that is never answered holds nothing up for ever.
// - A device that answers no command is said not to answer, and asked again and again.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "drivers/scanner/scan_text.hpp"
#include "drivers/scanner/ssi_codec.hpp"

namespace gatehouse::drivers {

struct SsiOptions {
    std::string prefix;                               // taken off when a code starts with it
    Duration answer = std::chrono::seconds(2);        // to a command
    Duration pause = std::chrono::milliseconds(200);  // within a packet: the rest is lost
    Duration more = std::chrono::seconds(5);  // for the next packet of a code: the decoder sends again after 2 s
    Duration dedupe = std::chrono::seconds(2);
    Duration ask_again = std::chrono::seconds(30);  // a device that never answers
    Duration light = std::chrono::seconds(1);       // how long it shows a welcome
    unsigned tries = 3;                             // of a command
    std::size_t longest = 2'048;                    // octets of a code
};

class SsiSession {
public:
    explicit SsiSession(SsiOptions options = {}) : options_(std::move(options)), repeats_(options_.dedupe) {}

    [[nodiscard]] ScannerEffects step(const ScannerEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    void link_up(ScannerEffects& out);
    void forget(ScannerEffects& out);
    void read(ByteView bytes, Instant now, ScannerEffects& out);
    void take(const SsiPacket& packet, Instant now, ScannerEffects& out);
    void decoded(const SsiPacket& packet, Instant now, ScannerEffects& out);
    void deliver(Instant now, ScannerEffects& out);
    void heard(bool answers, ScannerEffects& out);
    void refused(const SsiPacket& packet, Instant now, ScannerEffects& out);
    void show(VerdictSign sign, Instant now);
    void settle(bool done, Instant now, ScannerEffects& out);
    void send_next(Instant now, ScannerEffects& out);
    void send_again(Instant now, ScannerEffects& out);
    void on_time(Instant now, ScannerEffects& out);

    SsiOptions options_;
    RepeatWindow repeats_;
    SsiReader reader_;
    bool up_ = false;
    std::deque<SsiPacket> commands_;  // the first is under way while `answer_due_` is set
    std::optional<Instant> answer_due_;
    unsigned tried_ = 0;
    bool answers_ = true;  // as last said
    std::optional<Instant> ask_again_;
    std::optional<Instant> light_off_;
    std::optional<Instant> packet_due_;  // the rest of a packet
    std::optional<SsiPacket> last_;      // the last data packet that was acknowledged
    std::string code_;                   // of packets so far
    bool too_long_ = false;
    std::optional<std::uint8_t> type_;  // of the code that is collected
    std::optional<Instant> more_due_;
};

}  // namespace gatehouse::drivers
