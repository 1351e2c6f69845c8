// The card reader's port against somebody else's: Debian's pcscd with the virtual reader of vsmartcard, into which this
// test puts a card over TCP.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>

#include "drivers/port/device_pump.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/support/skipping.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using boost::asio::ip::tcp;
using test::run_until;

namespace {

constexpr const char* daemon_path = "/usr/sbin/pcscd";
constexpr const char* virtual_reader = "/etc/reader.conf.d/vpcd";
constexpr const char* daemon_socket = "/run/pcscd/pcscd.comm";

// pcscd for the length of a test.
class Daemon {
public:
    Daemon() { start(); }
    void start() {
        child_ = ::fork();
        if (child_ != 0) return;
        ::execl(daemon_path, daemon_path, "--foreground", "--critical", static_cast<char*>(nullptr));
        ::_exit(127);
    }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    ~Daemon() { stop(); }
    void stop() {
        if (child_ <= 0) return;
        ::kill(child_, SIGTERM);
        ::waitpid(child_, nullptr, 0);
        child_ = -1;
    }

private:
    pid_t child_ = -1;
};

// Speaks vpcd's protocol: length (2, big-endian) and a control octet or an APDU.
class VirtualCard {
public:
    VirtualCard(boost::asio::io_context& io, Bytes number) : socket_(io), number_(std::move(number)) {}

    [[nodiscard]] bool insert() {
        boost::system::error_code error;
        socket_ = tcp::socket(socket_.get_executor());
        socket_.connect({boost::asio::ip::address_v4::loopback(), 35'963}, error);
        if (!error) read();
        return !error;
    }
    void remove() { socket_.close(); }
    void fall_silent() { silent_ = true; }
    [[nodiscard]] bool was_asked() const { return asked_; }

private:
    void read() {
        boost::asio::async_read(socket_, boost::asio::buffer(head_), [this](const auto& error, std::size_t) {
            if (error) return;
            body_.resize(std::size_t{head_[0]} << 8U | head_[1]);
            boost::asio::async_read(socket_, boost::asio::buffer(body_), [this](const auto& failed, std::size_t) {
                if (failed) return;
                answer();
                read();
            });
        });
    }
    void answer() {
        constexpr std::uint8_t give_atr = 4;
        if (body_.size() == 1 && body_[0] != give_atr) return;
        Bytes said{0x3B, 0x80, 0x80, 0x01, 0x01};
        if (body_.size() > 1) {
            asked_ = true;
            if (silent_) return;
            const bool asked = body_ == Bytes{0xFF, 0xCA, 0x00, 0x00, 0x00};
            said = asked ? number_ : Bytes{};
            said.insert(said.end(), {static_cast<std::uint8_t>(asked ? 0x90 : 0x6D), 0x00});
        }
        said.insert(said.begin(), {0, static_cast<std::uint8_t>(said.size())});
        boost::asio::write(socket_, boost::asio::buffer(said));
    }

    tcp::socket socket_;
    Bytes number_;
    std::array<std::uint8_t, 2> head_{};
    Bytes body_;
    bool silent_ = false;
    bool asked_ = false;
};

// The scanner on the virtual reader.
struct CardScanner {
    explicit CardScanner(boost::asio::io_context& io)
        : pump(io,
               make_scanner({DeviceName{"card-1"},
                             "pcsc",
                             {{"reader", std::string("Virtual PCD")}, {"dedupe_ms", std::int64_t{0}}}})
                   .value(),
               {[this](const ReportScan& scan) { texts.push_back(scan.text); },
                {},
                {},
                [this](const LinkState& state) { link = state; }}) {}
    std::vector<std::string> texts;
    LinkState link;
    ScannerPump pump;
};

bool can_run() {
    if (std::filesystem::exists(daemon_path) && std::filesystem::exists(virtual_reader) && ::geteuid() == 0 &&
        !std::filesystem::exists(daemon_socket))
        return true;
    skip_test("it takes root, Debian's pcscd and vsmartcard-vpcd, and no pcscd that runs already");
    return false;
}

}  // namespace

TEST_CASE("a card in the virtual reader of vsmartcard is read through pcscd, and again when it comes back" *
          doctest::test_suite("with vsmartcard")) {
    if (!can_run()) return;
    Daemon daemon;
    boost::asio::io_context io;
    VirtualCard card(io, {0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6});
    CardScanner reader(io);
    auto& texts = reader.texts;
    auto& link = reader.link;
    REQUIRE(run_until(io, [&] { return link.up; }));
    REQUIRE(run_until(io, [&] { return card.insert(); }));
    REQUIRE(run_until(io, [&] { return texts.size() == 1; }));
    CHECK(texts.front() == "04A1B2C3D4E5F6");
    card.remove();
    CHECK_FALSE(run_until(io, [&] { return texts.size() == 2; }, std::chrono::seconds(3)));
    REQUIRE(run_until(io, [&] { return card.insert(); }));
    REQUIRE(run_until(io, [&] { return texts.size() == 2; }));
    CHECK(texts.back() == "04A1B2C3D4E5F6");
    daemon.stop();
    REQUIRE(run_until(io, [&] { return !link.up; }));
    CHECK_FALSE(link.error.empty());
    daemon.start();
    REQUIRE(run_until(io, [&] { return link.up; }));
    REQUIRE(run_until(io, [&] { return card.insert(); }));
    REQUIRE(run_until(io, [&] { return texts.size() == 3; }));
    CHECK(texts.back() == "04A1B2C3D4E5F6");
}

TEST_CASE("a card that takes the place of another at once is read, too" * doctest::test_suite("with vsmartcard")) {
    if (!can_run()) return;
    const Daemon daemon;
    boost::asio::io_context io;
    VirtualCard first(io, {0x04, 0xA1, 0xB2, 0xC3});
    VirtualCard second(io, {0x04, 0xD4, 0xE5, 0xF6});
    CardScanner reader(io);
    REQUIRE(run_until(io, [&] { return reader.link.up; }));
    REQUIRE(run_until(io, [&] { return first.insert(); }));
    REQUIRE(run_until(io, [&] { return reader.texts.size() == 1; }));
    first.remove();
    REQUIRE(run_until(io, [&] { return second.insert(); }));
    REQUIRE(run_until(io, [&] { return reader.texts.size() == 2; }, std::chrono::seconds(5)));
    CHECK(reader.texts == std::vector<std::string>{"04A1B2C3", "04D4E5F6"});
}

TEST_CASE("a card that never answers holds up nobody who lets go of its reader" *
          doctest::test_suite("with vsmartcard")) {
    if (!can_run()) return;
    const Daemon daemon;
    boost::asio::io_context io;
    VirtualCard card(io, {0x04, 0xA1, 0xB2, 0xC3});
    card.fall_silent();
    auto reader = std::make_unique<CardScanner>(io);
    REQUIRE(run_until(io, [&] { return reader->link.up; }));
    REQUIRE(run_until(io, [&] { return card.insert(); }));
    REQUIRE(run_until(io, [&] { return card.was_asked(); }));
    const auto began = std::chrono::steady_clock::now();
    reader.reset();
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
    card.remove();
}
