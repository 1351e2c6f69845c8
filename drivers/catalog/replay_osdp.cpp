// An OSDP device: commands and replies are found in what was recorded, and its gate or reader is told the replies.
#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/catalog/replay_holds.hpp"
#include "drivers/catalog/replay_players.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr Duration unit_patience = std::chrono::milliseconds(1'200);  // as OsdpUnit's
constexpr Duration longest_reply_wait = std::chrono::seconds(3);      // of the gate for a reply that was never recorded

// One device's conversation: `Device` hears begun(), heard(command, reply), lost() and ended().
template <class Device>
class Conversation {
public:
    Conversation(std::uint8_t address, Device& device) : address_(address), device_(device) {}

    void play(const RecordedMoment& moment) {
        const Instant now{moment.at};
        device_.play_until(now);
        switch (moment.what) {
            case PortMoment::up: return;
            case PortMoment::down: return lose(UnitLoss::link_down, now);
            case PortMoment::wrote: return wrote(moment.bytes, now);
            case PortMoment::read:
                reader_.append(moment.bytes);
                while (const auto frame = reader_.next())
                    if (frame->reply && frame->address == address_) replied(*frame, now);
                return;
        }
    }
    [[nodiscard]] std::size_t enciphered() const { return enciphered_; }

private:
    void wrote(const Bytes& bytes, Instant now) {
        reader_.clear();  // some lines echo
        OsdpReader mine;
        mine.append(bytes);
        asked_.reset();
        auto frame = mine.next();
        if (!frame || frame->reply || frame->address != address_) return;
        if (online_ && now > last_reply_ + unit_patience) lose(UnitLoss::no_answer, now);
        asked_ = OsdpCommand{static_cast<OsdpCommandCode>(frame->code), std::move(frame->data)};
        if (online_ && !is_secret(*frame)) device_.asked(*asked_, now);
    }

    void replied(const OsdpFrame& frame, Instant now) {
        last_reply_ = now;
        if (!asked_) return;
        const bool secret = is_secret(frame);
        const auto reply = secret ? std::nullopt : parse_osdp_reply(frame.code, frame.data);
        if (secret) ++enciphered_;
        if (reply && std::holds_alternative<OsdpBusy>(*reply)) return;
        const bool is_talk = asked_->code == OsdpCommandCode::chlng || asked_->code == OsdpCommandCode::scrypt ||
                             asked_->code == OsdpCommandCode::id || asked_->code == OsdpCommandCode::cap;
        if (is_talk) return;
        if (!std::exchange(online_, true)) device_.begun(now);
        if (reply) device_.heard(*asked_, *reply, now);
        asked_.reset();
    }

    void lose(UnitLoss why, Instant now) {
        asked_.reset();
        if (std::exchange(online_, false)) device_.lost(why, now);
    }

    static bool is_secret(const OsdpFrame& frame) {
        return frame.security && frame.security->type >= static_cast<std::uint8_t>(OsdpSecurity::command_secret);
    }

    std::uint8_t address_;
    Device& device_;
    OsdpReader reader_;
    std::optional<OsdpCommand> asked_;
    bool online_ = false;
    Instant last_reply_{};
    std::size_t enciphered_ = 0;
};

class GatePlayer {
public:
    explicit GatePlayer(const OsdpGateOptions& options) : options_(options), gate_(options) {}

    void play_until(Instant end) {
        while (true) {
            const auto lost = pending_ ? pending_->at + longest_reply_wait : end;
            const auto due = std::max(gate_.deadline().value_or(end), now_);
            if (std::min(lost, due) >= end) return;
            if (lost <= due)
                step(CommandUnanswered{std::exchange(pending_, {})->tag, true}, lost);
            else
                step(Ticked{}, due);
        }
    }
    void begun(Instant now) { step(UnitOnline{}, now); }
    void lost(UnitLoss why, Instant now) {
        pending_.reset();
        step(UnitLost{why}, now);
    }

