#include "drivers/port/real_tty.hpp"

#include <fcntl.h>
#include <libserialport.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

namespace {

// Also closes what sp_open() opened.
struct PortCloser {
    void operator()(sp_port* port) const {
        sp_close(port);
        sp_free_port(port);
    }
};
using OwnedPort = std::unique_ptr<sp_port, PortCloser>;

sp_parity parity_of(Parity parity) {
    switch (parity) {
        case Parity::none: return SP_PARITY_NONE;
        case Parity::even: return SP_PARITY_EVEN;
        case Parity::odd: return SP_PARITY_ODD;
    }
    return SP_PARITY_NONE;
}

// sp_last_error_message() allocates, and the message may be of another call.
Error refused(const std::string& name, const char* what, sp_return code) {
    if (code == SP_ERR_FAIL) return system_error(name, what);
    return fail(ErrorCode::io, name + ": " + what + (code == SP_ERR_MEM ? ": out of memory" : ": not supported"));
}

Result<void> set_up(sp_port* port, const std::string& name, const SerialSettings& wanted) {
    if (const auto code = sp_set_baudrate(port, static_cast<int>(wanted.baud)); code != SP_OK)
        return refused(name, "speed is refused", code);
    if (const auto code = sp_set_bits(port, 8); code != SP_OK) return refused(name, "eight bits are refused", code);
    if (const auto code = sp_set_parity(port, parity_of(wanted.parity)); code != SP_OK)
        return refused(name, "parity is refused", code);
    if (const auto code = sp_set_stopbits(port, 1); code != SP_OK)
        return refused(name, "one stop bit is refused", code);
    if (const auto code = sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE); code != SP_OK)
        return refused(name, "no flow control is refused", code);
    return {};
}

std::string text(const char* words) { return words == nullptr ? std::string{} : std::string(words); }

SerialDevice described(sp_port* port) {
    SerialDevice device;
    device.path = text(sp_get_port_name(port));
    device.description = text(sp_get_port_description(port));
    device.usb = sp_get_port_transport(port) == SP_TRANSPORT_USB;
    if (!device.usb) return device;
    sp_get_port_usb_vid_pid(port, &device.vendor, &device.product);
    device.serial = text(sp_get_port_usb_serial(port));
    return device;
}

}  // namespace

bool is_real_tty(const std::string& name) {
    std::error_code ignored;
    return name.starts_with("/dev/") &&
           std::filesystem::exists("/sys/class/tty/" + std::filesystem::path(name).filename().string() + "/device",
                                   ignored);
}

Result<int> open_real_tty(const std::string& name, const SerialSettings& wanted) {
    sp_port* found = nullptr;
    if (const auto code = sp_get_port_by_name(name.c_str(), &found); code != SP_OK)
        return refused(name, "cannot be found", code);
    const OwnedPort port(found);
    if (const auto code = sp_open(found, SP_MODE_READ_WRITE); code != SP_OK)
        return refused(name, "cannot be opened", code);
    if (const auto done = set_up(found, name, wanted); !done) return done.error();
    int descriptor = -1;
    if (const auto code = sp_get_port_handle(found, &descriptor); code != SP_OK)
        return refused(name, "has no descriptor", code);
    const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return system_error(name, "cannot be kept open");
    return own;
}

std::vector<SerialDevice> list_real_ttys() {
    sp_port** ports = nullptr;
    if (sp_list_ports(&ports) != SP_OK) return {};
    std::vector<SerialDevice> devices;
    for (sp_port** each = ports; *each != nullptr; ++each) devices.push_back(described(*each));
    sp_free_port_list(ports);
    return devices;
}

}  // namespace gatehouse::drivers
