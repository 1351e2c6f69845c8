// A thread with a bounded queue, for work that must not hold up an io_context: PIN hashes, long reads.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace gatehouse::central {

class Worker {
public:
    explicit Worker(std::size_t most_waiting);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker();  // finishes what waits

    // From any thread. False: the queue is full, nothing was taken.
    [[nodiscard]] bool submit(std::function<void()> work);
    // Finishes what waits; afterwards nothing is taken.
    void stop();

private:
    void run();

    std::size_t most_waiting_;
    std::mutex mutex_;
    std::condition_variable there_is_work_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace gatehouse::central
