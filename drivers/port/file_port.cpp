#include "drivers/port/file_port.hpp"

#include <sys/ioctl.h>

#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

namespace {

// <linux/lp.h> and usblp.c: the bits of a parallel port's status register.
constexpr unsigned long lp_get_status = 0x060b;
constexpr int lp_paper_out = 0x20;
constexpr int lp_selected = 0x10;
constexpr int lp_no_error = 0x08;
constexpr std::chrono::seconds status_every{1};

}  // namespace

void SerialPort::begin() {
    const auto descriptor = open_serial(settings_);
    if (descriptor)
        take_over(*descriptor);
    else
        give_up(descriptor.error());
}

void PrinterFilePort::begin() {
    const auto descriptor = open_device_file(settings_.path);
    if (descriptor)
        take_over(*descriptor);
    else
        give_up(descriptor.error());
}

void PrinterFilePort::abandon() {
    poll_.cancel();
    told_.reset();
}

void PrinterFilePort::ask_status() {
    int bits = 0;
    if (::ioctl(descriptor(), lp_get_status, &bits) != 0) return;
    const PrinterStatusRead status{(bits & lp_paper_out) != 0, (bits & lp_selected) != 0, (bits & lp_no_error) == 0};
    const auto alive = opening();
    if (told_ != status) {
        told_ = status;
        if (events().printer_status) events().printer_status(status);
    }
    if (alive.expired()) return;
    poll_.expires_after(status_every);
    poll_.async_wait([this, alive](const boost::system::error_code& error) {
        if (!error && !alive.expired()) ask_status();
    });
}

}  // namespace gatehouse::drivers
