// Devices on the network that vanish without a word.
#include "drivers/port/tcp_port.hpp"

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "drivers/port/device_pump.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using test::run_until;

namespace {

// A device that can lose its power: from then on it answers nothing, not even that it is gone.
class Device {
public:
    explicit Device(boost::asio::io_context& io)
        : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}), socket_(io) {
        acceptor_.async_accept(socket_, [this](const auto& error) { connected = !error; });
    }
    [[nodiscard]] TcpSettings settings() const { return {"127.0.0.1", acceptor_.local_endpoint().port()}; }
    void lose_power() {
        sock_filter drop_all{BPF_RET | BPF_K, 0, 0, 0};
        const sock_fprog filter{1, &drop_all};
        REQUIRE(::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0);
    }
    bool connected = false;

private:
    tcp::acceptor acceptor_;
    tcp::socket socket_;
};

struct Connection {
    explicit Connection(boost::asio::io_context& io) : device(io), port(io, device.settings()) {
        PortEvents events{[this] { ++opened; }, [](ByteView) {}, [this](const Error& error) { closed = error; }};
        events.write_progressed = [this](const WriteProgressed& progress) { left = progress.left; };
        port.open(std::move(events));
        REQUIRE(run_until(io, [&] { return opened == 1 && device.connected; }));
    }
    Device device;
    TcpPort port;
    int opened = 0;
    std::optional<Error> closed;
    std::size_t left = 0;
};

// What the kernel would end the connection to `port` for although its peer answers; nothing when there is none.
std::optional<int> user_timeout_towards(std::uint16_t port) {
    for (int candidate = 0; candidate < 1'024; ++candidate) {
        sockaddr_in peer{};
        socklen_t length = sizeof peer;
        int timeout = -1;
        socklen_t size = sizeof timeout;
        if (::getpeername(candidate, reinterpret_cast<sockaddr*>(&peer), &length) != 0) continue;
        if (peer.sin_family != AF_INET || ::ntohs(peer.sin_port) != port) continue;
        if (::getsockopt(candidate, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, &size) == 0) return timeout;
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("a device that only sends and loses its power without a word is missed within five seconds") {
    boost::asio::io_context io;
    Connection line(io);
    line.device.lose_power();
    REQUIRE(run_until(io, [&] { return line.closed.has_value(); }, 5s));
    CHECK(line.closed->code == ErrorCode::io);
}

TEST_CASE("what is written to a device without power is missed within five seconds") {
    boost::asio::io_context io;
    Connection line(io);
    line.device.lose_power();
    line.port.write(view_of("open"), 3s);
    REQUIRE(run_until(io, [&] { return line.closed.has_value(); }, 5s));
    CHECK(line.closed->code == ErrorCode::io);
}

TEST_CASE("a device that answers and is quiet for long stays connected") {
    boost::asio::io_context io;
    const Connection line(io);
    CHECK_FALSE(run_until(io, [&] { return line.closed.has_value(); }, 5s));
}

TEST_CASE("a device that is quiet after a write without a limit, and loses its power, is missed within six seconds") {
    boost::asio::io_context io;
    Connection line(io);
    line.port.write(view_of("status?"), without_limit);
    CHECK_FALSE(run_until(io, [&] { return line.closed.has_value(); }, 100ms));  // and that has arrived
    line.device.lose_power();
    REQUIRE(run_until(io, [&] { return line.closed.has_value(); }, 6s));
    CHECK(line.closed->code == ErrorCode::io);
}

TEST_CASE("a printer's connection has no limit of the port's: its machine waits for paper as long as that takes") {
    boost::asio::io_context io;
    const Device device(io);
    const std::vector<Setting> settings{{"tcp", to_string(PortSettings(device.settings()))}};
    bool up = false;
    PrinterPump pump(io, make_printer({DeviceName{"p"}, "escpos", settings}).value(),
                     {[](const PrinterEffect&) {}, [&](const LinkState& link) { up = link.up; }});
    REQUIRE(run_until(io, [&] { return up; }));  // and the machine has asked for the printer's status
    CHECK(run_until(io, [&] { return user_timeout_towards(device.settings().port) == 0; }, 1s));
}

TEST_CASE("a device that lives and takes nothing is given the patience of who writes") {
    for (const Duration patience : {Duration(10min), without_limit}) {
        boost::asio::io_context io;
        Connection line(io);
        line.port.write(Bytes(20'000'000, 'x'), patience);
        CHECK_FALSE(run_until(io, [&] { return line.closed.has_value(); }, 5s));
        CHECK(line.left > 10'000'000);
        const auto before = line.left;
        line.port.write(view_of("?"), patience);  // no more than the window lets through leaves the port
        CHECK_FALSE(run_until(io, [&] { return line.left < before; }, 100ms));
    }
}
