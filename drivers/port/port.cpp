#include "drivers/port/port.hpp"

#include "drivers/port/file_port.hpp"
#include "drivers/port/tcp_port.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

std::unique_ptr<Port> make_port(boost::asio::io_context& io, const PortSettings& settings) {
    using Made = std::unique_ptr<Port>;
    return std::visit(
        Match{
            [&io](const SerialSettings& serial) -> Made { return std::make_unique<SerialPort>(io, serial); },
            [&io](const TcpSettings& tcp) -> Made { return std::make_unique<TcpPort>(io, tcp); },
            [&io](const DeviceFileSettings& file) -> Made { return std::make_unique<DeviceFilePort>(io, file); },
        },
        settings);
}

}  // namespace gatehouse::drivers
