// Somebody else's Modbus master against our emulated board: it finds what driver and emulator have in common.
#include <doctest/doctest.h>

#include "tests/drivers/emulator/third_parties.hpp"
#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/skipping.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::beside;
using test::is_installed;
using test::VenueBench;

TEST_CASE("mbpoll reads and writes the emulated board over RTU and TCP" * doctest::test_suite("with mbpoll")) {
    if (!is_installed("mbpoll")) {
        skip_test("Debian's mbpoll is not installed");
        return;
    }
    VenueBench bench(
        "[[turnstile]]\nname = \"rtu\"\nlink = \"turn\"\nwalk = \"stay\"\n"
        "[[turnstile]]\nname = \"net\"\ntcp = \"127.0.0.1:0\"\nwalk = \"stay\"");
    const auto net = bench.address("net");
    // What it complains of is looked for, too.
    const auto rtu = "exec 2>&1; mbpoll -m rtu -b 9600 -P none -a 1 -1 -o 2 " + bench.address("rtu");
    const auto tcp = "exec 2>&1; mbpoll -m tcp -a 1 -1 -o 2 -p " + net.substr(net.rfind(':') + 1) + " 127.0.0.1";
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
