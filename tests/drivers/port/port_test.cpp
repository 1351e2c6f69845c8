#include "drivers/port/port.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <fstream>

#include "drivers/emulator/plug.hpp"
#include "drivers/port/descriptor.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using emulator::make_plug;
using emulator::PlugSettings;
using test::run_until;

namespace {

// What a port said.
struct HeardFromPort {
    int opened = 0;
    std::vector<Error> closed;
    std::string read;
    PortEvents events() {
        return {[this] { ++opened; }, [this](ByteView bytes) { read += text_of(bytes); },
                [this](const Error& error) { closed.push_back(error); }};
    }
};

struct PluggedIn {
    explicit PluggedIn(boost::asio::io_context& io, const PlugSettings& settings)
        : plug(make_plug(io, settings, {[this](auto, ByteView bytes, auto) { read += text_of(bytes); }, {}})) {
        plug->connect();
    }
    std::string read;
    std::unique_ptr<emulator::Plug> plug;
};

void speaks_and_is_unplugged(boost::asio::io_context& io, const PlugSettings& where, const PortSettings& settings) {
    PluggedIn device(io, where);
    HeardFromPort heard;
    const auto port = make_port(io, settings);
    port->open(heard.events());
    CHECK(heard.opened == 0);  // never from inside a call
    REQUIRE(run_until(io, [&] { return heard.opened == 1; }));
    port->write(view_of("hello"), 1s);
    REQUIRE(run_until(io, [&] { return device.read == "hello"; }));
    device.plug->send(view_of("answer"), std::nullopt);
    REQUIRE(run_until(io, [&] { return heard.read == "answer"; }));
    device.plug->disconnect();
    REQUIRE(run_until(io, [&] { return heard.closed.size() == 1; }));
    CHECK(heard.closed.front().code == ErrorCode::io);
    port->write(view_of("into the void"), 1s);

    port->open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.closed.size() == 2; }));
    device.plug->connect();
    port->open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.opened == 2; }));
    device.plug->send(view_of(" again"), std::nullopt);
    REQUIRE(run_until(io, [&] { return heard.read == "answer again"; }));
}

std::uint16_t free_port() {
    boost::asio::io_context io;
    const auto plug = make_plug(io, {.host = "127.0.0.1"}, {});
    plug->connect();
    const auto address = plug->address();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

}  // namespace

TEST_CASE("a serial port speaks, notices that it was unplugged, and opens again behind the same link") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    const auto link = (scratch / "run/scanner").string();
    speaks_and_is_unplugged(io, {.link = link}, SerialSettings{link});
}

TEST_CASE("a TCP port speaks, notices that the device hung up, and connects again") {
    boost::asio::io_context io;
    const auto number = free_port();
    speaks_and_is_unplugged(io, {.host = "127.0.0.1", .port = number}, TcpSettings{"127.0.0.1", number});
    speaks_and_is_unplugged(io, {.host = "127.0.0.1", .port = number}, TcpSettings{"localhost", number});
}

TEST_CASE("a serial device is opened raw, with VMIN 1, close-on-exec, and only once") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    const auto link = (scratch / "tty").string();
    const PluggedIn device(io, {.link = link});
    const auto opened = open_serial({link, 115'200, Parity::even});
    REQUIRE(opened);
    termios settings{};
    REQUIRE(::tcgetattr(*opened, &settings) == 0);
    CHECK(settings.c_cc[VMIN] == 1);
    CHECK(settings.c_cc[VTIME] == 0);
    CHECK((settings.c_lflag & (ICANON | ECHO | ISIG)) == 0);
    CHECK((settings.c_iflag & (IXON | ICRNL)) == 0);
    CHECK((settings.c_iflag & (IGNBRK | IGNPAR | INPCK)) == (IGNBRK | IGNPAR | INPCK));  // a break is no NUL
    CHECK(::cfgetospeed(&settings) == B115200);
    CHECK((::fcntl(*opened, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(*opened, F_GETFL) & O_NONBLOCK) != 0);
    const auto second = open_serial({link, 9'600, Parity::none});
    CHECK(second.error().code == ErrorCode::unavailable);
    ::close(*opened);
    const auto odd_speed = open_serial({link, 250'000, Parity::none});
    REQUIRE(odd_speed);
    ::close(*odd_speed);
}

TEST_CASE("what is not a device is not opened, and nothing is created") {
    const test::Scratch scratch;
    const auto absent = (scratch / "lp0").string();
    CHECK(open_device_file(absent).error().code == ErrorCode::not_found);
    CHECK_FALSE(std::filesystem::exists(absent));
    const auto file = (scratch / "file").string();
    std::ofstream(file) << "not a printer";
    CHECK(open_device_file(file).error().detail == file + ": is not a device");
    CHECK(open_serial({file}).error().code == ErrorCode::io);
}

TEST_CASE("a device that takes no bytes is given up after the patience, with the descriptor closed") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(::grantpt(master) == 0);
    REQUIRE(::unlockpt(master) == 0);
    HeardFromPort heard;
    const auto port = make_port(io, SerialSettings{::ptsname(master)});
    port->open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.opened == 1; }));
    port->write(Bytes(200'000, 'x'), 100ms);
    REQUIRE(run_until(io, [&] { return heard.closed.size() == 1; }));
    CHECK(heard.closed.front().code == ErrorCode::unavailable);
    CHECK(run_until(io, [&] { return open_serial({::ptsname(master)}).has_value(); }));
    ::close(master);
}

TEST_CASE("a device that takes no bytes from who writes without a limit is kept") {
    boost::asio::io_context io;
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(::grantpt(master) == 0);
    REQUIRE(::unlockpt(master) == 0);
    HeardFromPort heard;
    const auto port = make_port(io, SerialSettings{::ptsname(master)});
    port->open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.opened == 1; }));
    port->write(Bytes(200'000, 'x'), without_limit);
    CHECK_FALSE(run_until(io, [&] { return !heard.closed.empty(); }, 500ms));
    ::close(master);
}

TEST_CASE("a long write arrives whole although the device takes it in pieces") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    const auto link = (scratch / "tty").string();
    const PluggedIn device(io, {.link = link});
    HeardFromPort heard;
    const auto port = make_port(io, SerialSettings{link});
    port->open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.opened == 1; }));
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += static_cast<char>('A' + i % 26);
    port->write(view_of(text), 5s);
    REQUIRE(run_until(io, [&] { return device.read.size() == text.size(); }));
    CHECK(device.read == text);
}

TEST_CASE("closing ends all callbacks") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    const auto link = (scratch / "tty").string();
    const PluggedIn device(io, {.link = link});
    HeardFromPort heard;
    const auto port = make_port(io, SerialSettings{link});
    port->open(heard.events());
    port->close();
    device.plug->disconnect();
    CHECK_FALSE(run_until(io, [&] { return heard.opened != 0 || !heard.closed.empty(); }, 100ms));
}
