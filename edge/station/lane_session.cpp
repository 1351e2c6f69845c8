#include "edge/station/lane_session.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse::edge {

std::string_view to_string(LanePhase phase) {
    switch (phase) {
        case LanePhase::idle: return "idle";
        case LanePhase::recording: return "recording";
        case LanePhase::opening: return "opening";
        case LanePhase::open: return "open";
        case LanePhase::faulted: return "faulted";
    }
    return "unknown";
}

CodeDigest digest_of(std::string_view text) {
    const Hash whole = sha256(view_of(text));
    CodeDigest out{};
    std::copy_n(whole.begin(), out.size(), out.begin());
    return out;
}

namespace {

bool holds_open(LaneMode mode) { return mode == LaneMode::green || mode == LaneMode::free; }

CountCause cause_of(LaneMode held) { return held == LaneMode::free ? CountCause::free_mode : CountCause::green_mode; }

}  // namespace

LaneEffects LaneSession::step(const LaneEvent& event, Instant now) {
    LaneEffects out;
    std::visit([&](const auto& e) { on(e, now, out); }, event);
    return out;
}

std::optional<Instant> LaneSession::deadline() const {
    std::optional<Instant> soonest;
    if (under_way()) soonest = until_;
    if (awaits_settling()) soonest = settled_;
    if (!counts_.empty()) {
        const Instant due = counting_since_ + setup_.times.count;
        soonest = soonest ? std::min(*soonest, due) : due;
    }
    return soonest;
}

LanePhase LaneSession::phase() const {
    if (phase_ == LanePhase::idle && setup_.has_turnstile && !online_) return LanePhase::faulted;
    return phase_;
}

std::string_view LaneSession::trouble() const {
    return trouble_.empty() && alarm_ ? to_string(drivers::GateInput::alarm) : trouble_;
}

std::uint32_t LaneSession::waiting_for() const {
    return grant_ ? std::uint32_t{grant_->persons} + grant_->companions : 0;
}

Confirmation LaneSession::confirmation() const {
    const bool turn_expected = setup_.has_turnstile && online_ && !holds_open(mode_);
    return turn_expected ? Confirmation::by_passage : Confirmation::at_once;
}

bool LaneSession::usable(const ScanRequest& scan) const {
    return !setup_.has_turnstile || online_ || scan.token.has_value();
}

void LaneSession::on(const ScanArrived& event, Instant /*now*/, LaneEffects& out) {
    switch (phase_) {
        case LanePhase::idle:
        case LanePhase::faulted: out.emplace_back(JudgeScan{event.scan}); break;
        case LanePhase::recording:
        case LanePhase::opening:
        case LanePhase::open:
            if (!grant_->by_name && grant_->code == event.scan.code && grant_->direction == event.scan.direction)
                out.emplace_back(AttachScan{event.scan, grant_->verdict});
            else
                queue(event.scan, out);
            break;
    }
}

void LaneSession::queue(const ScanRequest& scan, LaneEffects& out) {
    if (!held_) {
        held_ = scan;
        return;
    }
    // A scanner reads the waiting person's code again and again: that one is waiting already.
    if (held_->code == scan.code && !scan.token) return;
    // A call whose answer was lost on the way is made again, and will be carried out: it is told what comes of that.
    if (scan.token && !scan.id.value.empty()) {
        auto same = scan;
        same.token = held_->token;
        same.repeated = held_->repeated;
        if (same == *held_) return held_->repeated.push_back(*scan.token);
    }
    out.emplace_back(RejectBusy{scan});
}

void LaneSession::on(const Granted& event, Instant /*now*/, LaneEffects& out) {
    check(phase_ == LanePhase::idle, "a lane grants one passage at a time");
    check(event.persons + event.companions > 0, "a grant lets somebody through");
    grant_ = Grant{event.verdict, event.code, event.direction, event.persons, event.companions, event.by_name};
    phase_ = LanePhase::recording;
    out.emplace_back(ShowPhase{});
}

void LaneSession::on(const CountedAtOnce& event, Instant now, LaneEffects& /*out*/) {
    if (now >= counted_until_) counted_.clear();
    counted_[event.direction] += event.persons;
    counted_until_ = now + setup_.times.pass + setup_.times.poll_slack;
}

