#include "drivers/port/tcp_port.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <string>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {
constexpr std::chrono::seconds longest_connect{3};
constexpr Duration longest_silence = std::chrono::seconds(3);
using boost::asio::ip::tcp;

void set_option(int socket, int level, int name, int value) {
    check(::setsockopt(socket, level, name, &value, sizeof value) == 0, "the kernel knows these options of TCP");
}

// A device without power sends no end of the connection. One that only ever sends is asked after two seconds of
// silence; with octets under way or held back the kernel asks by itself, and gives up after `patience`. Without a limit
// it gives up only who leaves fifteen questions in a row unanswered (tcp_retries2), and never who answers that it has
// no room.
void give_up_after(int socket, Duration patience) {
    constexpr int as_the_kernel_does = 0;
    const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
               patience == without_limit ? as_the_kernel_does : static_cast<int>(length));
}

void miss_silent_death(int socket) {
    set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 2);
    set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 1);
    set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
    give_up_after(socket, longest_silence);
}

// What the device has no room for waits in the port and not in the kernel: so its machine hears of it.
void keep_unsent(int socket) { set_option(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 1); }
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
    socket_.native_non_blocking(true, error);
    const int descriptor = socket_.release(error);
    if (error) {
        fail_with("cannot be taken over", error);
        return;
    }
    miss_silent_death(descriptor);
    keep_unsent(descriptor);
    gives_up_after_ = longest_silence;
    take_over(descriptor);
}

// A peer that is gone is an error here, not a signal. The kernel is no less patient than the writer: its limit also
// ends connections whose peer answers but takes nothing, as a printer without paper does.
std::ptrdiff_t TcpPort::put(int device, ByteView bytes) {
    if (patience() != gives_up_after_) {
        gives_up_after_ = patience();
        give_up_after(device, gives_up_after_);
    }
    return ::send(device, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void TcpPort::fail_with(const char* what, const boost::system::error_code& error) {
    abandon();
    give_up(fail(ErrorCode::io, settings_.host + ' ' + what + ": " + error.message()));
}

}  // namespace gatehouse::drivers
