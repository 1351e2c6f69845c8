#include <doctest/doctest.h>

#include "edge/config/checks.hpp"
#include "edge/config/reader.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

std::string faults_of(const std::string& text) {
    std::string out;
    for (const ConfigFault& fault : read_documents({{"edge.toml", text}}).faults)
        out += told(fault, Language::en) + "\n";
    return out;
}

const std::string least = "[node]\nname = \"gate-a\"\ndata_dir = \"/var/lib/gatehouse\"\n";

const std::string whole = least + R"(
[central]
urls = ["wss://central-1:8443/sync", "wss://[::1]:8443/sync"]
[peers]
listen = "0.0.0.0:8442"
static = ["10.0.0.12:8442"]
[api]
listen = "127.0.0.1:0"
socket = "/run/gatehouse/api.sock"
[[device]]
name = "scan-1"
driver = "line"
port = "/dev/gatehouse/scanner-1"
suffix = "cr"
[[device]]
name = "turn-1"
driver = "modbus"
tcp = "10.0.0.20:502"
[[device]]
name = "printer-1"
driver = "escpos"
tcp = "10.0.0.30:9100"
[[lane]]
name = "lane-1"
gate = "south"
zone = "park"
direction = "both"
scanners = ["scan-1"]
turnstile = "turn-1"
[[window]]
name = "window-1"
printer = "printer-1"
)";

}  // namespace

TEST_CASE("of a file that is no TOML only that is told, and where, whatever another file says") {
    CHECK(faults_of("[node]\nname = \"gate-a\n").starts_with("edge.toml:2:15: not TOML: "));
    CHECK(read_documents({{"edge.toml", "[node\n"}}).faults.size() == 1);
    const auto beside = read_documents({{"edge.toml", least}, {"conf.d/10.toml", "[[lane]\n"}}).faults;
    REQUIRE(beside.size() == 1);
    CHECK(beside.front().where.file == "conf.d/10.toml");
    CHECK(beside.front().what.text == FaultText::no_toml);
    // What another file does say wrongly is still told.
    CHECK(read_documents({{"edge.toml", "[node\n"}, {"conf.d/10.toml", "[api]\nport = 1\n"}}).faults.size() == 2);
}

TEST_CASE("the least configuration needs a name and a data directory, and has the defaults of the contract") {
    const Loaded loaded = read_documents({{"edge.toml", least}});
    CHECK(loaded.faults.empty());
    CHECK(loaded.settings.api.listen == "127.0.0.1:8440");
    CHECK(api_socket(loaded.settings) == "/var/lib/gatehouse/api.sock");
}

TEST_CASE("a whole configuration is read, and what is printed reads back as the same") {
    const Loaded loaded = read_documents({{"edge.toml", whole}});
    for (const ConfigFault& fault : loaded.faults) FAIL_CHECK(told(fault, Language::en));
    CHECK(loaded.settings.lanes.at(0).direction == LaneDirection::both);
    CHECK(loaded.settings.devices.size() == 3);
    const std::string text = printed(loaded.settings);
    const Loaded again = read_documents({{"edge.toml", text}});
    for (const ConfigFault& fault : again.faults) FAIL_CHECK(told(fault, Language::en));
    CHECK(printed(again.settings) == text);
}

TEST_CASE("every fault is told with its file, line and column") {
    CHECK(faults_of("[node]\nname = \"Gate A\"\ndata_dir = 7\n") ==
          "edge.toml:1:1: node.name is missing\n"
          "edge.toml:1:1: node.data_dir is missing\n"
          "edge.toml:2:8: node.name must be a name: a-z or 0-9, then up to 31 of a-z 0-9 . _ -\n"
          "edge.toml:3:12: node.data_dir must be a text, in quotes\n");
}

TEST_CASE("an unknown key is told with the nearest one that exists") {
    CHECK(faults_of(least + "[api]\nlistem = \"127.0.0.1:1\"\n") ==
          "edge.toml:5:1: unknown key 'api.listem'; did you mean 'api.listen'?\n");
    CHECK(faults_of(least + "[pears]\n") == "edge.toml:4:2: unknown key 'pears'; did you mean 'peers'?\n");
}

