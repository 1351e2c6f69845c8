// Devices that keep whoever opens or closes them waiting.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "drivers/link/feed_codec.hpp"
#include "drivers/port/descriptor.hpp"
#include "drivers/port/gpio_port.hpp"
#include "drivers/port/input_port.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::run_until;

namespace {

// Two ends of a connection whose near one waits when it is closed, as a tty does: until the far one has taken what was
// written, or for twenty seconds.
struct DeafDevice {
    DeafDevice() {
        const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener.get(), any, length) == 0);
        REQUIRE(::listen(listener.get(), 1) == 0);
        REQUIRE(::getsockname(listener.get(), any, &length) == 0);
        near = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        REQUIRE(::connect(near, any, length) == 0);
        far = ::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
        REQUIRE(::fcntl(near, F_SETFL, O_NONBLOCK) == 0);
        const linger wait{1, 20};
        REQUIRE(::setsockopt(near, SOL_SOCKET, SO_LINGER, &wait, sizeof wait) == 0);
        const std::array<char, 65536> paper{};
        while (::write(near, paper.data(), paper.size()) > 0) continue;
    }
    DeafDevice(const DeafDevice&) = delete;
    DeafDevice& operator=(const DeafDevice&) = delete;
    ~DeafDevice() { ::close(far); }

    int near = -1;  // whoever has it closes it
    int far = -1;
};

struct HeardFromDevice {
    PortEvents events() {
        return {[this] { ++opened; }, [this](ByteView bytes) { read.insert(read.end(), bytes.begin(), bytes.end()); },
                [this](const Error& error) { closed = error.detail; }};
    }
    int opened = 0;
    Bytes read;
    std::string closed;
};

// A device whose opening waits for release(), or for so long that a test on the same thread fails and does not hang.
class SlowToOpen {
public:
    [[nodiscard]] OpenInput opens(Result<OpenedInput> found) {
        return [this, found, answer = answer_.get_future().share()](const std::string&) {
            opener = std::this_thread::get_id();
            asked = true;
            answer.wait_for(20s);
            return found;
        };
    }
    void release() { answer_.set_value(); }

    std::atomic<bool> asked{false};
    std::atomic<std::thread::id> opener;

private:
    std::promise<void> answer_;
};

std::unique_ptr<Port> make_input(boost::asio::io_context& io, bool keyboard, OpenInput open) {
    if (keyboard) return std::make_unique<KeyboardPort>(io, KeyboardSettings{"/dev/keys"}, std::move(open));
    return std::make_unique<HidPort>(io, HidSettings{"/dev/hid"}, std::move(open));
}

std::array<int, 2> make_pair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    return ends;
}

bool hung_up(int other_end) {
    char nothing = 0;
    return ::recv(other_end, &nothing, 1, 0) == 0;
}

std::chrono::nanoseconds time_of(const std::function<void()>& call) {
    const auto begun = std::chrono::steady_clock::now();
    call();
    return std::chrono::steady_clock::now() - begun;
}

}  // namespace

TEST_CASE("closing a device that takes nothing waits for a fifth of a second, whatever the kernel would") {
    const DeafDevice device;
    const auto took = time_of([&] { close_device(device.near); });
    CHECK(took >= 150ms);
    CHECK(took < 5s);
}

TEST_CASE("a keyboard or HID device that takes seconds to open holds up itself and nobody else") {
    for (const bool keyboard : {true, false}) {
        boost::asio::io_context io;
        const auto ends = make_pair();
        const Descriptor device(ends[1]);
        SlowToOpen slow;
        HeardFromDevice heard;
        const auto port = make_input(io, keyboard, slow.opens(OpenedInput{ends[0], true, false}));
        CHECK(time_of([&] { port->open(heard.events()); }) < 5s);
        bool other = false;
        boost::asio::post(io, [&] { other = true; });
        REQUIRE(run_until(io, [&] { return other && slow.asked.load(); }));
        CHECK(heard.opened == 0);
        CHECK(slow.opener.load() != std::this_thread::get_id());
        REQUIRE(::send(device.get(), "scan", 4, 0) == 4);
        slow.release();
        REQUIRE(run_until(io, [&] { return !heard.read.empty(); }));
        CHECK(heard.opened == 1);
        CHECK(text_of(heard.read) == "scan");
    }
}

TEST_CASE("a keyboard tells that Caps Lock was on when it was opened, before anything is read") {
    boost::asio::io_context io;
    const auto ends = make_pair();
    const Descriptor device(ends[1]);
    REQUIRE(::send(device.get(), "read", 4, 0) == 4);
    HeardFromDevice heard;
    const auto port = make_input(io, true, [&](const std::string&) { return OpenedInput{ends[0], false, true}; });
    port->open(heard.events());
    REQUIRE(run_until(io, [&] { return !heard.read.empty(); }));
    CHECK(heard.read == encode(KeyEvent{0x11, 1, 1}));  // EV_LED, LED_CAPSL
}

