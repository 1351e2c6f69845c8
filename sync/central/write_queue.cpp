#include "sync/central/write_queue.hpp"

#include <utility>

namespace gatehouse::central {

namespace {

std::size_t octets_of(const Waiting& waiting) {
    std::size_t sum = 0;
    for (const auto& record : waiting.batch.records) sum += record.size();
    return sum;
}

}  // namespace

Committed Waiting::refuse(Error why) const {
    if (job) return [tell = refused, why](const Result<void>&) { tell(why); };
    return [tell = done, why](const Result<void>&) { tell(why); };
}

bool WriteQueue::put(Waiting waiting) {
    const std::scoped_lock lock{mutex_};
    if (closed_) return false;
    octets_ += octets_of(waiting);
    auto& queue = waiting.job ? commands_ : waiting.batch.live ? live_ : backlog_;
    queue.push_back(std::move(waiting));
    there_is_work_.notify_one();
    return true;
}

std::vector<Waiting> WriteQueue::take(std::size_t records) {
    std::unique_lock lock{mutex_};
    there_is_work_.wait(lock, [&] { return closed_ || !commands_.empty() || !live_.empty() || !backlog_.empty(); });
    std::vector<Waiting> group;
    std::size_t taken = 0;
    for (auto* queue : {&commands_, &live_, &backlog_})
        while (!queue->empty() && taken < records) {
            taken += queue->front().batch.records.size();
            octets_ -= octets_of(queue->front());
            group.push_back(std::move(queue->front()));
            queue->pop_front();
        }
    return group;
}

void WriteQueue::close() {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    there_is_work_.notify_one();
}

bool WriteQueue::is_empty() const {
    const std::scoped_lock lock{mutex_};
    return commands_.empty() && live_.empty() && backlog_.empty();
}

std::size_t WriteQueue::octets() const {
    const std::scoped_lock lock{mutex_};
    return octets_;
}

}  // namespace gatehouse::central
