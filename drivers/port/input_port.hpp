// Keyboards through evdev, and HID devices through hidraw: what they send becomes the streams of feed_codec.hpp. A tty
// in their place is expected to send that stream itself.
#pragma once

#include "drivers/port/stream_port.hpp"

namespace gatehouse::drivers {

class KeyboardPort final : public StreamPort {
public:
    KeyboardPort(boost::asio::io_context& io, KeyboardSettings settings)
        : StreamPort(io), settings_(std::move(settings)) {}

private:
    void begin() override;
    void begun() override;  // tells which locks are on
    void abandon() override {}
    void received(ByteView bytes) override;

    KeyboardSettings settings_;
    bool feed_ = false;
};

class HidPort final : public StreamPort {
public:
    HidPort(boost::asio::io_context& io, HidSettings settings) : StreamPort(io), settings_(std::move(settings)) {}

private:
    void begin() override;
    void abandon() override {}
    void received(ByteView bytes) override;  // hidraw: one read, one report

    HidSettings settings_;
    bool feed_ = false;
};

}  // namespace gatehouse::drivers
