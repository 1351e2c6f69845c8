#include "drivers/emulator/tcp_plug.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cerrno>

namespace gatehouse::drivers::emulator {

using boost::asio::ip::tcp;

TcpPlug::TcpPlug(boost::asio::io_context& io, const PlugSettings& settings, PlugEvents events)
    : io_(io), settings_(settings), events_(std::move(events)), acceptor_(io), port_(settings.port) {}

void TcpPlug::connect() {
    if (is_connected()) return;
    const tcp::endpoint at(boost::asio::ip::make_address(settings_.host), port_);
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(at);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    connection_ = std::make_shared<const int>(0);
    accepting_ = false;
    accept();
}

void TcpPlug::disconnect() {
    connection_.reset();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    callers_.clear();
}

std::string TcpPlug::address() const { return settings_.host + ':' + std::to_string(port_); }

void TcpPlug::accept() {
    if (accepting_ || (settings_.one_caller && !callers_.empty())) return;
    accepting_ = true;
    acceptor_.async_accept(
        [this, alive = std::weak_ptr(connection_)](const boost::system::error_code& error, Socket socket) {
            if (alive.expired()) return;
            accepting_ = false;
            if (!error) take(std::move(socket));
            accept();
        });
}

void TcpPlug::take(Socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.native_non_blocking(true, ignored);
    const Caller caller = next_++;
    callers_.emplace(caller, std::move(socket));
    wait(caller);
}

void TcpPlug::wait(Caller caller) {
    auto& socket = callers_.at(caller);
    socket.async_wait(
        Socket::wait_read, [this, caller, alive = std::weak_ptr(connection_)](const boost::system::error_code& error) {
            if (alive.expired() || !callers_.contains(caller)) return;
            std::array<std::uint8_t, 4096> buffer;
            const auto count = error ? 0 : ::recv(callers_.at(caller).native_handle(), buffer.data(), buffer.size(), 0);
            const auto stamp = stamp_now();
            const bool nothing_yet = count < 0 && (errno == EAGAIN || errno == EINTR);
            if (count > 0) events_.read(caller, {buffer.data(), static_cast<std::size_t>(count)}, stamp);
            if (alive.expired()) return;
            if (count > 0 || nothing_yet)
                wait(caller);
            else
                hang_up(caller);
        });
}

void TcpPlug::hang_up(Caller caller) {
    callers_.erase(caller);
    if (events_.hung_up) events_.hung_up(caller);
    accept();
}

void TcpPlug::send(ByteView bytes, std::optional<Caller> caller) {
    for (auto& [each, socket] : callers_) {
        if (caller && *caller != each) continue;
        (void)::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
}

}  // namespace gatehouse::drivers::emulator
