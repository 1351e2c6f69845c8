// Somebody else's Modbus master against our emulated board: it finds what driver and emulator have in common.
#include <doctest/doctest.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <thread>

#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/skipping.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::VenueBench;

namespace {

std::string output_of(const std::string& command) {
    std::string text;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return text;
    std::array<char, 512> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
    ::pclose(pipe);
    return text;
}

// Runs `command` beside the loop.
std::string beside(VenueBench& bench, const std::string& command) {
    std::string text;
    bool done = false;
    std::thread other([&] {
        text = output_of(command);
        boost::asio::post(bench.io, [&done] { done = true; });
    });
    (void)bench.until([&done] { return done; });
    other.join();
    return text;
}

bool is_installed() { return !output_of("command -v mbpoll").empty(); }

}  // namespace

TEST_CASE("mbpoll reads and writes the emulated board over RTU and TCP" * doctest::test_suite("with mbpoll")) {
    if (!is_installed()) {
        skip_test("Debian's mbpoll is not installed");
        return;
    }
    VenueBench bench(
        "[[turnstile]]\nname = \"rtu\"\nlink = \"turn\"\nwalk = \"stay\"\n"
        "[[turnstile]]\nname = \"net\"\ntcp = \"127.0.0.1:0\"\nwalk = \"stay\"");
    const auto net = bench.address("net");
    const auto rtu = "mbpoll -m rtu -b 9600 -P none -a 1 -1 -o 2 " + bench.address("rtu");
    const auto tcp = "mbpoll -m tcp -a 1 -1 -o 2 -p " + net.substr(net.rfind(':') + 1) + " 127.0.0.1";
    for (const auto& [device, master] : {std::pair{"rtu", rtu}, std::pair{"net", tcp}}) {
        CHECK(beside(bench, master + " -t 0 -r 1 1").find("Written 1 references") != std::string::npos);
        CHECK(bench.ask({{"device", device}, {"do", "state"}}).at("coil_entry").as_bool());
        const auto coils = beside(bench, master + " -t 0 -r 1 -c 2");
        CHECK(coils.find("[1]: \t1") != std::string::npos);
        CHECK(coils.find("[2]: \t0") != std::string::npos);
        bench.ask({{"device", device}, {"do", "input"}, {"input", "fire"}});
        CHECK(beside(bench, master + " -t 1 -r 4 -c 1").find("[4]: \t1") != std::string::npos);
        CHECK(beside(bench, master + " -t 1 -r 300 -c 1").find("Illegal data address") != std::string::npos);
    }
}
