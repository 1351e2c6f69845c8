// Somebody else's Modbus servers as turnstile boards behind our driver: see tests/peers.
#include <doctest/doctest.h>

#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <filesystem>

#include "drivers/emulator/pty_plug.hpp"
#include "tests/drivers/emulator/venue_bench.hpp"

extern char** environ;

using namespace gatehouse;
using namespace gatehouse::drivers;
using emulator::Caller;
using emulator::Stamp;

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

std::vector<std::vector<std::string>> boards() {
    const std::string peers = GATEHOUSE_SOURCE_DIR "/tests/peers/";
    std::vector<std::vector<std::string>> all{{"/usr/bin/python3", peers + "pymodbus_board.py"},
                                              {GATEHOUSE_LIBMODBUS_BOARD}};
    if (std::filesystem::exists(peers + "node_modules/modbus-serial"))
        all.push_back({"node", peers + "modbus_serial_board.js"});
    else
        MESSAGE("modbus-serial is not installed (npm ci in tests/peers): not tried");
    return all;
}

}  // namespace

TEST_CASE("pymodbus, libmodbus and modbus-serial as turnstile boards over TCP") {
    for (auto words : boards()) {
        boost::asio::io_context io;
        const auto port = free_port(io);
        words.insert(words.end(), {"tcp", port});
        const Peer peer(words);
        walk_through(io, {"tcp", "127.0.0.1:" + port});
    }
}

TEST_CASE("pymodbus, libmodbus and modbus-serial as turnstile boards over a serial line") {
    for (auto words : boards()) {
        test::Scratch scratch;
        boost::asio::io_context io;
        const Cable cable(io, (scratch / "ours").string(), (scratch / "theirs").string());
        words.insert(words.end(), {"rtu", cable.other.address()});
        const Peer peer(words);
        walk_through(io, {"port", cable.one.address()});
    }
}
