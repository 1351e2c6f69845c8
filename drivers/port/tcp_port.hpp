// A device on the local network. One that vanishes without a word is missed after three seconds.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "drivers/port/stream_port.hpp"

namespace gatehouse::drivers {

class TcpPort final : public StreamPort {
public:
    TcpPort(boost::asio::io_context& io, TcpSettings settings)
        : StreamPort(io), settings_(std::move(settings)), resolver_(io), socket_(io), limit_(io) {}

private:
    void begin() override;
    void abandon() override;
    [[nodiscard]] std::ptrdiff_t put(int device, ByteView bytes) override;
    void resolve();
    void connect(const boost::asio::ip::tcp::endpoint& endpoint);
    void connected();
    void fail_with(const char* what, const boost::system::error_code& error);

    TcpSettings settings_;
    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer limit_;
    Duration gives_up_after_{};  // the kernel's limit, as set
};

}  // namespace gatehouse::drivers
