// Serial devices and printer device files.
#pragma once

#include "drivers/port/stream_port.hpp"

namespace gatehouse::drivers {

class SerialPort final : public StreamPort {
public:
    SerialPort(boost::asio::io_context& io, SerialSettings settings) : StreamPort(io), settings_(std::move(settings)) {}

private:
    void begin() override;
    void abandon() override {}
    SerialSettings settings_;
};

class DeviceFilePort final : public StreamPort {
public:
    DeviceFilePort(boost::asio::io_context& io, DeviceFileSettings settings)
        : StreamPort(io), settings_(std::move(settings)) {}

private:
    void begin() override;
    void abandon() override {}
    DeviceFileSettings settings_;
};

}  // namespace gatehouse::drivers
