#include "drivers/port/slow_calls.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace gatehouse::drivers {

// Of both threads. Once `ended` is set, the io_context is not touched any more.
struct SlowCalls::Shared : std::enable_shared_from_this<Shared> {
    using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    struct Asked {
        std::function<void()> call;
        std::function<void()> told;
    };

    explicit Shared(boost::asio::io_context& with) : io(with) {}

    void add(Asked asked) {
        const std::lock_guard held(mutex);
        if (asked.told && untold++ == 0) work.emplace(io.get_executor());
        calls.push_back(std::move(asked));
        changed.notify_all();
    }

    void end() {
        const std::lock_guard held(mutex);
        ended = true;
        work.reset();
        changed.notify_all();
    }

    std::optional<Asked> next() {
        std::unique_lock held(mutex);
        changed.wait(held, [this] { return ended || !calls.empty(); });
        if (calls.empty()) return std::nullopt;
        auto asked = std::move(calls.front());
        calls.pop_front();
        return asked;
    }

    void tell(std::function<void()>& told) {
        const std::lock_guard held(mutex);
        if (ended || !told) return;
        boost::asio::post(io, [self = shared_from_this(), told = std::move(told)] {
            if (!self->has_ended()) told();
        });
        if (--untold == 0) work.reset();
    }

    [[nodiscard]] bool has_ended() {
        const std::lock_guard held(mutex);
        return ended;
    }

    // What a call holds is let go of outside the lock: it may be a descriptor.
    void run() {
        while (auto asked = next()) {
            asked->call();
            tell(asked->told);
        }
    }

    boost::asio::io_context& io;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Asked> calls;
    std::optional<Guard> work;
    unsigned untold = 0;
    bool ended = false;
};

SlowCalls::SlowCalls(boost::asio::io_context& io) : io_(io) {}

SlowCalls::~SlowCalls() {
    if (shared_) shared_->end();
}

void SlowCalls::ask(std::function<void()> call, std::function<void()> told) {
    if (!shared_) {
        shared_ = std::make_shared<Shared>(io_);
        std::thread([shared = shared_] { shared->run(); }).detach();
    }
    shared_->add({std::move(call), std::move(told)});
}

}  // namespace gatehouse::drivers
