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
    for (const auto& flying : in_flight_) no_later_than(flying.sent + options_.answer);
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
    draining_ = false;
    quiet_until_ = {};
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
        read_tcp(bytes, out);
}

void ModbusLine::read_rtu(ByteView bytes, Instant now, ModbusLineEffects& out) {
    if (draining_) {
        quiet_until_ = now + options_.answer;
        return;
    }
    if (in_flight_.empty()) {  // nobody was asked: noise, or another master
        quiet_until_ = std::max(quiet_until_, now + options_.silence);
        return;
    }
    rtu_.append(bytes);
    const auto& request = in_flight_.front().request;
    auto answer = rtu_.find(request.unit, request.pdu);
    if (!answer) return;
    out.emplace_back(ReportAnswered{request.tag, std::move(*answer)});
    in_flight_.clear();
    rtu_.clear();
    quiet_until_ = now + options_.silence;
}

void ModbusLine::read_tcp(ByteView bytes, ModbusLineEffects& out) {
    tcp_.append(bytes);
    while (auto frame = tcp_.next()) {
        const auto asked = std::ranges::find_if(in_flight_, [&frame](const InFlight& flying) {
            return flying.transaction == frame->transaction && flying.request.unit == frame->unit;
        });
        if (asked == in_flight_.end()) continue;
        auto answer = match_answer(asked->request.pdu, frame->pdu);
        if (!answer) continue;
        out.emplace_back(ReportAnswered{asked->request.tag, std::move(*answer)});
        in_flight_.erase(asked);
        lost_ = 0;
    }
    if (tcp_.is_broken()) {
        lose_all(out);
        out.emplace_back(HangUp{});
    }
}

void ModbusLine::expire(Instant now, ModbusLineEffects& out) {
    bool lost = false;
    std::erase_if(in_flight_, [&](const InFlight& flying) {
        if (now < flying.sent + options_.answer) return false;
        out.emplace_back(ReportUnanswered{flying.request.tag, true});
        lost = true;
        return true;
    });
    std::erase_if(queue_, [&](const ModbusRequest& waiting) {
        if (now < waiting.expires) return false;
        out.emplace_back(ReportUnanswered{waiting.tag, false});
        return true;
    });
    if (!lost) return;
    if (options_.framing == ModbusFraming::rtu) {
        draining_ = true;
        quiet_until_ = now + options_.answer;
        rtu_.clear();
    } else if (++lost_ >= options_.lost_answers) {
        lose_all(out);
        out.emplace_back(HangUp{});
    }
}

bool ModbusLine::has_room(bool urgent, Instant now) const {
    if (options_.framing == ModbusFraming::rtu) return in_flight_.empty() && now >= quiet_until_;
    return in_flight_.empty() || (urgent && in_flight_.size() == 1 && !in_flight_.front().request.urgent);
}

void ModbusLine::send_next(Instant now, ModbusLineEffects& out) {
    while (up_ && !queue_.empty()) {
        auto next = std::ranges::find_if(queue_, &ModbusRequest::urgent);
        if (next == queue_.end()) next = queue_.begin();
        if (!has_room(next->urgent, now)) return;
        draining_ = false;
        InFlight flying{std::move(*next), ++transaction_, now};
        queue_.erase(next);
        out.emplace_back(WriteBytes{options_.framing == ModbusFraming::rtu
                                        ? rtu_frame(flying.request.unit, flying.request.pdu)
                                        : tcp_frame(flying.transaction, flying.request.unit, flying.request.pdu)});
        in_flight_.push_back(std::move(flying));
    }
}

}  // namespace gatehouse::drivers
