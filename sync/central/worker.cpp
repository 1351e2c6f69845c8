#include "sync/central/worker.hpp"

#include <utility>

namespace gatehouse::central {

Worker::Worker(std::size_t most_waiting) : most_waiting_(most_waiting), thread_([this] { run(); }) {}

Worker::~Worker() { stop(); }

bool Worker::submit(std::function<void()> work) {
    const std::scoped_lock lock{mutex_};
    if (stopping_ || waiting_.size() >= most_waiting_) return false;
    waiting_.push_back(std::move(work));
    there_is_work_.notify_one();
    return true;
}

void Worker::stop() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
        there_is_work_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void Worker::run() {
    while (true) {
        std::function<void()> work;
        {
            std::unique_lock lock{mutex_};
            there_is_work_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            work = std::move(waiting_.front());
            waiting_.pop_front();
        }
        work();
    }
}

}  // namespace gatehouse::central
