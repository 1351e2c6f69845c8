#include "drivers/port/hot_plug.hpp"

#include <libudev.h>

#include <cstring>

namespace gatehouse::drivers {

boost::asio::execution_context::id HotPlug::id;

HotPlug::HotPlug(boost::asio::execution_context& context)
    : boost::asio::execution_context::service(context), io_(static_cast<boost::asio::io_context&>(context)) {
    start();
}

HotPlug::~HotPlug() {
    if (monitor_ != nullptr) udev_monitor_unref(monitor_);
    if (udev_ != nullptr) udev_unref(udev_);
}

HotPlug& HotPlug::of(boost::asio::io_context& io) { return boost::asio::use_service<HotPlug>(io); }

void HotPlug::shutdown() {
    if (descriptor_) descriptor_->release();  // the monitor's own
    descriptor_.reset();
    listeners_.clear();
}

void HotPlug::start() {
    udev_ = udev_new();
    if (udev_ == nullptr) return;
    monitor_ = udev_monitor_new_from_netlink(udev_, "udev");
    if (monitor_ == nullptr) return;
    for (const char* subsystem : {"tty", "input", "hidraw", "usbmisc", "gpio"})
        udev_monitor_filter_add_match_subsystem_devtype(monitor_, subsystem, nullptr);
    if (udev_monitor_enable_receiving(monitor_) != 0) return;
    descriptor_ = std::make_unique<boost::asio::posix::stream_descriptor>(io_);
    boost::system::error_code refused;
    descriptor_->assign(udev_monitor_get_fd(monitor_), refused);
    if (refused)
        descriptor_.reset();
    else
        wait();
}

void HotPlug::wait() {
    descriptor_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                            [this](const boost::system::error_code& error) {
                                if (error || !descriptor_) return;
                                hear();
                                wait();
                            });
}

void HotPlug::hear() {
    bool came = false;
    while (udev_device* device = udev_monitor_receive_device(monitor_)) {
        const char* action = udev_device_get_action(device);
        came = came || (action != nullptr && std::strcmp(action, "remove") != 0);
        udev_device_unref(device);
    }
    if (!came) return;
    const auto listening = listeners_;
    for (const auto& each : listening)
        if (const auto listener = each.lock()) (*listener)();
    listeners_.remove_if([](const auto& each) { return each.expired(); });
}

std::shared_ptr<void> HotPlug::listen(Listener listener) {
    auto handle = std::make_shared<Listener>(std::move(listener));
    listeners_.push_back(handle);
    return handle;
}

}  // namespace gatehouse::drivers
