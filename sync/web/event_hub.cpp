#include "sync/web/event_hub.hpp"

#include <charconv>
#include <utility>

namespace gatehouse::sync {

void EventHub::publish(std::string kind, std::string data) {
    const std::scoped_lock lock{mutex_};
    if (events_.size() == kept_) events_.pop_front();
    events_.push_back({run_ + '-' + std::to_string(next_++), std::move(kind), std::move(data)});
    std::erase_if(listeners_, [&](const Listener& each) { return !each.stream.send(events_.back()); });
}

EventHub::Resumed EventHub::resume(std::string_view id) const {
    if (id.empty()) return {events_.size(), false};
    if (!id.starts_with(run_) || id.size() < run_.size() + 2 || id[run_.size()] != '-') return {0, true};
    const auto digits = id.substr(run_.size() + 1);
    std::uint64_t seen = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seen);
    const auto first = next_ - events_.size();
    if (error != std::errc{} || end != digits.data() + digits.size() || seen + 1 < first || seen >= next_)
        return {0, true};
    return {static_cast<std::size_t>(seen + 1 - first), false};
}

void EventHub::add(HttpEventStream stream, std::string_view last_id, std::string bearer) {
    const std::scoped_lock lock{mutex_};
    const Resumed from = resume(last_id);
    if (from.lost && !stream.send({"", "snapshot_needed", "{}"})) return;
    for (auto i = from.position; i < events_.size(); ++i)
        if (!stream.send(events_[i])) return;
    listeners_.push_back({std::move(stream), std::move(bearer)});
}

void EventHub::keep(const std::function<bool(std::string_view bearer)>& holds) {
    const std::scoped_lock lock{mutex_};
    std::erase_if(listeners_, [&](const Listener& each) {
        const bool kept = holds(each.bearer);
        if (!kept) each.stream.close();
        return !kept;
    });
}

void EventHub::close_all() {
    const std::scoped_lock lock{mutex_};
    for (const auto& each : listeners_) each.stream.close();
    listeners_.clear();
}

std::size_t EventHub::listeners() const {
    const std::scoped_lock lock{mutex_};
    return listeners_.size();
}

}  // namespace gatehouse::sync
