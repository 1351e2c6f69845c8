// What waits for the writing thread, in the order in which it goes: commands, live batches, backlog.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "sync/central/venue_store.hpp"

namespace gatehouse::central {

// A command (`job`) or a batch.
struct Waiting {
    WriteJob job;
    std::function<void(const Error&)> refused;  // of a command
    sync::StoreBatch batch;
    std::function<void(Result<Ingested>)> done;  // of a batch

    // An answer for what was not carried out.
    [[nodiscard]] Committed refuse(Error why) const;
};

// Thread-safe.
class WriteQueue {
public:
    // False: closed, nothing was taken.
    [[nodiscard]] bool put(Waiting waiting);
    // Waits for something, and takes it with what else fits one transaction: every command, and batches of about
    // `records` in all. Empty: closed and drained.
    [[nodiscard]] std::vector<Waiting> take(std::size_t records);
    void close();
    [[nodiscard]] bool is_empty() const;
    [[nodiscard]] std::size_t octets() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable there_is_work_;
    std::deque<Waiting> commands_;
    std::deque<Waiting> live_;
    std::deque<Waiting> backlog_;
    std::size_t octets_ = 0;
    bool closed_ = false;
};

}  // namespace gatehouse::central
