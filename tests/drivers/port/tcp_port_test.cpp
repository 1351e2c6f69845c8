// Devices on the network that vanish without a word.
#include "drivers/port/tcp_port.hpp"

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <sys/socket.h>

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

TEST_CASE("a device that lives and takes nothing is given the patience of who writes") {
    boost::asio::io_context io;
    Connection line(io);
    line.port.write(Bytes(20'000'000, 'x'), 10min);
    CHECK_FALSE(run_until(io, [&] { return line.closed.has_value(); }, 5s));
    CHECK(line.left > 10'000'000);
    const auto before = line.left;
    line.port.write(view_of("?"), 10min);  // no more than the window lets through leaves the port
    CHECK_FALSE(run_until(io, [&] { return line.left < before; }, 100ms));
}
