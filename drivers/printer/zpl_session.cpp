#include "drivers/printer/zpl_session.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr unsigned idle_enough = 2;
constexpr unsigned most_missed = 10;

PrinterState state_of(const ZplStatus& status) {
    if (status.head_up) return PrinterState::cover_open;
    if (status.paper_out) return PrinterState::paper_out;
    const bool hurt = status.ribbon_out || status.paused || status.corrupt_memory || status.too_cold || status.too_hot;
    return hurt ? PrinterState::fault : PrinterState::ready;
}

}  // namespace

PrinterEffects ZplSession::step(const PrinterEvent& event, Instant now) {
    PrinterEffects out;
    std::visit(Match{
                   [&](const LinkUp&) { link_up(now, out); },
                   [&](const LinkDown&) { link_down(out); },
                   [&](const BytesRead& read) {
                       for (const auto byte : read.bytes)
                           if (const auto status = reader_.take(byte)) answered(*status, now, out);
                   },
                   [&](const Ticked&) {},
                   [&](const PrintRequested& request) {
                       if (queue_.add(request, now, out) && phase_ == Phase::asking && !asking_) ask(now, out);
                   },
                   [&](const CancelRequested& request) { queue_.cancel(request.id, out); },
               },
               event);
    elapse(now, out);
    return out;
}

std::optional<Instant> ZplSession::deadline() const {
    auto due = queue_.deadline();
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    switch (phase_) {
        case Phase::down: return due;
        case Phase::asking: no_later_than(asking_ ? answer_due() : next_ask_); return due;
        case Phase::printing:
            no_later_than(asking_ ? answer_due() : next_ask_);
            no_later_than(label_due());
            return due;
    }
    return due;
}

// Whoever wrote to the printer before, this program or the one before it, has called its labels unknown: they must not
// come out of it later, beside the ones that a person has printed instead.
void ZplSession::link_up(Instant now, PrinterEffects& out) {
    if (phase_ != Phase::down) link_down(out);
    phase_ = Phase::asking;
    hung_up_ = false;
    transmitted_ = now;
    write(zpl_cancel_all(), now, out);
    ask(now, out);
}

void ZplSession::link_down(PrinterEffects& out) {
    queue_.lose_paper(out);
    phase_ = Phase::down;
    asking_ = false;
    lost_ = 0;
    missed_ = 0;
    idle_ = 0;
    reader_.reset();
    if (!hung_up_) say(PrinterState::link_down, out);
}

void ZplSession::answered(const ZplStatus& status, Instant now, PrinterEffects& out) {
    if (phase_ == Phase::down || !asking_) return;
    asking_ = false;
    lost_ = 0;
    const auto state = state_of(status);
    say(state, out);
    const bool is_fine = state == PrinterState::ready;
    if (!is_fine) fine_since_ = now;
    idle_ = is_fine && status.is_idle() ? idle_ + 1 : 0;
    next_ask_ = now + (phase_ == Phase::printing || !queue_.is_empty() ? options_.poll_printing : options_.poll);
    if (idle_ < idle_enough + missed_) return;
    if (phase_ == Phase::printing) {
        phase_ = Phase::asking;
        queue_.paper_printed(now, out);
    }
    if (!queue_.is_empty()) send_paper(now, out);
}

void ZplSession::elapse(Instant now, PrinterEffects& out) {
    queue_.expire(now, out);
    if (phase_ == Phase::down) return;
    if (asking_ && now >= answer_due()) {
        if (++lost_ >= options_.lost_answers) return give_up(out);
        missed_ = std::min(missed_ + 1, most_missed);
        asking_ = false;
        idle_ = 0;
        reader_.reset();
        next_ask_ = now;
    }
    if (phase_ == Phase::printing && now >= label_due()) return give_up(out);
    if (!asking_ && now >= next_ask_) ask(now, out);
}

void ZplSession::give_up(PrinterEffects& out) {
    say(PrinterState::no_answer, out);
    queue_.lose_paper(out);
    phase_ = Phase::down;
    asking_ = false;
    hung_up_ = true;
    out.emplace_back(HangUp{});
}

void ZplSession::ask(Instant now, PrinterEffects& out) {
    asking_ = true;
    asked_at_ = now;
    write(zpl_status_request(), now, out);
}

void ZplSession::send_paper(Instant now, PrinterEffects& out) {
    phase_ = Phase::printing;
    fine_since_ = now;
    idle_ = 0;
    write(queue_.begin_paper(), now, out);
    next_ask_ = std::max(now, transmitted_);
}

void ZplSession::write(Bytes bytes, Instant now, PrinterEffects& out) {
    if (options_.octets_per_second > 0) {
        const auto lasts = std::chrono::nanoseconds(std::chrono::seconds(1)) * static_cast<std::int64_t>(bytes.size()) /
                           static_cast<std::int64_t>(options_.octets_per_second);
        transmitted_ = std::max(transmitted_, now) + lasts;
    }
    out.emplace_back(WriteBytes{std::move(bytes)});
}

void ZplSession::say(PrinterState state, PrinterEffects& out) {
    if (state_ == state) return;
    state_ = state;
    out.emplace_back(ReportPrinterState{state});
}

}  // namespace gatehouse::drivers
