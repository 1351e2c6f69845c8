// One device on the pair of wires, as the control panel speaks with it: sequence numbers, repeats, the secure channel.
//
//   [down] ──LinkUp──▶ [probing] ──any reply──▶ [asking_id] ─▶ [asking_cap] ──no keys──▶ [online] polls, commands
//                       ▲  ▲                                       │ keys                     ▲   │
//                       │  └── lost: no answer, or no key fits     ▼                          │   │ channel or
//                       │                              [challenging] ◀──next key── [proving]──┘   │ sequence lost
//                       │                               ▲    ▲   └────────────────────▲ │         │
//                       └───────────────────────────────┤    └──── [rekeying] ◀─ other key fitted │
//                                                       └─────────────────────────────────────────┘
//
// Guarantees
// - A command whose answer was lost is repeated octet for octet, so that a device does it once and gives its reply
// again.
// - A reply counts once, and only for the command that it answers.
// - With keys nothing counts but what the device has proven, and nothing but the handshake is sent in clear.
// - A device with an old or the default key gets the site's key, when the settings list that key.
// - Every command ends in one answered or unanswered.
// - An online device has its whole time to answer, however quick it usually is.
// - A command that is called unanswered is not repeated later than the patience after it was first sent, however busy
//   the wire.
// - A device that is silent for a moment keeps its number, its channel and its octets, and so what it had to say.
// - A lost device is probed for ever, and is back within two seconds of its first answer.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "drivers/link/link_events.hpp"
#include "drivers/osdp/osdp_channel.hpp"
#include "drivers/osdp/osdp_messages.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct OsdpUnitOptions {
    std::uint8_t address = 0;
    bool crc = true;
    bool secure = false;         // without keys a secure device never comes online
    std::vector<AesBlock> keys;  // the site's first; devices with one of the others are given the first
    AesBlock chance{};           // what the panel's random numbers are made from: fresh in each process
    Duration poll = std::chrono::milliseconds(50);
    Duration answer = std::chrono::milliseconds(200);       // until a reply must begin: SIA OSDP 2.2, 5.7
    Duration quick_answer = std::chrono::milliseconds(30);  // for a probe of a device that seems absent
    Duration shortest_probe = std::chrono::milliseconds(250);
    Duration longest_probe = std::chrono::seconds(1);
    Duration busy = std::chrono::milliseconds(20);         // after BUSY
    unsigned repeats = 2;                                  // before a command counts as unanswered
    Duration patience = std::chrono::milliseconds(1'200);  // of an online device's silence, then it is lost
    unsigned full_probe = 16;                              // every so many a probe waits for the whole `answer`
    unsigned most_busy = 100;                              // in a row, then the device is lost
    std::size_t longest_queue = 16;
};

// Events beside LinkUp and LinkDown.
struct WireOffered {  // due() has passed and nobody else speaks
    friend bool operator==(const WireOffered&, const WireOffered&) = default;
};
struct ReplyHeard {
    OsdpFrame frame;
    friend bool operator==(const ReplyHeard&, const ReplyHeard&) = default;
};
struct ReplyMissed {
    friend bool operator==(const ReplyMissed&, const ReplyMissed&) = default;
};
struct CommandAsked {
    std::uint32_t tag = 0;  // chosen by the caller
    OsdpCommand command;
    bool urgent = true;  // goes before others of this device, and before the polls of all
    friend bool operator==(const CommandAsked&, const CommandAsked&) = default;
};
using OsdpUnitEvent = std::variant<LinkUp, LinkDown, WireOffered, ReplyHeard, ReplyMissed, CommandAsked>;

// Effects.
struct Transmit {
    Bytes frame;      // without mark
    Duration answer;  // until the reply must begin
    friend bool operator==(const Transmit&, const Transmit&) = default;
};
struct CommandAnswered {
    std::uint32_t tag = 0;
    OsdpReply reply;
    friend bool operator==(const CommandAnswered&, const CommandAnswered&) = default;
};
struct CommandUnanswered {
    std::uint32_t tag = 0;
    bool sent = false;
    friend bool operator==(const CommandUnanswered&, const CommandUnanswered&) = default;
};
struct UnitTold {  // by the device's own will, in answer to a poll
    OsdpReply reply;
    friend bool operator==(const UnitTold&, const UnitTold&) = default;
};
struct UnitOnline {
    bool secure = false;
    friend bool operator==(const UnitOnline&, const UnitOnline&) = default;
};
enum class UnitLoss : std::uint8_t { link_down, no_answer, not_trusted };
struct UnitLost {
    UnitLoss why{};
    friend bool operator==(const UnitLost&, const UnitLost&) = default;
};
using OsdpUnitEffect = std::variant<Transmit, CommandAnswered, CommandUnanswered, UnitTold, UnitOnline, UnitLost>;
using OsdpUnitEffects = std::vector<OsdpUnitEffect>;

