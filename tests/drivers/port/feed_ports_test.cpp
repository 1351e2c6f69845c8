// Ports that speak a format of ours, on ptys: whatever is behind a tty speaks it itself.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "drivers/emulator/plug.hpp"
#include "drivers/link/feed_codec.hpp"
#include "drivers/port/descriptor.hpp"
#include "drivers/port/gpio_port.hpp"
#include "drivers/port/port.hpp"
#include "drivers/port/real_tty.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/support/skipping.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::run_until;

TEST_CASE("keyboard, HID, GPIO and card-reader ports pass on what a tty in the place of their device says") {
    const Bytes said = encode(KeyEvent{1, 30, 1});
    const std::string heard_by_device = text_of(encode(LineLevel{4, true}));
    const test::Scratch scratch;
    const auto link = (scratch / "feed").string();
    for (const PortSettings& settings :
         {PortSettings{KeyboardSettings{link}}, PortSettings{HidSettings{link}},
          PortSettings{GpioSettings{link, {4}, {5}}}, PortSettings{CardReaderSettings{link}}}) {
        boost::asio::io_context io;
        std::string to_device;
        const auto plug = emulator::make_plug(io, {.link = link},
                                              {[&](auto, ByteView bytes, auto) { to_device += text_of(bytes); }, {}});
        plug->connect();
        bool opened = false;
        Bytes read;
        const auto port = make_port(io, settings);
        port->open({[&] { opened = true; },
                    [&](ByteView bytes) { read.insert(read.end(), bytes.begin(), bytes.end()); }, [](const Error&) {}});
        REQUIRE(run_until(io, [&] { return opened; }));
        plug->send(said, std::nullopt);
        REQUIRE(run_until(io, [&] { return read == said; }));
        port->write(view_of(heard_by_device), 1s);
        REQUIRE(run_until(io, [&] { return to_device == heard_by_device; }));
    }
}

TEST_CASE("what is no keyboard, GPIO chip or card reader is refused with its name") {
    boost::asio::io_context io;
    for (const auto& [settings, named] :
         {std::pair{PortSettings{KeyboardSettings{"/dev/null"}}, "/dev/null: is not a keyboard"},
          std::pair{PortSettings{GpioSettings{"/dev/null", {1}, {}}}, "/dev/null: its lines cannot be had"},
          std::pair{PortSettings{GpioSettings{"no such chip", {1}, {}}}, "no such chip: cannot be found"},
          std::pair{PortSettings{CardReaderSettings{"no such reader"}}, ""}}) {
        std::string why;
        const auto port = make_port(io, settings);
        port->open({[] {}, [](ByteView) {}, [&](const Error& error) { why = error.detail; }});
        REQUIRE(run_until(io, [&] { return !why.empty(); }));
        CHECK(why.starts_with(named));
    }
}

TEST_CASE("a port that is closed while its reader is looked for says nothing more") {
    boost::asio::io_context io;
    const auto port = make_port(io, CardReaderSettings{"no such reader"});
    bool said = false;
    const PortEvents events{[&] { said = true; }, [](ByteView) {}, [&](const Error&) { said = true; }};
    port->open(events);
    port->close();
    CHECK_FALSE(run_until(io, [&] { return said; }, 50ms));
    port->open(events);
    CHECK(run_until(io, [&] { return said; }));
}

TEST_CASE("a tty with hardware is opened through libserialport, at any speed, with VMIN 1, and only once" *
          doctest::test_suite("with serial-line")) {
    const std::string name = "/dev/ttyS0";
    if (!is_real_tty(name)) {
        skip_test("this machine has no serial line at /dev/ttyS0");
        return;
    }
    CHECK_FALSE(list_real_ttys().empty());
    const auto opened = open_serial({name, 250'000, Parity::even});
    if (!opened) {
        skip_test("/dev/ttyS0: " + opened.error().detail);
        return;
    }
    termios settings{};
    REQUIRE(::tcgetattr(*opened, &settings) == 0);
    CHECK(settings.c_cc[VMIN] == 1);
    CHECK((settings.c_cflag & PARENB) != 0);
    CHECK((::fcntl(*opened, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(open_serial({name}).error().code == ErrorCode::unavailable);
    ::close(*opened);
    const auto again = open_serial({name});
    REQUIRE(again);
    ::close(*again);
}

TEST_CASE("a pty is no tty with hardware") {
    CHECK_FALSE(is_real_tty("/dev/pts/0"));
    CHECK_FALSE(is_real_tty("/dev/tty"));
    CHECK(find_gpio_chip("/dev/anything") == "/dev/anything");
}
