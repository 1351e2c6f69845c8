// Lines of a GPIO chip through the kernel's character device (uAPI v2), as the line levels of feed_codec.hpp.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "drivers/link/feed_codec.hpp"
#include "drivers/port/stream_port.hpp"

namespace gatehouse::drivers {

struct OpenedChip {
    int device = -1;    // its lines, or a tty; the caller closes it
    bool feed = false;  // a tty that speaks line levels itself
    Bytes levels;       // of every input, for the machine: read after the request, whose first edge may be spurious
};
// Calls that may wait for a chip behind USB or I2C: any thread.
struct GpioCalls {
    std::function<Result<OpenedChip>(const GpioSettings& settings)> open;
    std::function<Result<Bytes>(int lines, const GpioSettings& settings)> read_levels;
};
[[nodiscard]] GpioCalls gpio_calls();  // the kernel's

// The kernel sets outputs back when the descriptor is closed, also when the process dies: wire them so that this locks.
// A tty as chip is expected to speak line levels itself.
class GpioPort final : public StreamPort {
public:
    GpioPort(boost::asio::io_context& io, GpioSettings settings, GpioCalls calls = gpio_calls())
        : StreamPort(io), settings_(std::move(settings)), calls_(std::move(calls)), looks_(io) {}

private:
    void begin() override;
    void begun() override;  // tells every input's level
    void abandon() override;
    void received(ByteView bytes) override;
    [[nodiscard]] std::ptrdiff_t put(int device, ByteView bytes) override;

    void look_later();
    void look();

    GpioSettings settings_;
    GpioCalls calls_;
    boost::asio::steady_timer looks_;
    std::shared_ptr<OpenedChip> found_;  // of the last opening; the slow thread's until it is told
    LevelFeed to_device_;
};

// The device file of a chip given as path, name or label; `chip` itself when there is none such.
[[nodiscard]] std::string find_gpio_chip(const std::string& chip);

}  // namespace gatehouse::drivers
