// Says that something was plugged in, so that ports that wait for their device need not wait for their pause to end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <list>
#include <memory>

struct udev;
struct udev_monitor;

namespace gatehouse::drivers {

// One an io_context, on its thread. Where there is no udevd nothing is ever said: callers retry by themselves too.
class HotPlug final : public boost::asio::execution_context::service {
public:
    using Listener = std::function<void()>;
    static boost::asio::execution_context::id id;

    explicit HotPlug(boost::asio::execution_context& context);
    ~HotPlug() override;
    [[nodiscard]] static HotPlug& of(boost::asio::io_context& io);

    // Called after udev's rules have run, its links included, for ttys, input, HID, printer and GPIO devices; until
    // the handle is gone.
    [[nodiscard]] std::shared_ptr<void> listen(Listener listener);

private:
    void shutdown() override;
    void start();
    void wait();
    void hear();

    boost::asio::io_context& io_;
    udev* udev_ = nullptr;
    udev_monitor* monitor_ = nullptr;
    std::unique_ptr<boost::asio::posix::stream_descriptor> descriptor_;
    std::list<std::weak_ptr<Listener>> listeners_;
};

}  // namespace gatehouse::drivers
