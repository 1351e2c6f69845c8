// Calls on one device that may have to wait for it: opening, asking for its status lines, closing.
#pragma once

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace gatehouse::drivers {

// They are made one after the other on a thread of their own, which the first of them begins. A device that has gone
// deaf so holds up itself, and not the thread of the io_context.
class SlowCalls {
public:
    explicit SlowCalls(boost::asio::io_context& io);
    // Waits for nothing. What was asked for is still done; nothing is told any more.
    ~SlowCalls();
    SlowCalls(const SlowCalls&) = delete;
    SlowCalls& operator=(const SlowCalls&) = delete;

    // `call` on that thread, then `told` on the thread of the io_context, which has work until then. Must be called on
    // the thread of the io_context, too.
    void ask(std::function<void()> call, std::function<void()> told = {});
    [[nodiscard]] bool has_begun() const { return shared_ != nullptr; }

private:
    struct Shared;
    boost::asio::io_context& io_;
    std::shared_ptr<Shared> shared_;  // with the thread, which outlives this by the calls that are left
};

}  // namespace gatehouse::drivers
