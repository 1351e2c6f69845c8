// A Modbus turnstile: requests and answers are found in what was recorded, and its gate is told the answers.
#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/catalog/replay_holds.hpp"
#include "drivers/catalog/replay_players.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint16_t level_on = 0xff00;
constexpr Duration longest_answer_wait = std::chrono::seconds(3);  // of the gate for an answer that was never recorded
constexpr std::size_t tcp_head = 7;

class BoardPlayer {
public:
    explicit BoardPlayer(const ModbusTurnstileOptions& options)
        : options_(options), tcp_(options.line.framing == ModbusFraming::tcp), gate_(options.gate) {}

    void play(const RecordedMoment& moment) {
        play_until(moment.at);
        now_ = Instant{moment.at};
        if (!std::exchange(begun_, true) && moment.what != PortMoment::up) step(LinkUp{});
        give_up_waiting();
        switch (moment.what) {
            case PortMoment::up: step(LinkUp{}); return;
            case PortMoment::down:
                lose_recorded();
                pending_.clear();
                step(LinkDown{});
                return;
            case PortMoment::read: tcp_ ? read_tcp(moment.bytes) : read_rtu(moment.bytes); return;
            case PortMoment::wrote: wrote(moment.bytes); return;
        }
    }
    [[nodiscard]] std::vector<Replayed> take() { return std::move(replayed_); }

private:
    struct Recorded {  // a request of the recording, without its answer yet
        Bytes pdu;
        std::uint16_t transaction = 0;
        Instant at;
    };
    struct Pending {  // a request of the gate, likewise
        ModbusTag tag = 0;
        Bytes pdu;
        Instant at;
    };
    struct Unasked {  // an answer that comes before the gate has asked for it
        Bytes pdu;
        ModbusAnswer answer;
    };

    void play_until(Duration end) {
        for (auto due = gate_.deadline(); due && *due < Instant{end}; due = gate_.deadline()) {
            now_ = *due;
            step(Ticked{});
        }
    }

    void step(const ModbusGateEvent& event) {
        for (const auto& effect : gate_.step(event, now_))
            std::visit(
                Match{[&](const ModbusRequest& request) { pending_.push_back({request.tag, request.pdu, now_}); },
                      [](const RequestsWithdrawn&) {},
                      [&](const auto& report) { replayed_.push_back({now_.time_since_epoch(), report}); }},
                effect);
        answer_at_once();
    }

    // What the gate writes to begin or to hold was not recorded at this moment, or not at all: the board takes it.
    void answer_at_once() {
        const auto found = std::ranges::find_if(pending_, [&](const Pending& waiting) {
            return (unasked_ && unasked_->pdu == waiting.pdu) || (level_of(waiting.pdu) && !is_recorded(waiting.pdu));
        });
        if (found == pending_.end()) return;
        auto waiting = std::move(*found);
        pending_.erase(found);
        auto answer = level_of(waiting.pdu) ? ModbusAnswer{ModbusWritten{}} : std::exchange(unasked_, {})->answer;
        step(ReportAnswered{waiting.tag, std::move(answer)});
    }

    void give_up_waiting() {
        while (!pending_.empty() && pending_.front().at + longest_answer_wait < now_) {
            auto waiting = std::move(pending_.front());
            pending_.erase(pending_.begin());
            step(ReportUnanswered{waiting.tag, true});
        }
        while (tcp_ && !recorded_.empty() && recorded_.front().at + options_.line.answer < now_) lose_first();
    }

    void wrote(const Bytes& frame) {
        const std::size_t head = tcp_ ? tcp_head : 1;
        const std::size_t tail = tcp_ ? 0 : 2;
        if (!tcp_) lose_recorded();
        if (frame.size() < head + tail + 5 || frame[head - 1] != options_.gate.unit) return;
        Bytes pdu(frame.begin() + static_cast<std::ptrdiff_t>(head), frame.end() - static_cast<std::ptrdiff_t>(tail));
        const auto transaction = static_cast<std::uint16_t>(tcp_ ? frame[0] << 8U | frame[1] : 0);
        recorded_.push_back({pdu, transaction, now_});
        rtu_.clear();
        if (!is_pending(pdu)) asked_for(pdu);
    }

