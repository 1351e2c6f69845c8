#include "edge/station/repeat_filter.hpp"

namespace gatehouse::edge {

bool RepeatFilter::repeats(const Verdict& refusal, Instant now) {
    if (!counted_ || now >= counted_->last + quiet_) return false;
    if (counted_->verdict.code != refusal.code || counted_->verdict.reason != refusal.reason ||
        counted_->verdict.direction != refusal.direction)
        return false;
    ++counted_->repeats;
    counted_->last = now;
    return true;
}

void RepeatFilter::recorded(const Verdict& refusal, RecordRef ref, Instant now) {
    counted_ = Counted{refusal, ref, 0, now};
}

void RepeatFilter::lost(RecordRef ref) {
    if (counted_ && counted_->ref == ref) counted_.reset();
}

std::optional<RecordRef> RepeatFilter::first() const {
    if (!counted_) return std::nullopt;
    return counted_->ref;
}

std::optional<Verdict> RepeatFilter::take() {
    if (!counted_) return std::nullopt;
    Counted counted = std::move(*counted_);
    counted_.reset();
    if (counted.repeats == 0) return std::nullopt;
    counted.verdict.repeats = counted.repeats;
    return counted.verdict;
}

std::optional<Instant> RepeatFilter::deadline() const {
    if (!counted_) return std::nullopt;
    return counted_->last + quiet_;
}

}  // namespace gatehouse::edge
