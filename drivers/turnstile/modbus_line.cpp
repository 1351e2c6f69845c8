#include "drivers/turnstile/modbus_line.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

ModbusLineEffects ModbusLine::step(const ModbusLineEvent& event, Instant now) {
    ModbusLineEffects out;
    std::visit(Match{
                   [&](const LinkUp&) {
                       lose_all(out);
                       up_ = true;
                   },
                   [&](const LinkDown&) { lose_all(out); },
                   [&](const BytesRead& input) { read(input.bytes, now, out); },
                   [&](const Ticked&) {},
                   [&](const ModbusRequest& request) {
                       if (up_)
                           queue_.push_back(request);
                       else
                           out.emplace_back(ReportUnanswered{request.tag, false});
                   },
                   [&](const RequestsWithdrawn& withdrawn) { withdraw(withdrawn.unit, out); },
               },
               event);
    expire(now, out);
    send_next(now, out);
    return out;
}

std::optional<Instant> ModbusLine::deadline() const {
    std::optional<Instant> due;
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    for (const auto& flying : in_flight_) no_later_than(flying.until);
    for (const auto& waiting : queue_) no_later_than(waiting.expires);
    if (!queue_.empty() && in_flight_.empty()) no_later_than(quiet_until_);
    return due;
}

void ModbusLine::lose_all(ModbusLineEffects& out) {
    for (const auto& flying : in_flight_) out.emplace_back(ReportUnanswered{flying.request.tag, true});
    for (const auto& waiting : queue_) out.emplace_back(ReportUnanswered{waiting.tag, false});
    in_flight_.clear();
    queue_.clear();
    rtu_.clear();
    tcp_.clear();
    up_ = false;
    drain_ = {};
    quiet_until_ = {};
    probe_turn_ = {};
    lost_ = 0;
}

void ModbusLine::withdraw(std::uint8_t unit, ModbusLineEffects& out) {
    std::erase_if(queue_, [&](const ModbusRequest& waiting) {
        if (waiting.unit != unit) return false;
        out.emplace_back(ReportUnanswered{waiting.tag, false});
        return true;
    });
}

void ModbusLine::read(ByteView bytes, Instant now, ModbusLineEffects& out) {
    if (!up_) return;
    if (options_.framing == ModbusFraming::rtu)
        read_rtu(bytes, now, out);
    else
        read_tcp(bytes, now, out);
}

void ModbusLine::read_rtu(ByteView bytes, Instant now, ModbusLineEffects& out) {
    if (in_flight_.empty()) {  // nobody was asked: a late answer, noise, or another master
        disturbed(std::max(drain_, options_.silence), now);
        return;
    }
    rtu_.append(bytes);
    const auto& request = in_flight_.front().request;
    auto answer = rtu_.find(request.unit, request.pdu);
    if (!answer) return;
    answered(in_flight_.front(), std::move(*answer), now, out);
    in_flight_.clear();
    rtu_.clear();
    quiet_until_ = now + options_.silence;
}

// Whoever is heard while nobody was asked has the line until there was a pause, but not for ever.
void ModbusLine::disturbed(Duration quiet, Instant now) {
    if (now - last_noise_ >= quiet) disturbed_since_ = now;
    last_noise_ = now;
    quiet_until_ = std::min(std::max(quiet_until_, now + quiet), disturbed_since_ + quiet + options_.longest_noise);
}

void ModbusLine::answered(const InFlight& flying, ModbusAnswer answer, Instant now, ModbusLineEffects& out) {
    auto& board = boards_[flying.request.unit];
    if (!flying.request.urgent) board.slowest = std::max(board.slowest, now - flying.sent);
    board.probes = 0;
    lost_ = 0;
    out.emplace_back(ReportAnswered{flying.request.tag, std::move(answer)});
}

void ModbusLine::read_tcp(ByteView bytes, Instant now, ModbusLineEffects& out) {
    tcp_.append(bytes);
    while (auto frame = tcp_.next()) {
        const auto asked = std::ranges::find_if(in_flight_, [&frame](const InFlight& flying) {
            return flying.transaction == frame->transaction && flying.request.unit == frame->unit;
        });
        if (asked == in_flight_.end()) continue;
        auto answer = match_answer(asked->request.pdu, frame->pdu);
        if (!answer) continue;
        answered(*asked, std::move(*answer), now, out);
        in_flight_.erase(asked);
    }
    if (tcp_.is_broken()) {
        lose_all(out);
        out.emplace_back(HangUp{});
    }
}

