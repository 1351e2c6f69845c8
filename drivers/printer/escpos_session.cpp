#include "drivers/printer/escpos_session.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::uint8_t, 3> marker{0x1d, 0x72, 0x01};
constexpr std::array<std::uint8_t, 3> automatic_status_off{0x1d, 0x61, 0x00};
constexpr unsigned patience_while_printing = 3;

PrinterState state_of(const PrinterFacts& facts) {
    if (facts.cover_open) return PrinterState::cover_open;
    if (facts.paper_end) return PrinterState::paper_out;
    if (facts.cutter) return PrinterState::cutter;
    if (facts.error || facts.offline) return PrinterState::fault;
    return facts.paper_near_end ? PrinterState::paper_low : PrinterState::ready;
}

}  // namespace

PrinterEffects EscposSession::step(const PrinterEvent& event, Instant now) {
    PrinterEffects out;
    std::visit(Match{
                   [&](const LinkUp&) { link_up(now, out); },
                   [&](const LinkDown&) { link_down(now, out); },
                   [&](const BytesRead& read) {
                       if (phase_ == Phase::down) return;
                       for (const auto byte : read.bytes)
                           if (const auto answer = reader_.take(byte)) take(*answer, now, out);
                   },
                   [&](const PrinterStatusRead& status) { lines_changed(status, now, out); },
                   [&](const WriteProgressed& progress) { write_progressed(progress, now, out); },
                   [&](const Ticked&) {},
                   [&](const PrintRequested& request) { add_job(request, now, out); },
                   [&](const CancelRequested& request) { queue_.cancel(request.id, out); },
               },
               event);
    elapse(now, out);
    return out;
}

std::optional<Instant> EscposSession::deadline() const {
    auto due = queue_.deadline();
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    switch (phase_) {
        case Phase::down: return due;
        case Phase::asking:
        case Phase::printing:
            if (line_.is_full()) {
                if (const auto stuck = line_.full_due(state_)) no_later_than(*stuck);
                return due;
            }
            no_later_than(asked_ ? std::max(asked_at_, transmitted_) + options_.answer : next_round_);
            if (waits_for_marker()) no_later_than(fine_since_ + options_.marker);
            return due;
    }
    return due;
}

// The marker tells when the printer has worked off what an earlier connection left in it, and what fills it up.
void EscposSession::link_up(Instant now, PrinterEffects& out) {
    if (phase_ != Phase::down) link_down(now, out);
    phase_ = Phase::asking;
    hung_up_ = false;
    Bytes start(torn_, 0);
    start.insert(start.end(), automatic_status_off.begin(), automatic_status_off.end());
    start.insert(start.end(), marker.begin(), marker.end());
    transmitted_ = now;
    write(std::move(start), now, out);
    settled_ = false;
    expect_marker(now);
    resting_ = false;
    line_.begin(now);
    begin_round(now, out);
}

void EscposSession::link_down(Instant now, PrinterEffects& out) {
    if (phase_ == Phase::printing) torn_ = queue_.lose_paper(out);
    phase_ = Phase::down;
    marker_ = Marker::none;
    asked_.reset();
    lost_ = 0;
    reader_.reset();
    if (!hung_up_) say(PrinterState::link_down, now, out);
}

void EscposSession::add_job(const PrintRequested& request, Instant now, PrinterEffects& out) {
    if (!queue_.add(request, now, out)) return;
    if (phase_ == Phase::asking && !asked_) begin_round(now, out);
}

void EscposSession::take(const PrinterAnswer& answer, Instant now, PrinterEffects& out) {
    std::visit(Match{
                   [&](const RealTimeStatus& status) { status_answered(status.byte, now, out); },
                   [&](const MarkerReached&) { marker_reached(now, out); },
                   [&](const AutomaticStatus&) {
                       if (!asked_) begin_round(now, out);
                   },
               },
               answer);
}

void EscposSession::status_answered(std::uint8_t byte, Instant now, PrinterEffects& out) {
    if (!asked_) return;
    lost_ = 0;
    if (std::exchange(resting_, false)) expect_marker(now);
    apply_status(facts_, *asked_, byte);
    if (*asked_ == StatusQuery::paper)
        end_round(now, out);
    else
        ask(static_cast<StatusQuery>(static_cast<std::uint8_t>(*asked_) + 1), now, out);
}

// A line that is dragged down by a printer which is switched off reads like a marker, and so does noise. A printer that
// has worked off its paper answers the next round, and lacks nothing.
void EscposSession::marker_reached(Instant now, PrinterEffects& out) {
    if (phase_ == Phase::asking) {  // LinkUp's, or one that a torn paper left behind
        settled_ = true;
        settled_at_ = now;
        if (!line_.is_full()) torn_ = 0;
        return;
    }
    if (line_.is_full()) return;  // the printer does not even have the whole paper
    marker_ = Marker::heard;
    const bool line_rests = lost_ > 0 && !resting_;  // after a lost answer, which may be a late one
    if (!asked_ && !line_rests) begin_round(now, out);
}

void EscposSession::lines_changed(const PrinterStatusRead& status, Instant now, PrinterEffects& out) {
    line_.take(status, now);
    if (phase_ == Phase::down) return;
    const auto stop = line_.stop();
    if (stop && (line_.is_full() || resting_)) say(*stop, now, out);
    if (stop || !std::exchange(resting_, false)) return;
    lost_ = 0;
    expect_marker(now);
    if (!asked_) begin_round(now, out);
}

