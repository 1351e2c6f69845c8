// A PC/SC reader as the card messages of feed_codec.hpp. A reader whose name is a path is a tty that speaks them
// itself.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>

#include "drivers/port/port.hpp"

namespace gatehouse::drivers {

// pcsc-lite blocks, so it has a thread of its own, which ends when the port is closed or the reader is lost. Looks for
// a card five times a second.
class CardReaderPort final : public Port {
public:
    CardReaderPort(boost::asio::io_context& io, CardReaderSettings settings);
    ~CardReaderPort() override;
    CardReaderPort(const CardReaderPort&) = delete;
    CardReaderPort& operator=(const CardReaderPort&) = delete;

    void open(PortEvents events) override;
    void write(ByteView bytes, Duration patience) override;  // a transmission has the reader's own limit
    void close() override;

private:
    struct Shared;
    boost::asio::io_context& io_;
    CardReaderSettings settings_;
    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace gatehouse::drivers