TEST_CASE("settings of capabilities that do not exist yet are unknown") {
    CHECK(faults_of(least + "[power]\nnut = \"ups@127.0.0.1:3493\"\n") == "edge.toml:4:2: unknown key 'power'\n");
    CHECK(faults_of(least + "[peers]\ndiscover = true\n") ==
          "edge.toml:5:1: unknown key 'peers.discover'; did you mean 'peers.discovery'?\n");
}

TEST_CASE("a listen address beyond this machine needs tls") {
    CHECK(faults_of(least + "[api]\nlisten = \"0.0.0.0:8440\"\n") ==
          "edge.toml:5:10: api.listen is beyond this machine's loopback: set api.tls = true\n");
    CHECK(faults_of(least + "[api]\nlisten = \"0.0.0.0:8440\"\ntls = true\n").empty());
}

TEST_CASE("a lane's devices exist, are of the right family and serve one lane") {
    const std::string lane = "[[lane]]\nname = \"lane-2\"\ngate = \"g\"\nzone = \"z\"\n";
    CHECK(faults_of(whole + lane + "scanners = [\"scan-9\"]\n") ==
          "edge.toml:36:1: there is no [[device]] named 'scan-9'\n");
    CHECK(faults_of(whole + lane + "turnstile = \"printer-1\"\n") ==
          "edge.toml:36:1: device 'printer-1' has the driver escpos, which is no turnstile\n");
    CHECK(faults_of(whole + lane + "scanners = [\"scan-1\"]\n") ==
          "edge.toml:36:1: device 'scan-1' serves a lane or window already\n");
    CHECK(faults_of(whole + "[[window]]\nname = \"window-9\"\nscanners = [\"scan-1\"]\n")
              .ends_with(": device 'scan-1' serves a lane or window already\n"));
}

TEST_CASE("what the driver does not take is told at the setting") {
    const std::string faults =
        faults_of(least + "[[device]]\nname = \"s\"\ndriver = \"line\"\nprot = \"/dev/ttyS0\"\n");
    CHECK(faults.find("edge.toml:7:8: ") != std::string::npos);
}

TEST_CASE("a drop-in replaces values and adds tables") {
    const Loaded loaded =
        read_documents({{"edge.toml", whole},
                        {"conf.d/10.toml", "[api]\nlisten = \"127.0.0.1:9000\"\n[[window]]\nname = \"window-2\"\n"}});
    CHECK(loaded.faults.empty());
    CHECK(loaded.settings.api.listen == "127.0.0.1:9000");
    CHECK(loaded.settings.api.socket == "/run/gatehouse/api.sock");
    CHECK(loaded.settings.windows.size() == 2);
}

TEST_CASE("a syntax error is one fault at its place") {
    const std::string faults = faults_of("[node\n");
    CHECK(faults.starts_with("edge.toml:1:"));
}

TEST_CASE("a file one octet too large is refused") {
    CHECK(faults_of(std::string(largest_config_file + 1, '#')).find("larger than") != std::string::npos);
    CHECK(faults_of(least + std::string(largest_config_file - least.size(), '#')).empty());
}

TEST_CASE("addresses") {
    CHECK(is_host_port("10.0.0.1:8442"));
    CHECK(is_host_port("[::1]:8442"));
    CHECK_FALSE(is_host_port("::1:8442"));
    CHECK_FALSE(is_host_port("host:65536"));
    CHECK_FALSE(is_host_port("host:"));
    CHECK(is_sync_url("wss://central:8443/sync"));
    CHECK_FALSE(is_sync_url("https://central:8443/sync"));
    CHECK(is_loopback("[::1]:1"));
    CHECK_FALSE(is_loopback("10.0.0.1:1"));
    CHECK(is_loopback("127.9.0.1:1"));
    CHECK_FALSE(is_loopback("127.something.example:1"));
    CHECK_FALSE(is_loopback("127.0.0.1.example:1"));
}
