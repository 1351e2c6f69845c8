#include "drivers/link/port_settings.hpp"

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

std::string to_string(const PortSettings& settings) {
    return std::visit(Match{
                          [](const SerialSettings& serial) { return serial.path; },
                          [](const TcpSettings& tcp) { return tcp.host + ':' + std::to_string(tcp.port); },
                          [](const DeviceFileSettings& file) { return file.path; },
                      },
                      settings);
}

}  // namespace gatehouse::drivers