void LaneSession::on(const NotGranted& /*event*/, Instant /*now*/, LaneEffects& out) {
    if (phase_ == LanePhase::idle) become_idle(out);
}

void LaneSession::on(const GrantSynced& event, Instant now, LaneEffects& out) {
    if (phase_ != LanePhase::recording || grant_->verdict != event.verdict) return;
    grant_->synced = true;
    if (emergency_)
        finish(PassageOutcome::unknown, Evidence::device, out);
    else if (!online_)
        finish(PassageOutcome::abandoned, Evidence::device, out);
    else if (now >= settled_)
        open_next(now, out);
}

void LaneSession::on(const GrantLost& event, Instant /*now*/, LaneEffects& out) {
    if (!grant_ || grant_->verdict != event.verdict) return;
    grant_.reset();
    become_idle(out);
}

void LaneSession::open_next(Instant now, LaneEffects& out) {
    open_id_ = drivers::OpenId{next_open_++};
    phase_ = LanePhase::opening;
    asked_ = now;
    ack_late_ = false;
    until_ = now + setup_.times.open_ack;
    out.emplace_back(SendOpen{open_id_, grant_->direction});
    out.emplace_back(ShowPhase{});
}

void LaneSession::on(const Opened& event, Instant now, LaneEffects& out) {
    if (phase_ != LanePhase::opening || event.id != open_id_) return;
    phase_ = LanePhase::open;
    trouble_ = {};
    until_ = now + setup_.times.pass + setup_.times.poll_slack;
    out.emplace_back(ShowPhase{});
}

void LaneSession::on(const OpenFailed& event, Instant /*now*/, LaneEffects& out) {
    if (!under_way() || event.id != open_id_) return;
    trouble_ = drivers::to_string(event.failure);
    const bool perhaps = event.failure == drivers::OpenFailure::unknown;
    finish(perhaps ? PassageOutcome::unknown : PassageOutcome::abandoned, Evidence::device, out);
}

void LaneSession::on(const Passed& event, Instant now, LaneEffects& out) {
    if (emergency_) {
        count(event.direction, CountCause::emergency, now);
        return;
    }
    switch (phase_) {
        case LanePhase::opening:
        case LanePhase::open:
            if (event.direction == grant_->direction) {
                turned(now, out);
                return;
            }
            break;
        case LanePhase::idle:
        case LanePhase::recording:
        case LanePhase::faulted: break;
    }
    uncalled_for(event.direction, now, out);
}

void LaneSession::turned(Instant now, LaneEffects& out) {
    const bool person = grant_->persons > 0;
    auto& left = person ? grant_->persons : grant_->companions;
    left = static_cast<std::uint16_t>(left - 1);
    const Passage one{grant_->verdict, PassageOutcome::turned, Evidence::device,
                      static_cast<std::uint16_t>(person ? 1 : 0), static_cast<std::uint16_t>(person ? 0 : 1)};
    if (!grant_->by_name) out.emplace_back(RecordPassage{one});
    last_turn_ = {grant_->direction, now};
    if (waiting_for() > 0) {
        open_next(now, out);
        return;
    }
    grant_.reset();
    become_idle(out);
}

void LaneSession::finish(PassageOutcome outcome, Evidence evidence, LaneEffects& out) {
    const Passage rest{grant_->verdict, outcome, evidence, grant_->persons, grant_->companions};
    if (!grant_->by_name) out.emplace_back(RecordPassage{rest});
    grant_.reset();
    become_idle(out);
}

void LaneSession::become_idle(LaneEffects& out) {
    if (phase_ != LanePhase::idle) out.emplace_back(ShowPhase{});
    phase_ = LanePhase::idle;
    if (!held_) return;
    out.emplace_back(JudgeScan{std::move(*held_)});
    held_.reset();
}

CountCause LaneSession::cause_while_held(Direction direction, Instant now) {
    auto& counted = counted_[direction];
    if (mode_ != LaneMode::free || counted == 0 || now >= counted_until_) return cause_of(mode_);
    --counted;
    return CountCause::green_mode;
}