void EscposSession::write_progressed(const WriteProgressed& progress, Instant now, PrinterEffects& out) {
    if (phase_ == Phase::down) return;
    const bool was_full = line_.is_full();
    line_.take(progress, now);
    if (line_.is_full()) {
        if (const auto stop = line_.stop()) say(*stop, now, out);
    } else if (was_full) {
        asked_at_ = now;
        expect_marker(now);
    }
}

void EscposSession::elapse(Instant now, PrinterEffects& out) {
    queue_.expire(now, out);
    if (phase_ == Phase::down) return;
    if (line_.is_full()) {
        if (const auto due = line_.full_due(state_); due && now >= *due) give_up(now, out);
        return;
    }
    if (asked_ && now >= std::max(asked_at_, transmitted_) + options_.answer)
        status_lost(now, out);
    else if (!asked_ && now >= next_round_)
        begin_round(now, out);
    if (waits_for_marker() && now >= fine_since_ + options_.marker) give_up(now, out);
}

// After a lost answer the round begins again, later: the answers do not say what they answer, so a late one must not
// meet a new request. A row of losses means that nobody listens, or a printer that is silent without paper: then its
// lines say when to ask again.
// A marker whose round was lost is not believed. It is asked for once more, which prints nothing, after the first loss
// only: a printer that has been silent for longer may have been switched off and come back without its paper.
void EscposSession::status_lost(Instant now, PrinterEffects& out) {
    if (marker_ == Marker::checked) {
        marker_ = Marker::none;
        if (lost_ == 0) write(Bytes(marker.begin(), marker.end()), now, out);
    }
    const auto limit = options_.lost_answers * (phase_ == Phase::printing ? patience_while_printing : 1);
    if (++lost_ < limit) {
        asked_.reset();
        next_round_ = now + options_.answer;
        return;
    }
    const auto stop = line_.stop();
    if (!stop) return give_up(now, out);
    say(*stop, now, out);
    asked_.reset();
    resting_ = true;
    next_round_ = now + options_.waiting;
}

// Nothing is expected of this connection any more.
void EscposSession::give_up(Instant now, PrinterEffects& out) {
    say(line_.stop().value_or(PrinterState::no_answer), now, out);
    queue_.printer_is(PrinterState::no_answer, now);
    if (phase_ == Phase::printing) torn_ = queue_.lose_paper(out);
    phase_ = Phase::down;
    marker_ = Marker::none;
    asked_.reset();
    hung_up_ = true;
    out.emplace_back(HangUp{});
}

void EscposSession::begin_round(Instant now, PrinterEffects& out) {
    next_round_ = now;
    if (line_.is_full()) return;
    if (marker_ == Marker::heard) marker_ = Marker::checked;
    facts_ = {};
    ask(StatusQuery::printer, now, out);
}

void EscposSession::ask(StatusQuery query, Instant now, PrinterEffects& out) {
    asked_ = query;
    asked_at_ = now;
    write(status_request(query), now, out);
}

void EscposSession::end_round(Instant now, PrinterEffects& out) {
    asked_.reset();
    next_round_ = now + options_.poll;
    say(state_of(facts_), now, out);
    look_at_drawer(out);
    if (marker_ == Marker::heard) next_round_ = now;
    const bool checked = marker_ == Marker::checked;
    if (!is_fine()) {
        // The paper may have run out behind this one: it is asked again when somebody has seen to that.
        if (checked) marker_ = Marker::heard;
        expect_marker(now);
        return;
    }
    if (checked) marker_ = Marker::none;
    if (checked && phase_ == Phase::printing) {
        phase_ = Phase::asking;
        queue_.paper_printed(now, out);
    }
    if (phase_ != Phase::asking || queue_.is_empty()) return;
    if (settled_ && now >= settled_at_ + options_.settle)
        send_paper(now, out);
    else
        next_round_ = settled_ ? settled_at_ + options_.settle : now + options_.settle;
}

void EscposSession::send_paper(Instant now, PrinterEffects& out) {
    Bytes bytes = queue_.begin_paper();
    bytes.insert(bytes.end(), marker.begin(), marker.end());
    phase_ = Phase::printing;
    marker_ = Marker::none;
    write(std::move(bytes), now, out);
    expect_marker(now);
}

// From when the line has taken all of it: what is asked later, every second, does not put that off.
void EscposSession::expect_marker(Instant now) { fine_since_ = std::max(now, transmitted_); }

void EscposSession::write(Bytes bytes, Instant now, PrinterEffects& out) {
    if (options_.octets_per_second > 0) {
        const auto lasts = std::chrono::nanoseconds(std::chrono::seconds(1)) * static_cast<std::int64_t>(bytes.size()) /
                           static_cast<std::int64_t>(options_.octets_per_second);
        transmitted_ = std::max(transmitted_, now) + lasts;
    }
    out.emplace_back(WriteBytes{std::move(bytes)});
}

bool EscposSession::waits_for_marker() const {
    if (resting_) return false;
    return phase_ == Phase::printing || (phase_ == Phase::asking && !settled_);
}

void EscposSession::say(PrinterState state, Instant now, PrinterEffects& out) {
    queue_.printer_is(state, now);
    if (state_ == state) return;
    state_ = state;
    out.emplace_back(ReportPrinterState{state});
}

void EscposSession::look_at_drawer(PrinterEffects& out) {
    if (!options_.open_drawer) return;
    const bool open = facts_.drawer_high == *options_.open_drawer;
    if (drawer_open_ == open) return;
    drawer_open_ = open;
    out.emplace_back(ReportDrawer{open});
}

bool EscposSession::is_fine() const {
    const auto state = state_of(facts_);
    return state == PrinterState::ready || state == PrinterState::paper_low;
}

}  // namespace gatehouse::drivers
