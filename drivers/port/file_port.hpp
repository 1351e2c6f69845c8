// Serial devices, and printers' device files.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
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

// The lines of a printer's status register, or a negated errno. May wait for the printer.
using ReadStatusLines = std::function<int(int device)>;
[[nodiscard]] int read_status_lines(int device);  // LPGETSTATUS

// usblp: bytes both ways, and the status lines, asked every second. Whatever does not know LPGETSTATUS has none.
class PrinterFilePort final : public StreamPort {
public:
    PrinterFilePort(boost::asio::io_context& io, DeviceFileSettings settings,
                    ReadStatusLines read_lines = read_status_lines)
        : StreamPort(io), settings_(std::move(settings)), read_lines_(std::move(read_lines)), poll_(io) {}

private:
    void begin() override;
    void begun() override;
    void abandon() override;
    [[nodiscard]] bool ends_with_nothing() const override { return is_tty_; }
    void ask_status();
    void heard(int lines);

    DeviceFileSettings settings_;
    ReadStatusLines read_lines_;
    boost::asio::steady_timer poll_;
    std::optional<PrinterStatusRead> told_;
    bool is_tty_ = false;
};

}  // namespace gatehouse::drivers