    // A pulse was asked for by the lane; a level that stays is a hold or its end.
    void asked(const OsdpCommand& command, Instant now) {
        if (command.code != OsdpCommandCode::out || (pending_ && pending_->command == command)) return;
        for (const auto way : both_ways) {
            const auto& output = options_.outputs[way_index(way)];
            if (!output) continue;
            const auto tenths = static_cast<std::uint16_t>(options_.pulse / std::chrono::milliseconds(100));
            if (command == osdp_out(*output, OsdpOutput::pulse, tenths)) {
                step(OpenRequested{OpenId{++opens_}, way}, now);
            } else if (command == osdp_out(*output, OsdpOutput::on, 0)) {
                hold(way, true, now);
            } else if (command == osdp_out(*output, OsdpOutput::off, 0)) {
                hold(way, false, now);
            }
        }
    }

    void heard(const OsdpCommand& command, const OsdpReply& reply, Instant now) {
        if (pending_ && pending_->command == command)
            step(CommandAnswered{std::exchange(pending_, {})->tag, reply}, now);
        else
            step(UnitTold{reply}, now);
    }
    [[nodiscard]] std::vector<Replayed> take() { return std::move(replayed_); }

private:
    struct Pending {
        std::uint32_t tag = 0;
        OsdpCommand command;
        Instant at;
    };

    void hold(Direction way, bool held, Instant now) {
        for (const auto& request : holds_.change(way, held))
            std::visit([&](const auto& each) { step(each, now); }, request);
    }

    // Pulses and looks wait for their reply; what the gate writes to begin or to hold, the device takes.
    void step(const OsdpGateEvent& event, Instant now) {
        now_ = now;
        std::optional<std::uint32_t> taken;
        for (const auto& effect : gate_.step(event, now))
            std::visit(Match{[&](const CommandAsked& asked) {
                                 if (is_level(asked.command))
                                     taken = asked.tag;
                                 else
                                     pending_ = Pending{asked.tag, asked.command, now};
                             },
                             [&](const auto& report) { replayed_.push_back({now.time_since_epoch(), report}); }},
                       effect);
        if (taken) step(CommandAnswered{*taken, OsdpAck{}}, now);
    }
    [[nodiscard]] bool is_level(const OsdpCommand& command) const {
        return std::ranges::any_of(options_.outputs, [&](const std::optional<std::uint8_t>& output) {
            return output && (command == osdp_out(*output, OsdpOutput::on, 0) ||
                              command == osdp_out(*output, OsdpOutput::off, 0));
        });
    }

    OsdpGateOptions options_;
    OsdpGate gate_;
    Instant now_{};
    ReplayedHolds holds_;
    std::uint64_t opens_ = 0;
    std::optional<Pending> pending_;
    std::vector<Replayed> replayed_;
};

class ReaderPlayer {
public:
    explicit ReaderPlayer(const OsdpCardReaderOptions& options) : reader_(options) {}

    void play_until(Instant /*end*/) {}
    void begun(Instant now) {
        reader_.forget();
        replayed_.push_back({now.time_since_epoch(), ReportAnswering{true}});
    }
    void lost(UnitLoss /*why*/, Instant now) { replayed_.push_back({now.time_since_epoch(), ReportAnswering{false}}); }
    void asked(const OsdpCommand& /*command*/, Instant /*now*/) {}
    void heard(const OsdpCommand& /*command*/, const OsdpReply& reply, Instant now) {
        for (auto& report : reader_.take(reply, now))
            std::visit([&](auto& each) { replayed_.push_back({now.time_since_epoch(), std::move(each)}); }, report);
    }
    [[nodiscard]] std::vector<Replayed> take() { return std::move(replayed_); }

private:
    OsdpCardReader reader_;
    std::vector<Replayed> replayed_;
};

template <class Device>
Replay play_device(const Recording& recording, std::uint8_t address, Device device) {
    Conversation<Device> conversation(address, device);
    for (const auto& moment : recording.moments) conversation.play(moment);
    return {device.take(), conversation.enciphered()};
}

}  // namespace

Replay play_osdp_gate(const Recording& recording, std::uint8_t address, const OsdpGateOptions& options) {
    return play_device(recording, address, GatePlayer(options));
}

Replay play_osdp_reader(const Recording& recording, std::uint8_t address, const OsdpCardReaderOptions& options) {
    return play_device(recording, address, ReaderPlayer(options));
}

}  // namespace gatehouse::drivers
