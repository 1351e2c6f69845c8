#include "drivers/port/tcp_port.hpp"

#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <string>

namespace gatehouse::drivers {

namespace {
constexpr std::chrono::seconds longest_connect{3};
using boost::asio::ip::tcp;
}  // namespace

void TcpPort::begin() {
    limit_.expires_after(longest_connect);
    limit_.async_wait([this, alive = opening()](const boost::system::error_code& error) {
        if (alive.expired() || error) return;
        abandon();
        give_up(fail(ErrorCode::unavailable, settings_.host + ": no answer to the connection"));
    });
    boost::system::error_code not_numeric;
    const auto address = boost::asio::ip::make_address(settings_.host, not_numeric);
    if (not_numeric)
        resolve();
    else
        connect({address, settings_.port});
}

void TcpPort::abandon() {
    boost::system::error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
    limit_.cancel();
}

void TcpPort::resolve() {
    resolver_.async_resolve(
        settings_.host, std::to_string(settings_.port),
        [this, alive = opening()](const boost::system::error_code& error, const tcp::resolver::results_type& found) {
            if (alive.expired() || error == boost::asio::error::operation_aborted) return;
            if (error)
                fail_with("cannot be resolved", error);
            else
                connect(found.begin()->endpoint());
        });
}

void TcpPort::connect(const tcp::endpoint& endpoint) {
    socket_.async_connect(endpoint, [this, alive = opening()](const boost::system::error_code& error) {
        if (alive.expired() || error == boost::asio::error::operation_aborted) return;
        if (error)
            fail_with("refuses the connection", error);
        else
            connected();
    });
}

void TcpPort::connected() {
    limit_.cancel();
    boost::system::error_code error;
    socket_.set_option(tcp::no_delay(true), error);
    socket_.set_option(boost::asio::socket_base::keep_alive(true), error);
    socket_.native_non_blocking(true, error);
    const int descriptor = socket_.release(error);
    if (error)
        fail_with("cannot be taken over", error);
    else
        take_over(descriptor);
}

// A peer that is gone is an error here, not a signal.
std::ptrdiff_t TcpPort::put(int device, ByteView bytes) {
    return ::send(device, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void TcpPort::fail_with(const char* what, const boost::system::error_code& error) {
    abandon();
    give_up(fail(ErrorCode::io, settings_.host + ' ' + what + ": " + error.message()));
}

}  // namespace gatehouse::drivers
