#include "drivers/port/file_port.hpp"

#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

void SerialPort::begin() {
    const auto descriptor = open_serial(settings_);
    if (descriptor)
        take_over(*descriptor, false);
    else
        give_up(descriptor.error());
}

void DeviceFilePort::begin() {
    const auto descriptor = open_device_file(settings_);
    if (descriptor)
        take_over(*descriptor, false);
    else
        give_up(descriptor.error());
}

}  // namespace gatehouse::drivers
