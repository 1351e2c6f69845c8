#include "drivers/port/file_port.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

namespace {

// <linux/lp.h> and usblp.c: the bits of a parallel port's status register.
constexpr unsigned long lp_get_status = 0x060b;
constexpr int lp_paper_out = 0x20;
constexpr int lp_selected = 0x10;
constexpr int lp_no_error = 0x08;
constexpr std::chrono::seconds status_every{1};
constexpr std::chrono::seconds after_silence{10};  // a deaf printer's is another five seconds without reading

// Lines that are silent have nothing against the printer.
PrinterStatusRead meaning_of(int lines) {
    if (lines < 0) return {false, true, false};
    return {(lines & lp_paper_out) != 0, (lines & lp_selected) != 0, (lines & lp_no_error) == 0};
}

}  // namespace

int read_status_lines(int device) {
    int lines = 0;
    return ::ioctl(device, lp_get_status, &lines) == 0 ? lines & 0xFF : -errno;
}

void SerialPort::begin() {
    open_slowly([settings = settings_] { return open_serial(settings); });
}

void PrinterFilePort::begin() {
    open_slowly([path = settings_.path] { return open_device_file(path); });
}

void PrinterFilePort::begun() {
    is_tty_ = ::isatty(descriptor()) != 0;
    ask_status();
}

void PrinterFilePort::abandon() {
    poll_.cancel();
    told_.reset();
}

// A control transfer that may last five seconds, under a lock that usblp takes for reading and writing, too: these
// rest.
void PrinterFilePort::ask_status() {
    const auto lines = std::make_shared<int>(0);
    rest();
    slow_calls().ask([lines, read = read_lines_, device = descriptor()] { *lines = read(device); },
                     [this, lines, alive = opening()] {
                         if (alive.expired()) return;
                         go_on();
                         if (!alive.expired()) heard(*lines);
                     });
}

void PrinterFilePort::heard(int lines) {
    if (lines == -ENOTTY || lines == -EINVAL) return;
    const auto alive = opening();
    const auto status = meaning_of(lines);
    if (told_ != status) {
        told_ = status;
        if (events().printer_status) events().printer_status(status);
    }
    if (alive.expired()) return;
    poll_.expires_after(lines < 0 ? after_silence : status_every);
    poll_.async_wait([this, alive](const boost::system::error_code& error) {
        if (!error && !alive.expired()) ask_status();
    });
}

}  // namespace gatehouse::drivers