void ModbusLine::expire(Instant now, ModbusLineEffects& out) {
    bool lost = false;
    bool probe = true;
    std::erase_if(in_flight_, [&](const InFlight& flying) {
        if (now < flying.until) return false;
        out.emplace_back(ReportUnanswered{flying.request.tag, true});
        lost = true;
        probe = probe && flying.request.probe;
        return true;
    });
    std::erase_if(queue_, [&](const ModbusRequest& waiting) {
        if (now < waiting.expires) return false;
        out.emplace_back(ReportUnanswered{waiting.tag, false});
        return true;
    });
    if (!lost) return;
    if (options_.framing == ModbusFraming::rtu) {
        drain(probe, now);
    } else if (++lost_ >= options_.lost_answers) {
        lose_all(out);
        out.emplace_back(HangUp{});
    }
}

// Who was probed is left alone for longer: a late answer must only be off the wires before another unit is asked.
void ModbusLine::drain(bool probe, Instant now) {
    drain_ = probe ? std::min(options_.quick_answer, options_.answer) : options_.answer;
    disturbed_since_ = last_noise_ = now;
    quiet_until_ = now + drain_;
    rtu_.clear();
}

// Asked when a drain is over: the line did not become quiet, and that again and again without an answer in between.
bool ModbusLine::is_hopeless(Instant now) {
    const bool noisy = now - last_noise_ < std::exchange(drain_, {});
    lost_ = noisy ? lost_ + 1 : 0;
    return lost_ >= options_.lost_answers;
}

// An absent board must not hold up the others for the whole time that an answer may take. The octets of a request and
// its answer, about 14, take four silences themselves.
Duration ModbusLine::window(const ModbusRequest& request) {
    if (!request.probe) return options_.answer;
    auto& board = boards_[request.unit];
    const auto least = std::min(options_.quick_answer + options_.silence * 4, options_.answer);
    if (++board.probes % 4 == 0) return options_.answer;  // it may have become slower, or was never heard
    return std::clamp(board.slowest * 3, least, options_.answer);
}

// Probes get a quarter of the line, and what nobody else wants.
std::deque<ModbusRequest>::iterator ModbusLine::next_request(Instant now) {
    const auto urgent = std::ranges::find_if(queue_, &ModbusRequest::urgent);
    if (urgent != queue_.end()) return urgent;
    const auto probe = std::ranges::find_if(queue_, &ModbusRequest::probe);
    const auto routine = std::ranges::find_if_not(queue_, &ModbusRequest::probe);
    const bool its_turn = probe != queue_.end() && now >= probe_turn_;
    return its_turn || routine == queue_.end() ? probe : routine;
}

bool ModbusLine::has_room(bool urgent, Instant now) const {
    if (options_.framing == ModbusFraming::rtu) return in_flight_.empty() && now >= quiet_until_;
    return in_flight_.empty() || (urgent && in_flight_.size() == 1 && !in_flight_.front().request.urgent);
}

void ModbusLine::send_next(Instant now, ModbusLineEffects& out) {
    while (up_ && !queue_.empty()) {
        const auto next = next_request(now);
        if (!has_room(next->urgent, now)) return;
        if (drain_ > Duration{0} && is_hopeless(now)) {
            lose_all(out);
            out.emplace_back(HangUp{});
            return;
        }
        InFlight flying{std::move(*next), ++transaction_, now, {}};
        queue_.erase(next);
        const auto patience = window(flying.request);
        flying.until = now + patience;
        if (flying.request.probe) probe_turn_ = now + patience * 4;
        out.emplace_back(WriteBytes{options_.framing == ModbusFraming::rtu
                                        ? rtu_frame(flying.request.unit, flying.request.pdu)
                                        : tcp_frame(flying.transaction, flying.request.unit, flying.request.pdu)});
        in_flight_.push_back(std::move(flying));
    }
}

}  // namespace gatehouse::drivers
