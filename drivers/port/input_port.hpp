// Keyboards through evdev, and HID devices through hidraw: what they send becomes the streams of feed_codec.hpp. A tty
// in their place is expected to send that stream itself.
#pragma once

#include <functional>
#include <memory>

#include "drivers/port/stream_port.hpp"

namespace gatehouse::drivers {

struct OpenedInput {
    int device = -1;    // the caller closes it
    bool feed = false;  // a tty that sends the stream itself
    bool caps = false;  // Caps Lock is on
};
// Any thread; may wait for the device. Fail as open_device_file() does.
using OpenInput = std::function<Result<OpenedInput>(const std::string& path)>;
[[nodiscard]] Result<OpenedInput> open_keyboard(const std::string& path);  // grabbed
[[nodiscard]] Result<OpenedInput> open_hid(const std::string& path);

class KeyboardPort final : public StreamPort {
public:
    KeyboardPort(boost::asio::io_context& io, KeyboardSettings settings, OpenInput open = open_keyboard)
        : StreamPort(io), settings_(std::move(settings)), open_(std::move(open)) {}

private:
    void begin() override;
    void begun() override;  // tells which locks are on
    void abandon() override {}
    void received(ByteView bytes) override;

    KeyboardSettings settings_;
    OpenInput open_;
    std::shared_ptr<OpenedInput> found_;  // of the last opening; the slow thread's until it is told
};

class HidPort final : public StreamPort {
public:
    HidPort(boost::asio::io_context& io, HidSettings settings, OpenInput open = open_hid)
        : StreamPort(io), settings_(std::move(settings)), open_(std::move(open)) {}

private:
    void begin() override;
    void abandon() override {}
    void received(ByteView bytes) override;  // hidraw: one read, one report

    HidSettings settings_;
    OpenInput open_;
    std::shared_ptr<OpenedInput> found_;  // as the keyboard's
};

}  // namespace gatehouse::drivers
