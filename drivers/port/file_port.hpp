// Serial devices, and printers' device files.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <optional>

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

// usblp: bytes both ways, and the status lines, asked every second. Whatever refuses LPGETSTATUS has none.
class PrinterFilePort final : public StreamPort {
public:
    PrinterFilePort(boost::asio::io_context& io, DeviceFileSettings settings)
        : StreamPort(io), settings_(std::move(settings)), poll_(io) {}

private:
    void begin() override;
    void begun() override { ask_status(); }
    void abandon() override;
    void ask_status();

    DeviceFileSettings settings_;
    boost::asio::steady_timer poll_;
    std::optional<PrinterStatusRead> told_;
};

}  // namespace gatehouse::drivers
