// A device on the network. A printer takes one caller at a time; others wait in the accept queue, as with real ones.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <map>

#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class TcpPlug final : public Plug {
public:
    TcpPlug(boost::asio::io_context& io, const PlugSettings& settings, PlugEvents events);

    void connect() override;
    void disconnect() override;
    [[nodiscard]] bool is_connected() const override { return acceptor_.is_open(); }
    void send(ByteView bytes, std::optional<Caller> caller) override;
    [[nodiscard]] std::string address() const override;

private:
    using Socket = boost::asio::ip::tcp::socket;
    void accept();
    void take(Socket socket);
    void wait(Caller caller);
    void hang_up(Caller caller);

    boost::asio::io_context& io_;
    PlugSettings settings_;
    PlugEvents events_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;  // as bound: stays over unplugging also when the scenario says 0
    bool accepting_ = false;
    Caller next_ = 1;
    std::map<Caller, Socket> callers_;
    std::shared_ptr<const int> connection_;
};

}  // namespace gatehouse::drivers::emulator
