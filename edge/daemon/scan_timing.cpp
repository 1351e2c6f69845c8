#include "edge/daemon/scan_timing.hpp"

namespace gatehouse::edge {

std::string_view to_string(TimedStage stage) {
    switch (stage) {
        case TimedStage::read: return "read";
        case TimedStage::decode: return "decode";
        case TimedStage::look_up: return "look_up";
        case TimedStage::verify: return "verify";
        case TimedStage::judge: return "judge";
        case TimedStage::queue: return "queue";
        case TimedStage::flush: return "flush";
        case TimedStage::release: return "release";
        case TimedStage::write: return "write";
    }
    return "";
}

namespace {

TimedStage timed(ScanStage stage) {
    switch (stage) {
        case ScanStage::decode: return TimedStage::decode;
        case ScanStage::look_up: return TimedStage::look_up;
        case ScanStage::verify: return TimedStage::verify;
    }
    return TimedStage::judge;
}

}  // namespace

void ScanTiming::entered(bool ahead, Instant read_at, Instant now) {
    in_step_ = true;
    ahead_ = ahead;
    mark_ = now;
    if (!ahead && read_at != Instant{}) add(TimedStage::read, now - read_at);
}

void ScanTiming::passed(ScanStage stage, Instant now) {
    if (!in_step_) return;  // a scan that was asked for over HTTP
    add(timed(stage), now - mark_);
    mark_ = now;
}

void ScanTiming::left(Instant now) {
    if (!in_step_) return;
    in_step_ = false;
    if (!ahead_) add(TimedStage::judge, now - mark_);
    ahead_ = false;
}

void ScanTiming::checked(Duration spent) { add(TimedStage::verify, spent); }

void ScanTiming::committed(const CommitTiming& timing, Instant now) {
    add(TimedStage::queue, timing.taken - timing.appended);
    add(TimedStage::flush, timing.flushed - timing.taken);
    add(TimedStage::release, now - timing.flushed);
}

void ScanTiming::wrote(Instant from, Instant now) { add(TimedStage::write, now - from); }

std::vector<StageTime> ScanTiming::times() const {
    std::vector<StageTime> out;
    for (const bool ahead : {true, false})
        for (std::size_t n = 0; n < timed_stages; ++n) {
            const Sum& sum = (ahead ? before_ : in_line_).at(n);
            if (sum.times > 0)
                out.push_back({std::string{to_string(static_cast<TimedStage>(n))}, ahead, sum.spent, sum.times});
        }
    return out;
}

void ScanTiming::add(TimedStage stage, Duration spent) {
    auto& sum = (ahead_ ? before_ : in_line_).at(static_cast<std::size_t>(stage));
    sum.spent += spent;
    ++sum.times;
}

}  // namespace gatehouse::edge
