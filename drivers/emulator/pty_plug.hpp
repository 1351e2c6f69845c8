// A serial device: the master side of a pty, and a link to its slave.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>

#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class PtyPlug final : public Plug {
public:
    PtyPlug(boost::asio::io_context& io, std::string link, PlugEvents events)
        : master_(io), link_(std::move(link)), events_(std::move(events)) {}
    ~PtyPlug() override { PtyPlug::disconnect(); }

    void connect() override;
    void disconnect() override;
    [[nodiscard]] bool is_connected() const override { return master_.is_open(); }
    void send(ByteView bytes, std::optional<Caller> caller) override;
    [[nodiscard]] std::string address() const override { return link_; }

private:
    void wait();

    boost::asio::posix::stream_descriptor master_;
    // Kept open: without any opener of the slave, the master reads EIO for ever.
    int slave_ = -1;
    std::string link_;
    PlugEvents events_;
    std::shared_ptr<const int> connection_;
};

}  // namespace gatehouse::drivers::emulator
