// Things to do after a while, forgotten together with their owner.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>

namespace gatehouse::drivers::emulator {

class Later {
public:
    explicit Later(boost::asio::io_context& io) : io_(io) {}

    void after(std::chrono::milliseconds pause, std::function<void()> work) {
        const auto at = timers_.emplace(timers_.end(), io_, pause);
        at->async_wait([this, at, work = std::move(work)](const boost::system::error_code& error) {
            if (error) return;
            timers_.erase(at);
            work();
        });
    }
    void forget() { timers_.clear(); }

private:
    boost::asio::io_context& io_;
    std::list<boost::asio::steady_timer> timers_;
};

}  // namespace gatehouse::drivers::emulator