    // The lane asked for it: a pulse is an opening, a level that stays is a hold or its end.
    void asked_for(const Bytes& pdu) {
        for (const auto way : both_ways) {
            const auto& coil = options_.gate.coils[way_index(way)];
            if (!coil) continue;
            const auto level = level_of(pdu);
            const bool timed = options_.gate.pulse == ModbusPulse::timed;
            if (pulses(pdu, *coil) || (timed && level == true && addresses(pdu, *coil)))
                step(OpenRequested{OpenId{++opens_}, way});
            else if (level && addresses(pdu, *coil))
                hold(way, *level);
        }
    }
    void hold(Direction way, bool held) {
        for (const auto& request : holds_.change(way, held)) std::visit([&](const auto& each) { step(each); }, request);
    }

    static bool addresses(const Bytes& pdu, std::uint8_t coil) { return pdu[1] == 0 && pdu[2] == coil; }
    [[nodiscard]] bool pulses(const Bytes& pdu, std::uint8_t coil) const {
        const auto register_of = 3U + coil * 5U;
        switch (options_.gate.pulse) {
            case ModbusPulse::waveshare: return pdu[0] == 5 && pdu[1] == 2 && pdu[2] == coil;
            case ModbusPulse::lctech: return pdu[0] == 16 && (std::uint32_t{pdu[1]} << 8U | pdu[2]) == register_of;
            case ModbusPulse::timed: return false;
        }
        return false;
    }
    // Of a coil that is switched, and not pulsed.
    static std::optional<bool> level_of(const Bytes& pdu) {
        if (pdu.size() < 5 || pdu[0] != 5 || pdu[1] != 0) return std::nullopt;
        return (pdu[3] << 8U | pdu[4]) == level_on;
    }

    void read_rtu(const Bytes& bytes) {
        if (recorded_.empty()) return;
        rtu_.append(bytes);
        auto answer = rtu_.find(options_.gate.unit, recorded_.front().pdu);
        if (answer) deliver(recorded_.begin(), std::move(*answer));
    }
    void read_tcp(const Bytes& bytes) {
        frames_.append(bytes);
        while (auto frame = frames_.next()) {
            const auto asked = std::ranges::find(recorded_, frame->transaction, &Recorded::transaction);
            if (asked == recorded_.end() || frame->unit != options_.gate.unit) continue;
            if (auto answer = match_answer(asked->pdu, frame->pdu)) deliver(asked, std::move(*answer));
        }
        if (frames_.is_broken()) frames_.clear();
    }

    void deliver(std::vector<Recorded>::iterator asked, ModbusAnswer answer) {
        const auto pdu = std::move(asked->pdu);
        recorded_.erase(asked);
        if (const auto tag = take_pending(pdu))
            step(ReportAnswered{*tag, std::move(answer)});
        else if (!level_of(pdu))
            unasked_ = Unasked{pdu, std::move(answer)};
    }

    void lose_first() {
        const auto pdu = recorded_.front().pdu;
        recorded_.erase(recorded_.begin());
        if (const auto tag = take_pending(pdu)) step(ReportUnanswered{*tag, true});
    }
    void lose_recorded() {
        while (!recorded_.empty()) lose_first();
    }

    std::optional<ModbusTag> take_pending(const Bytes& pdu) {
        const auto found = std::ranges::find(pending_, pdu, &Pending::pdu);
        if (found == pending_.end()) return std::nullopt;
        const auto tag = found->tag;
        pending_.erase(found);
        return tag;
    }
    [[nodiscard]] bool is_pending(const Bytes& pdu) const {
        return std::ranges::find(pending_, pdu, &Pending::pdu) != pending_.end();
    }
    [[nodiscard]] bool is_recorded(const Bytes& pdu) const {
        return std::ranges::find(recorded_, pdu, &Recorded::pdu) != recorded_.end();
    }

    ModbusTurnstileOptions options_;
    bool tcp_;
    ModbusGate gate_;
    RtuReader rtu_;
    TcpReader frames_;
    Instant now_{};
    bool begun_ = false;
    std::uint64_t opens_ = 0;
    ReplayedHolds holds_;
    std::vector<Recorded> recorded_;
    std::vector<Pending> pending_;
    std::optional<Unasked> unasked_;
    std::vector<Replayed> replayed_;
};

}  // namespace

std::vector<Replayed> play_board(const Recording& recording, const ModbusTurnstileOptions& options) {
    BoardPlayer player(options);
    for (const auto& moment : recording.moments) player.play(moment);
    return player.take();
}

}  // namespace gatehouse::drivers
