#include "edge/api/event_ring.hpp"

#include <charconv>

namespace gatehouse::edge {

EventRing::EventRing(std::string run, std::size_t capacity) : run_(std::move(run)), capacity_(capacity) {}

const StreamEvent& EventRing::push(std::string kind, std::string data) {
    if (events_.size() == capacity_) events_.pop_front();
    events_.push_back({run_ + "-" + std::to_string(next_++), std::move(kind), std::move(data)});
    return events_.back();
}

EventRing::Kept EventRing::resume(std::string_view id) const {
    if (id.empty()) return {};
    Kept everything{true, {events_.begin(), events_.end()}};
    if (id.size() <= run_.size() + 1 || !id.starts_with(run_) || id[run_.size()] != '-') return everything;
    const std::string_view digits = id.substr(run_.size() + 1);
    std::uint64_t seen = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seen);
    const std::uint64_t first = next_ - events_.size();
    if (error != std::errc{} || end != digits.data() + digits.size() || seen >= next_ || seen + 1 < first)
        return everything;
    return {false, {events_.begin() + static_cast<std::ptrdiff_t>(seen + 1 - first), events_.end()}};
}

std::string EventRing::last_id() const { return run_ + "-" + std::to_string(next_ - 1); }

}  // namespace gatehouse::edge
