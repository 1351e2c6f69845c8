// A PC/SC reader as the card messages of feed_codec.hpp. A reader whose name is a path is a tty that speaks them
// itself.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "drivers/port/port.hpp"
#include "drivers/port/slow_calls.hpp"

namespace gatehouse::drivers {

// pcsc-lite blocks, for as long as a card or its daemon likes, so it has a thread of its own, which nobody waits for
// but a moment at the end. A port that is opened again opens when what was under way is over. Looks for a card five
// times a second.
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
    std::shared_ptr<Shared> shared_;  // nothing while closed
    std::shared_ptr<Shared> last_;    // what the thread may still be at
    SlowCalls calls_;
};

}  // namespace gatehouse::drivers
