#include "drivers/link/port_settings.hpp"

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

std::string to_string(const PortSettings& settings) {
    return std::visit(Match{
                          [](const SerialSettings& serial) { return serial.path; },
                          [](const TcpSettings& tcp) { return tcp.host + ':' + std::to_string(tcp.port); },
                          [](const DeviceFileSettings& file) { return file.path; },
                          [](const KeyboardSettings& keyboard) { return keyboard.path; },
                          [](const HidSettings& hid) { return hid.path; },
                          [](const GpioSettings& gpio) { return gpio.chip; },
                          [](const CardReaderSettings& card) { return "pcsc:" + card.reader; },
                      },
                      settings);
}

}  // namespace gatehouse::drivers
