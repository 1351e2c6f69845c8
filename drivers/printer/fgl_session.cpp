#include "drivers/printer/fgl_session.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {
constexpr unsigned ready_enough = 2;
}

PrinterEffects FglSession::step(const PrinterEvent& event, Instant now) {
    PrinterEffects out;
    std::visit(Match{
                   [&](const LinkUp&) { link_up(now, out); },
                   [&](const LinkDown&) { link_down(now, out); },
                   [&](const BytesRead& read) {
                       for (const auto byte : read.bytes)
                           if (const auto status = fgl_status(byte); status && phase_ != Phase::down)
                               heard(*status, now, out);
                   },
                   [](const PrinterStatusRead&) {},  // it says by itself why it does not print
                   [](const WriteProgressed&) {},
                   [](const Ticked&) {},
                   [&](const PrintRequested& request) {
                       if (queue_.add(request, now, out) && phase_ == Phase::asking && !asking_ && !reason_)
                           next_ask_ = std::min(next_ask_, std::max(now, asked_at_ + options_.settle));
                   },
                   [&](const CancelRequested& request) { queue_.cancel(request.id, out); },
               },
               event);
    elapse(now, out);
    return out;
}

std::optional<Instant> FglSession::deadline() const {
    auto due = queue_.deadline();
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    if (phase_ != Phase::down && reason_) no_later_than(silence_due());
    switch (phase_) {
        case Phase::down: return due;
        case Phase::asking: no_later_than(asking_ ? answer_due() : next_ask_); return due;
        case Phase::printing: no_later_than(ticket_due()); return due;
    }
    return due;
}

Instant FglSession::ticket_due() const {
    return std::max(since_, transmitted_) + (reason_ ? options_.waiting : options_.ticket);
}

void FglSession::link_up(Instant now, PrinterEffects& out) {
    if (phase_ != Phase::down) link_down(now, out);
    phase_ = Phase::asking;
    hung_up_ = false;
    reason_.reset();
    ready_ = 0;
    lost_ = 0;
    transmitted_ = now;
    write(fgl_clear(std::exchange(torn_, false)), now, out);
    ask(now, out);
}

void FglSession::link_down(Instant now, PrinterEffects& out) {
    if (queue_.lose_paper(out) > 0) torn_ = true;
    phase_ = Phase::down;
    asking_ = false;
    if (!hung_up_) say(PrinterState::link_down, now, out);
}

void FglSession::heard(FglStatus status, Instant now, PrinterEffects& out) {
    heard_at_ = now;
    switch (status) {
        case FglStatus::ticket_printed: return acknowledged(now, out);
        case FglStatus::ready: return ready(now, out);
        case FglStatus::power_on: return switched_on(now, out);
        case FglStatus::paper_out: return stopped(PrinterState::paper_out, now, out);
        case FglStatus::paper_jam:
        case FglStatus::start_failed: return stopped(PrinterState::fault, now, out);
        case FglStatus::paper_low:
            paper_low_ = true;
            if (!reason_) say(PrinterState::paper_low, now, out);
            return;
        case FglStatus::not_ready: ready_ = 0; return;  // busy, or a reason follows
        case FglStatus::illegal_data:                   // a ticket with it is acknowledged or is not
        case FglStatus::ticket_taken: return;
    }
}

void FglSession::ready(Instant now, PrinterEffects& out) {
    if (reason_ == PrinterState::paper_out) paper_low_ = false;
    reason_.reset();
    lost_ = 0;
    say(paper_low_ ? PrinterState::paper_low : PrinterState::ready, now, out);
    if (phase_ == Phase::printing) {
        since_ = now;
        return;
    }
    ready_ = asking_ ? std::min(ready_ + 1, ready_enough) : 0;
    if (ready_ < ready_enough) return ask_again(now + options_.settle);
    ask_again(now + options_.poll);
    if (queue_.is_empty()) return;
    phase_ = Phase::printing;
    since_ = now;
    write(queue_.begin_paper(), now, out);
}

void FglSession::stopped(PrinterState reason, Instant now, PrinterEffects& out) {
    reason_ = reason;
    ready_ = 0;
    since_ = now;
    say(reason, now, out);
}

void FglSession::acknowledged(Instant now, PrinterEffects& out) {
    if (phase_ == Phase::printing) {
        phase_ = Phase::asking;
        queue_.paper_printed(now, out);
        return ask_again(queue_.is_empty() ? now + options_.poll : now);
    }
    ready_ = 0;  // of an earlier connection's ticket
    ask_again(now + options_.settle);
}

void FglSession::switched_on(Instant now, PrinterEffects& out) {
    queue_.lose_paper(out);
    phase_ = Phase::asking;
    ready_ = 0;
    reason_.reset();
    ask_again(now + options_.settle);
}

// Without paper it answers nothing, as one that was taken away: only time tells them apart.
void FglSession::elapse(Instant now, PrinterEffects& out) {
    queue_.expire(now, out);
    if (phase_ != Phase::down && reason_ && now >= silence_due()) return give_up(now, out);
    switch (phase_) {
        case Phase::down: return;
        case Phase::printing:
            if (now < ticket_due()) return;
            if (!reason_) return give_up(now, out);
            since_ = now;  // it may have said that it is ready, and nobody heard it
            return write(fgl_status_request(), now, out);
        case Phase::asking:
            if (asking_ && now >= answer_due()) {
                ready_ = 0;
                if (!reason_ && ++lost_ >= options_.lost_answers) return give_up(now, out);
                ask_again(now + (reason_ ? options_.poll : options_.settle));
            }
            if (!asking_ && now >= next_ask_) ask(now, out);
            return;
    }
}

void FglSession::give_up(Instant now, PrinterEffects& out) {
    say(PrinterState::no_answer, now, out);
    if (queue_.lose_paper(out) > 0) torn_ = true;
    phase_ = Phase::down;
    asking_ = false;
    hung_up_ = true;
    out.emplace_back(HangUp{});
}

void FglSession::ask(Instant now, PrinterEffects& out) {
    asking_ = true;
    asked_at_ = now;
    write(fgl_status_request(), now, out);
}

void FglSession::ask_again(Instant at) {
    asking_ = false;
    next_ask_ = at;
}

void FglSession::write(Bytes bytes, Instant now, PrinterEffects& out) {
    if (options_.octets_per_second > 0) {
        const auto lasts = std::chrono::nanoseconds(std::chrono::seconds(1)) * static_cast<std::int64_t>(bytes.size()) /
                           static_cast<std::int64_t>(options_.octets_per_second);
        transmitted_ = std::max(transmitted_, now) + lasts;
    }
    out.emplace_back(WriteBytes{std::move(bytes)});
}

void FglSession::say(PrinterState state, Instant now, PrinterEffects& out) {
    queue_.printer_is(state, now);
    if (state_ == state) return;
    state_ = state;
    out.emplace_back(ReportPrinterState{state});
}

}  // namespace gatehouse::drivers
