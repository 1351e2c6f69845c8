// Lines of a GPIO chip through the kernel's character device (uAPI v2), as the line levels of feed_codec.hpp.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "drivers/link/feed_codec.hpp"
#include "drivers/port/stream_port.hpp"

namespace gatehouse::drivers {

// The kernel sets outputs back when the descriptor is closed, also when the process dies: wire them so that this locks.
// A tty as chip is expected to speak line levels itself.
class GpioPort final : public StreamPort {
public:
    GpioPort(boost::asio::io_context& io, GpioSettings settings)
        : StreamPort(io), settings_(std::move(settings)), looks_(io) {}

private:
    void begin() override;
    void begun() override;  // tells every input's level: an edge right after the request may be spurious
    void abandon() override;
    void received(ByteView bytes) override;
    [[nodiscard]] std::ptrdiff_t put(int device, ByteView bytes) override;

    void look(bool to_tell);

    GpioSettings settings_;
    boost::asio::steady_timer looks_;
    bool feed_ = false;
    LevelFeed to_device_;
};

// The device file of a chip given as path, name or label; `chip` itself when there is none such.
[[nodiscard]] std::string find_gpio_chip(const std::string& chip);

}  // namespace gatehouse::drivers