TEST_CASE("why a keyboard or HID device cannot be opened is told") {
    for (const bool keyboard : {true, false}) {
        boost::asio::io_context io;
        HeardFromDevice heard;
        const auto port = make_input(io, keyboard, [](const std::string& path) -> Result<OpenedInput> {
            return fail(ErrorCode::io, path + ": deaf");
        });
        port->open(heard.events());
        CHECK(heard.closed.empty());  // never from inside a call
        REQUIRE(run_until(io, [&] { return !heard.closed.empty(); }));
        CHECK(heard.closed.ends_with(": deaf"));
    }
}

TEST_CASE("a daemon that ends waits for no device that is being opened, and what was opened yet is closed") {
    for (const bool keyboard : {true, false}) {
        boost::asio::io_context io;
        const auto ends = make_pair();
        const Descriptor device(ends[1]);
        SlowToOpen slow;
        HeardFromDevice heard;
        auto port = make_input(io, keyboard, slow.opens(OpenedInput{ends[0], true, false}));
        port->open(heard.events());
        REQUIRE(run_until(io, [&] { return slow.asked.load(); }));
        CHECK(time_of([&] { port.reset(); }) < 5s);
        CHECK_FALSE(hung_up(device.get()));
        slow.release();
        CHECK(run_until(io, [&] { return hung_up(device.get()); }));
        CHECK(heard.opened == 0);
        CHECK(heard.closed.empty());
    }
}

TEST_CASE("a keyboard or HID device that is slow to close holds up nobody, and its next opening not for long") {
    for (const bool keyboard : {true, false}) {
        boost::asio::io_context io;
        const DeafDevice deaf;
        const auto ends = make_pair();
        const Descriptor device(ends[1]);
        int next = deaf.near;
        HeardFromDevice heard;
        const auto port = make_input(
            io, keyboard, [&](const std::string&) { return OpenedInput{std::exchange(next, ends[0]), true, false}; });
        port->open(heard.events());
        REQUIRE(run_until(io, [&] { return heard.opened == 1; }));
        CHECK(time_of([&] { port->close(); }) < 5s);
        const auto began = std::chrono::steady_clock::now();
        port->open(heard.events());
        REQUIRE(run_until(io, [&] { return heard.opened == 2; }));
        CHECK(std::chrono::steady_clock::now() - began < 5s);
    }
}

TEST_CASE("a GPIO chip that takes seconds to open or to tell its levels holds up itself and nobody else") {
    boost::asio::io_context io;
    const auto ends = make_pair();
    const Descriptor device(ends[1]);
    SlowToOpen opening;
    SlowToOpen looking;
    const auto wait_to_open = opening.opens(OpenedInput{});
    const auto wait_to_look = looking.opens(OpenedInput{});
    const GpioCalls calls{[&](const GpioSettings&) -> Result<OpenedChip> {
                              (void)wait_to_open("");
                              return OpenedChip{ends[0], false, encode(LineLevel{14, true})};
                          },
                          [&](int lines, const GpioSettings&) -> Result<Bytes> {
                              CHECK(lines == ends[0]);
                              (void)wait_to_look("");
                              return fail(ErrorCode::io, "the chip: gone");
                          }};
    HeardFromDevice heard;
    GpioPort port(io, GpioSettings{"the chip", {4}, {14}, false, false}, calls);
    CHECK(time_of([&] { port.open(heard.events()); }) < 5s);
    REQUIRE(run_until(io, [&] { return opening.asked.load(); }));
    CHECK(opening.opener.load() != std::this_thread::get_id());
    gpio_v2_line_event edge{};
    edge.id = GPIO_V2_LINE_EVENT_FALLING_EDGE;
    edge.offset = 14;
    REQUIRE(::send(device.get(), &edge, sizeof edge, 0) == sizeof edge);
    opening.release();
    auto levels = encode(LineLevel{14, true});  // as they were when it was opened, and then what changed
    const auto changed = encode(LineLevel{14, false});
    levels.insert(levels.end(), changed.begin(), changed.end());
    REQUIRE(run_until(io, [&] { return heard.read.size() >= levels.size(); }));
    CHECK(heard.read == levels);
    REQUIRE(run_until(io, [&] { return looking.asked.load(); }));
    CHECK(looking.opener.load() != std::this_thread::get_id());
    bool other = false;
    boost::asio::post(io, [&] { other = true; });
    REQUIRE(run_until(io, [&] { return other; }));
    CHECK(heard.closed.empty());
    looking.release();
    REQUIRE(run_until(io, [&] { return !heard.closed.empty(); }));
    CHECK(heard.closed == "the chip: gone");
}

TEST_CASE("what a port has read is wiped once its machine has it") {
    boost::asio::io_context io;
    const auto ends = make_pair();
    const Descriptor device(ends[1]);
    const auto port = make_input(io, false, [&](const std::string&) { return OpenedInput{ends[0], true, false}; });
    ByteView seen;
    std::string read;
    port->open({[] {},
                [&](ByteView bytes) {
                    seen = bytes;
                    read = text_of(Bytes(bytes.begin(), bytes.end()));
                },
                [](const Error&) {}});
    REQUIRE(::send(device.get(), "11010519491231002X", 18, 0) == 18);
    REQUIRE(run_until(io, [&] { return !read.empty(); }));
    CHECK(read == "11010519491231002X");
    CHECK(
        std::ranges::all_of(seen, [](std::uint8_t octet) { return octet == 0; }));  // the port's memory, still its own
}
