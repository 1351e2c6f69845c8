// Somebody else's Modbus servers as turnstile boards behind our driver: see tests/peers.
#include <doctest/doctest.h>

#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "drivers/emulator/pty_plug.hpp"
#include "tests/drivers/emulator/third_parties.hpp"
#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/skipping.hpp"

extern char** environ;

using namespace gatehouse;
using namespace gatehouse::drivers;
using emulator::Caller;
using emulator::Stamp;
using test::peers;

namespace {

// A program beside the test, killed at its end.
class Peer {
public:
    explicit Peer(std::vector<std::string> words) {
        std::vector<char*> pointers;
        for (auto& word : words) pointers.push_back(word.data());
        pointers.push_back(nullptr);
        if (::posix_spawnp(&pid_, pointers[0], nullptr, nullptr, pointers.data(), environ) != 0) pid_ = -1;
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

private:
    pid_t pid_ = -1;
};

// Two serial devices joined by a cable.
struct Cable {
    Cable(boost::asio::io_context& io, const std::string& left, const std::string& right)
        : one(io, left, {[this](Caller, ByteView bytes, Stamp) { other.send(bytes, std::nullopt); }, {}}),
          other(io, right, {[this](Caller, ByteView bytes, Stamp) { one.send(bytes, std::nullopt); }, {}}) {
        one.connect();
        other.connect();
    }
    emulator::PtyPlug one;
    emulator::PtyPlug other;
};

std::string free_port(boost::asio::io_context& io) {
    using boost::asio::ip::tcp;
    const tcp::acceptor any(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    return std::to_string(any.local_endpoint().port());
}

// Opens both ways and waits for the guests.
void walk_through(boost::asio::io_context& io, const Setting& where) {
    std::vector<TurnstileEffect> heard;
    const auto setup = make_turnstile(
        {DeviceName{"board"}, "modbus", {where, {"pulse", std::string("timed")}, {"poll_ms", std::int64_t{20}}}});
    TurnstilePump gate(io, setup.value(), {[&heard](const TurnstileEffect& effect) { heard.push_back(effect); }, {}});
    const auto told = [&heard](const TurnstileEffect& effect) { return std::ranges::count(heard, effect) == 1; };
    REQUIRE(test::run_until(io, [&] { return std::ranges::count(heard, TurnstileEffect{ReportOnline{}}) >= 1; }));
    gate.open(OpenId{1}, Direction::entry);
    REQUIRE(test::run_until(io, [&] { return told(ReportPassed{Direction::entry}); }));
    CHECK(told(ReportOpened{OpenId{1}}));
    gate.open(OpenId{2}, Direction::exit);
    REQUIRE(test::run_until(io, [&] { return told(ReportPassed{Direction::exit}); }));
    CHECK(told(ReportOpened{OpenId{2}}));
}

void over_tcp(std::vector<std::string> words) {
    boost::asio::io_context io;
    const auto port = free_port(io);
    words.insert(words.end(), {"tcp", port});
    const Peer peer(words);
    walk_through(io, {"tcp", "127.0.0.1:" + port});
}

void over_serial_line(std::vector<std::string> words) {
    test::Scratch scratch;
    boost::asio::io_context io;
    const Cable cable(io, (scratch / "ours").string(), (scratch / "theirs").string());
    words.insert(words.end(), {"rtu", cable.other.address()});
    const Peer peer(words);
    walk_through(io, {"port", cable.one.address()});
}

bool has_pymodbus() {
    if (std::system("/usr/bin/python3 -c 'import pymodbus, serial_asyncio' 2>/dev/null") == 0) return true;
    skip_test("Debian's python3-pymodbus or python3-serial-asyncio is not installed");
    return false;
}

bool has_modbus_serial() {
    if (!std::filesystem::exists(peers + "node_modules/modbus-serial"))
        skip_test("npm's modbus-serial is not there (npm ci in tests/peers)");
    else if (std::system("node --version >/dev/null 2>&1") != 0)
        skip_test("node is not installed");
    else
        return true;
    return false;
}

const std::vector<std::string> pymodbus{"/usr/bin/python3", peers + "pymodbus_board.py"};
const std::vector<std::string> libmodbus{GATEHOUSE_LIBMODBUS_BOARD};
const std::vector<std::string> modbus_serial{"node", peers + "modbus_serial_board.js"};

}  // namespace

TEST_CASE("libmodbus as a turnstile board over TCP") { over_tcp(libmodbus); }
TEST_CASE("libmodbus as a turnstile board over a serial line") { over_serial_line(libmodbus); }

TEST_CASE("pymodbus as a turnstile board over TCP" * doctest::test_suite("with pymodbus")) {
    if (has_pymodbus()) over_tcp(pymodbus);
}
TEST_CASE("pymodbus as a turnstile board over a serial line" * doctest::test_suite("with pymodbus")) {
    if (has_pymodbus()) over_serial_line(pymodbus);
}

TEST_CASE("modbus-serial as a turnstile board over TCP" * doctest::test_suite("with modbus-serial")) {
    if (has_modbus_serial()) over_tcp(modbus_serial);
}
TEST_CASE("modbus-serial as a turnstile board over a serial line" * doctest::test_suite("with modbus-serial")) {
    if (has_modbus_serial()) over_serial_line(modbus_serial);
}
