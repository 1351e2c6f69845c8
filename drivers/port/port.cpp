#include "drivers/port/port.hpp"

#include "drivers/port/card_reader_port.hpp"
#include "drivers/port/file_port.hpp"
#include "drivers/port/gpio_port.hpp"
#include "drivers/port/input_port.hpp"
#include "drivers/port/recordings.hpp"
#include "drivers/port/tcp_port.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

using Made = std::unique_ptr<Port>;

Made make_card_reader(boost::asio::io_context& io, const CardReaderSettings& card) {
    if (card.reader.starts_with('/')) return std::make_unique<SerialPort>(io, SerialSettings{card.reader});
    return std::make_unique<CardReaderPort>(io, card);
}

Made make_bare(boost::asio::io_context& io, const PortSettings& settings) {
    return std::visit(
        Match{
            [&io](const SerialSettings& serial) -> Made { return std::make_unique<SerialPort>(io, serial); },
            [&io](const TcpSettings& tcp) -> Made { return std::make_unique<TcpPort>(io, tcp); },
            [&io](const DeviceFileSettings& file) -> Made { return std::make_unique<PrinterFilePort>(io, file); },
            [&io](const KeyboardSettings& keyboard) -> Made { return std::make_unique<KeyboardPort>(io, keyboard); },
            [&io](const HidSettings& hid) -> Made { return std::make_unique<HidPort>(io, hid); },
            [&io](const GpioSettings& gpio) -> Made { return std::make_unique<GpioPort>(io, gpio); },
            [&io](const CardReaderSettings& card) -> Made { return make_card_reader(io, card); },
        },
        settings);
}

}  // namespace

std::unique_ptr<Port> make_port(boost::asio::io_context& io, const PortSettings& settings) {
    return std::make_unique<TappedPort>(io, make_bare(io, settings), to_string(settings));
}

}  // namespace gatehouse::drivers
