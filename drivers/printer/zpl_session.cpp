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
                   [&](const LinkDown&) { link_down(now, out); },
                   [&](const BytesRead& read) {
                       for (const auto byte : read.bytes)
                           if (const auto status = reader_.take(byte)) answered(*status, now, out);
                   },
                   [&](const PrinterStatusRead& status) { lines_changed(status, now, out); },
                   [&](const WriteProgressed& progress) { write_progressed(progress, now, out); },
                   [&](const Ticked&) {},
                   [&](const PrintRequested& request) {
                       const bool added = queue_.add(request, now, out);
                       if (added && phase_ == Phase::asking && !asking_ && !line_.is_full()) ask(now, out);
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
    if (phase_ == Phase::down) return due;
    if (line_.is_full()) {
        if (const auto stuck = line_.full_due(state_)) no_later_than(*stuck);
        return due;
    }
    no_later_than(asking_ ? answer_due() : next_ask_);
    if (waits_for_label()) no_later_than(label_due());
    return due;
}

// Whoever wrote to the printer before, this program or the one before it, has called its labels unknown: they must not
// come out of it later, beside the ones that a person has printed instead.
void ZplSession::link_up(Instant now, PrinterEffects& out) {
    if (phase_ != Phase::down) link_down(now, out);
    phase_ = Phase::asking;
    hung_up_ = false;
    transmitted_ = now;
    resting_ = false;
    line_.begin(now);
    write(zpl_cancel_all(), now, out);
    ask(now, out);
}

void ZplSession::link_down(Instant now, PrinterEffects& out) {
    queue_.lose_paper(out);
    phase_ = Phase::down;
    asking_ = false;
    lost_ = 0;
    missed_ = 0;
    idle_ = 0;
    reader_.reset();
    if (!hung_up_) say(PrinterState::link_down, now, out);
}

void ZplSession::answered(const ZplStatus& status, Instant now, PrinterEffects& out) {
    if (phase_ == Phase::down || !asking_) return;
    asking_ = false;
    lost_ = 0;
    if (std::exchange(resting_, false)) expect_label(now);
    const auto state = state_of(status);
    say(state, now, out);
    const bool is_fine = state == PrinterState::ready;
    if (!is_fine) expect_label(now);
    idle_ = is_fine && status.is_idle() ? idle_ + 1 : 0;
    next_ask_ = now + (phase_ == Phase::printing || !queue_.is_empty() ? options_.poll_printing : options_.poll);
    if (idle_ < idle_enough + missed_) return;
    if (phase_ == Phase::printing) {
        phase_ = Phase::asking;
        queue_.paper_printed(now, out);
    }
    if (!queue_.is_empty()) send_paper(now, out);
}

void ZplSession::lines_changed(const PrinterStatusRead& status, Instant now, PrinterEffects& out) {
    line_.take(status, now);
    if (phase_ == Phase::down) return;
    const auto stop = line_.stop();
    if (stop && (line_.is_full() || resting_)) say(*stop, now, out);
    if (stop || !std::exchange(resting_, false)) return;
    lost_ = 0;
    expect_label(now);
    next_ask_ = now;
}

void ZplSession::write_progressed(const WriteProgressed& progress, Instant now, PrinterEffects& out) {
    if (phase_ == Phase::down) return;
    const bool was_full = line_.is_full();
    line_.take(progress, now);
    if (line_.is_full()) {
        if (const auto stop = line_.stop()) say(*stop, now, out);
    } else if (was_full) {
        asked_at_ = now;
        expect_label(now);
    }
}

void ZplSession::elapse(Instant now, PrinterEffects& out) {
    queue_.expire(now, out);
    if (phase_ == Phase::down) return;
    if (line_.is_full()) {
        if (const auto due = line_.full_due(state_); due && now >= *due) give_up(now, out);
        return;
    }
    if (asking_ && now >= answer_due()) answer_lost(now, out);
    if (waits_for_label() && now >= label_due()) return give_up(now, out);
    if (phase_ != Phase::down && !asking_ && now >= next_ask_) ask(now, out);
}

// A printer that is silent without labels was not switched off: the port would have been lost. Its lines say when to
// ask again.
void ZplSession::answer_lost(Instant now, PrinterEffects& out) {
    const auto stop = line_.stop();
    const bool enough = ++lost_ >= options_.lost_answers;
    if (enough && !stop) return give_up(now, out);
    missed_ = std::min(missed_ + 1, most_missed);
    asking_ = false;
    idle_ = 0;
    reader_.reset();
    next_ask_ = now;
    if (!enough) return;
    say(*stop, now, out);
    resting_ = true;
    next_ask_ = now + options_.waiting;
}

void ZplSession::give_up(Instant now, PrinterEffects& out) {
    say(line_.stop().value_or(PrinterState::no_answer), now, out);
    queue_.printer_is(PrinterState::no_answer, now);
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
    idle_ = 0;
    write(queue_.begin_paper(), now, out);
    next_ask_ = std::max(now, transmitted_);
    expect_label(now);
}

// From when the line has taken all of it: what is asked later, again and again, does not put that off.
void ZplSession::expect_label(Instant now) { fine_since_ = std::max(now, transmitted_); }

void ZplSession::write(Bytes bytes, Instant now, PrinterEffects& out) {
    if (options_.octets_per_second > 0) {
        const auto lasts = std::chrono::nanoseconds(std::chrono::seconds(1)) * static_cast<std::int64_t>(bytes.size()) /
                           static_cast<std::int64_t>(options_.octets_per_second);
        transmitted_ = std::max(transmitted_, now) + lasts;
    }
    out.emplace_back(WriteBytes{std::move(bytes)});
}

bool ZplSession::waits_for_label() const { return phase_ == Phase::printing && !resting_; }

void ZplSession::say(PrinterState state, Instant now, PrinterEffects& out) {
    queue_.printer_is(state, now);
    if (state_ == state) return;
    state_ = state;
    out.emplace_back(ReportPrinterState{state});
}

}  // namespace gatehouse::drivers