class OsdpUnit {
public:
    explicit OsdpUnit(OsdpUnitOptions options) : options_(std::move(options)) {}

    [[nodiscard]] OsdpUnitEffects step(const OsdpUnitEvent& event, Instant now);
    // When it wants the wire; nothing while it waits for a reply or the link is down.
    [[nodiscard]] std::optional<Instant> due() const;
    // Somebody waits for its next command.
    [[nodiscard]] bool is_urgent() const {
        return phase_ == Phase::online && !in_flight_ && !queue_.empty() && queue_.front().urgent;
    }
    // Nobody waits for its answer: it is lost, or silent beyond its repeats. Its turn is behind that of others.
    [[nodiscard]] bool seems_absent() const {
        return phase_ == Phase::down || phase_ == Phase::probing || (in_flight_ && in_flight_->given_up);
    }
    // From its next command's end until the reply must begin.
    [[nodiscard]] Duration patience() const;
    // What it was asked last has had no answer yet.
    [[nodiscard]] bool is_repeating() const { return in_flight_ && in_flight_->sent > 0 && !waiting_; }
    [[nodiscard]] std::uint8_t address() const { return options_.address; }
    [[nodiscard]] Instant last_answer() const { return last_answer_; }  // that counted

private:
    enum class Phase : std::uint8_t {
        down,
        probing,
        asking_id,
        asking_cap,
        challenging,
        proving,
        rekeying,
        online,
    };
    struct InFlight {
        OsdpCommand command;
        std::optional<std::uint32_t> tag;
        std::uint8_t sequence = 0;
        Bytes bytes;
        unsigned sent = 0;
        bool given_up = false;  // it was answered as unanswered, and is repeated all the same
        Instant first{};        // it was sent
        Instant at{};           // it was last sent
    };

    struct Told {
        OsdpFrame frame;
        Instant until{};
    };

    void on(const LinkUp& event, Instant now, OsdpUnitEffects& out);
    void on(const LinkDown& event, Instant now, OsdpUnitEffects& out);
    void on(const WireOffered& event, Instant now, OsdpUnitEffects& out);
    void on(const ReplyHeard& event, Instant now, OsdpUnitEffects& out);
    void on(const ReplyMissed& event, Instant now, OsdpUnitEffects& out);
    void on(const CommandAsked& event, Instant now, OsdpUnitEffects& out);

    void compose();
    [[nodiscard]] OsdpCommand next_command(std::optional<std::uint32_t>& tag);
    [[nodiscard]] OsdpCommand challenge();
    [[nodiscard]] std::optional<OsdpReply> trusted(const OsdpFrame& frame);
    [[nodiscard]] bool is_overdue(Instant now) const;
    [[nodiscard]] bool is_late_copy(const OsdpFrame& frame, Instant now) const;
    void take(const OsdpReply& reply, Instant now, OsdpUnitEffects& out);
    void take_online(const OsdpReply& reply, Instant now, OsdpUnitEffects& out);
    void refused(const OsdpNak& nak, Instant now, OsdpUnitEffects& out);
    void begin_anew(Instant now, OsdpUnitEffects& out);
    void check_challenged(const OsdpReply& reply, Instant now, OsdpUnitEffects& out);
    void check_proven(const OsdpReply& reply, Instant now, OsdpUnitEffects& out);
    void try_key(std::size_t index, Instant now, OsdpUnitEffects& out);
    void come_online(Instant now, OsdpUnitEffects& out);
    void lose(UnitLoss why, Instant now, OsdpUnitEffects& out);
    void give_up_commands(OsdpUnitEffects& out);
    void drop_commands(OsdpUnitEffects& out);
    void told(const OsdpReply& reply, OsdpUnitEffects& out);

    OsdpUnitOptions options_;
    Phase phase_ = Phase::down;
    Instant due_{};
    std::uint8_t sequence_ = 0;
    bool waiting_ = false;
    Instant last_answer_{};
    std::optional<InFlight> in_flight_;
    std::optional<Told> repeated_;  // what was told in clear when it was asked for again
    std::deque<CommandAsked> queue_;
    unsigned busy_ = 0;
    unsigned anew_ = 0;  // beginnings since the last good answer
    unsigned probes_ = 0;
    Duration probe_{};
    Duration slowest_{};  // answer to a poll, ever; zero: none

    std::size_t key_ = 0;
    std::uint64_t challenges_ = 0;
    OsdpRandom random_{};
    OsdpSessionKeys session_{};
    AesBlock cryptogram_{};
    std::optional<OsdpChannel> channel_;
    std::optional<std::variant<UnitOnline, UnitLost>> said_;
};

}  // namespace gatehouse::drivers
