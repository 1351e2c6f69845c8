// Printers' device files: their status lines, and what is peculiar about reading them.
#include "drivers/port/file_port.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <future>

#include "drivers/port/descriptor.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::run_until;

namespace {

// What stands in for a printer's device: the other side of a pty.
class OtherSide {
public:
    OtherSide() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
        REQUIRE(::grantpt(master_.get()) == 0);
        REQUIRE(::unlockpt(master_.get()) == 0);
    }
    [[nodiscard]] DeviceFileSettings settings() const { return {::ptsname(master_.get())}; }
    [[nodiscard]] std::string read() const {
        std::array<char, 100> buffer{};
        const auto count = ::read(master_.get(), buffer.data(), buffer.size());
        return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
    }

private:
    Descriptor master_;
};

struct HeardFromFile {
    PortEvents events() {
        PortEvents all{[this] { opened = true; }, [this](ByteView bytes) { read += text_of(bytes); },
                       [this](const Error& error) { closed = error; }};
        all.printer_status = [this](const PrinterStatusRead& status) { lines.push_back(status); };
        return all;
    }
    bool opened = false;
    std::string read;
    std::optional<Error> closed;
    std::vector<PrinterStatusRead> lines;
};

// A device that has something to say in packets, some of them empty.
class PacketPort final : public StreamPort {
public:
    PacketPort(boost::asio::io_context& io, int device, bool ends) : StreamPort(io), device_(device), ends_(ends) {}

private:
    void begin() override { take_over(device_); }
    void abandon() override {}
    [[nodiscard]] bool ends_with_nothing() const override { return ends_; }
    int device_;
    bool ends_;
};

constexpr PrinterStatusRead well{false, true, false};

}  // namespace

TEST_CASE("status lines that wait for a deaf printer hold up nobody else; what is written meanwhile follows") {
    boost::asio::io_context io;
    const OtherSide printer;
    std::promise<void> deaf;
    std::atomic<bool> asked{false};
    const auto read_lines = [&, answer = deaf.get_future().share()](int) {
        asked = true;
        answer.wait();
        return 0x18;
    };
    HeardFromFile heard;
    PrinterFilePort port(io, printer.settings(), read_lines);
    port.open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.opened && asked.load(); }));
    port.write(view_of("paper"), 1s);
    bool other = false;
    boost::asio::post(io, [&] { other = true; });
    REQUIRE(run_until(io, [&] { return other; }));
    CHECK(printer.read().empty());  // usblp would make the writer wait for the answer, too
    CHECK(heard.lines.empty());
    deaf.set_value();
    REQUIRE(run_until(io, [&] { return heard.lines.size() == 1; }));
    CHECK(printer.read() == "paper");
    CHECK_FALSE(heard.closed);
}

TEST_CASE("status lines are told at the beginning and when they change") {
    boost::asio::io_context io;
    const OtherSide printer;
    std::atomic<int> lines{0x18};
    HeardFromFile heard;
    PrinterFilePort port(io, printer.settings(), [&](int) { return lines.load(); });
    port.open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.lines.size() == 1; }));
    CHECK(heard.lines.back() == PrinterStatusRead{false, true, false});
    lines = 0x38;
    REQUIRE(run_until(io, [&] { return heard.lines.size() == 2; }));
    CHECK(heard.lines.back() == PrinterStatusRead{true, true, false});
    lines = 0x10;
    REQUIRE(run_until(io, [&] { return heard.lines.size() == 3; }));
    CHECK(heard.lines.back() == PrinterStatusRead{false, true, true});
    lines = -EIO;  // nobody knows: nothing is held against it
    REQUIRE(run_until(io, [&] { return heard.lines.size() == 4; }));
    CHECK(heard.lines.back() == well);
}

TEST_CASE("what knows no status lines is not asked for them again") {
    boost::asio::io_context io;
    const OtherSide terminal;
    HeardFromFile heard;
    std::atomic<int> asked{0};
    PrinterFilePort port(io, terminal.settings(), [&](int device) { return ++asked, read_status_lines(device); });
    port.open(heard.events());
    CHECK_FALSE(run_until(io, [&] { return asked.load() > 1; }, 1500ms));
    CHECK(asked.load() == 1);
    CHECK(heard.lines.empty());
}

TEST_CASE("an empty packet is not the end where the device may send one, and does not keep the processor busy") {
    boost::asio::io_context io;
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    const Descriptor device(ends[1]);
    HeardFromFile heard;
    PacketPort port(io, ends[0], false);
    port.open(heard.events());
    REQUIRE(run_until(io, [&] { return heard.opened; }));
    for (int packet = 0; packet < 3; ++packet) REQUIRE(::send(device.get(), "", 0, 0) == 0);
    REQUIRE(::send(device.get(), "answer", 6, 0) == 6);
    const auto begun = std::chrono::steady_clock::now();
    REQUIRE(run_until(io, [&] { return heard.read == "answer"; }));
    CHECK(std::chrono::steady_clock::now() - begun >= 50ms);
    CHECK_FALSE(heard.closed);
}

TEST_CASE("an empty packet is the end of every other device") {
    boost::asio::io_context io;
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    const Descriptor device(ends[1]);
    HeardFromFile heard;
    PacketPort port(io, ends[0], true);
    port.open(heard.events());
    REQUIRE(::send(device.get(), "", 0, 0) == 0);
    REQUIRE(run_until(io, [&] { return heard.closed.has_value(); }));
}