void LaneSession::uncalled_for(Direction direction, Instant now, LaneEffects& out) {
    if (holds_open(mode_)) return count(direction, cause_while_held(direction, now), now);
    if (now < settled_) return count(direction, settling_from_, now);
    CountCause cause = CountCause::intrusion;
    if (under_way()) cause = CountCause::wrong_way;
    if (last_turn_ && last_turn_->first == direction && now - last_turn_->second <= setup_.times.tailgate)
        cause = CountCause::tailgate;
    count(direction, cause, now);
    out.emplace_back(RaiseAlarm{cause});
}

void LaneSession::count(Direction direction, CountCause cause, Instant now) {
    if (counts_.empty()) counting_since_ = now;
    auto& persons = counts_[{direction, cause}];
    if (persons < 0xffffU) ++persons;
}

void LaneSession::record_counts(LaneEffects& out) {
    for (const auto& [what, persons] : counts_) out.emplace_back(RecordCount{what.first, what.second, persons});
    counts_.clear();
}

void LaneSession::on(const TurnstileOnline& /*event*/, Instant /*now*/, LaneEffects& out) {
    if (online_ && trouble_.empty()) return;
    online_ = true;
    trouble_ = {};
    out.emplace_back(ShowPhase{});
}

void LaneSession::on(const TurnstileFaulted& event, Instant /*now*/, LaneEffects& out) {
    online_ = false;
    trouble_ = drivers::to_string(event.fault);
    out.emplace_back(ShowPhase{});
    if (under_way()) finish(PassageOutcome::unknown, Evidence::device, out);
    if (awaits_settling()) finish(PassageOutcome::abandoned, Evidence::device, out);
}

void LaneSession::on(const AlarmSensed& event, Instant /*now*/, LaneEffects& out) {
    if (alarm_ == event.active) return;
    alarm_ = event.active;
    if (alarm_) out.emplace_back(RaiseAlarm{});
    out.emplace_back(ShowPhase{});
}

void LaneSession::on(const ModeSet& event, Instant now, LaneEffects& out) {
    const bool held = holds_open(mode_);
    const bool hold = holds_open(event.mode);
    if (held && !hold) let_settle(cause_of(mode_), now);
    mode_ = event.mode;
    counted_.clear();
    if (setup_.has_turnstile && hold && !held) out.emplace_back(SendHold{drivers::Hold::free, setup_.direction});
    if (setup_.has_turnstile && held && !hold) out.emplace_back(SendRelease{drivers::Hold::free});
    out.emplace_back(ShowPhase{});
}

void LaneSession::on(const EmergencyTurned& event, Instant now, LaneEffects& out) {
    if (emergency_ == event.open) return;
    emergency_ = event.open;
    if (!emergency_) let_settle(CountCause::emergency, now);
    if (setup_.has_turnstile && emergency_) out.emplace_back(SendHold{drivers::Hold::emergency, std::nullopt});
    if (setup_.has_turnstile && !emergency_) out.emplace_back(SendRelease{drivers::Hold::emergency});
    out.emplace_back(ShowPhase{});
    if (under_way() || awaits_settling()) finish(PassageOutcome::unknown, Evidence::device, out);
}

// Whoever walked before its end is reported up to `poll_slack` later, and is not the next ticket's holder.
void LaneSession::let_settle(CountCause cause, Instant now) {
    if (!setup_.has_turnstile) return;
    settled_ = now + setup_.times.poll_slack;
    settling_from_ = cause;
}

void LaneSession::on(const LaneStopped& /*event*/, Instant /*now*/, LaneEffects& out) { record_counts(out); }

void LaneSession::on(const LaneTicked& /*event*/, Instant now, LaneEffects& out) {
    if (!counts_.empty() && now >= counting_since_ + setup_.times.count) record_counts(out);
    if (awaits_settling() && now >= settled_) open_next(now, out);
    if (!under_way() || now < until_) return;
    if (phase_ == LanePhase::open) {
        finish(PassageOutcome::abandoned, Evidence::timeout, out);
    } else if (!ack_late_) {
        // The command may have arrived all the same: the person has the whole time to walk through.
        ack_late_ = true;
        trouble_ = "no_ack";
        until_ = asked_ + setup_.times.pass + setup_.times.poll_slack;
        out.emplace_back(ShowPhase{});
    } else {
        finish(PassageOutcome::unknown, Evidence::timeout, out);
    }
}

}  // namespace gatehouse::edge
