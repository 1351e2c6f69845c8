#include "sync/web/event_hub.hpp"

#include <charconv>
#include <utility>

namespace gatehouse::sync {

void EventHub::publish(std::string kind, std::string data) {
    const std::scoped_lock lock{mutex_};
    if (events_.size() == kept_) events_.pop_front();
    events_.push_back({run_ + '-' + std::to_string(next_++), std::move(kind), std::move(data)});
    std::erase_if(streams_, [&](const HttpEventStream& stream) { return !stream.send(events_.back()); });
}

std::size_t EventHub::position_after(std::string_view id) const {
    if (id.empty()) return events_.size();
    if (!id.starts_with(run_) || id.size() < run_.size() + 2 || id[run_.size()] != '-') return 0;
    const auto digits = id.substr(run_.size() + 1);
    std::uint64_t seen = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seen);
    const auto first = next_ - events_.size();
    if (error != std::errc{} || end != digits.data() + digits.size() || seen < first || seen >= next_) return 0;
    return static_cast<std::size_t>(seen - first + 1);
}

void EventHub::add(HttpEventStream stream, std::string_view last_id) {
    const std::scoped_lock lock{mutex_};
    for (auto i = position_after(last_id); i < events_.size(); ++i)
        if (!stream.send(events_[i])) return;
    streams_.push_back(std::move(stream));
}

void EventHub::close_all() {
    const std::scoped_lock lock{mutex_};
    for (const auto& stream : streams_) stream.close();
    streams_.clear();
}

std::size_t EventHub::listeners() const {
    const std::scoped_lock lock{mutex_};
    return streams_.size();
}

}  // namespace gatehouse::sync
