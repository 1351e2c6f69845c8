#include "sync/central/config.hpp"

#include <doctest/doctest.h>

using namespace gatehouse::central;

namespace {

constexpr std::string_view sound = R"([server]
listen = "0.0.0.0:8443"
data_dir = "/var/lib/gatehouse-central"
[venue]
name = "湖心岛"
time_zone = "Asia/Shanghai"
currency = "CNY"
business_day_cutover = "04:00"
[api]
listen = "127.0.0.1:8450"
)";

std::vector<std::string> faults_of(std::string_view text) {
    std::vector<std::string> lines;
    for (const auto& fault : parse_settings(text, "c.toml").faults) lines.push_back(to_string(fault));
    return lines;
}

std::string with(std::string_view from, std::string_view to) {
    std::string text{sound};
    text.replace(text.find(from), from.size(), to);
    return text;
}

}  // namespace

TEST_CASE("central's configuration is read whole, with its defaults") {
    const auto loaded = parse_settings(sound, "c.toml");
    CHECK(loaded.faults.empty());
    CHECK(loaded.settings.listen == Endpoint{"0.0.0.0", 8443});
    CHECK(loaded.settings.database == "/var/lib/gatehouse-central/central.db");
    CHECK(loaded.settings.cutover == std::chrono::hours{4});
    CHECK(loaded.settings.venue_name == "湖心岛");
}

TEST_CASE("the configuration as printed reads back to the same") {
    auto settings = parse_settings(sound, "c.toml").settings;
    settings.venue_name = "a \"quoted\"\nname\\";
    settings.api_hosts = {"box.example"};
    const auto again = parse_settings(print_settings(settings), "again");
    CHECK(again.faults.empty());
    CHECK(again.settings == settings);
}

TEST_CASE("an unknown key is a fault with its place and the nearest one that exists") {
    CHECK(faults_of(with("data_dir", "data_dri")) ==
          std::vector<std::string>{"c.toml:1:1: server.data_dir is missing",
                                   "c.toml:3:1: server.data_dri is not a setting; did you mean server.data_dir?"});
    CHECK(faults_of(with("[api]", "[apj]")) ==
          std::vector<std::string>{"c.toml:9:2: apj is not a setting; did you mean api?"});
}

TEST_CASE("every fault of a configuration is found in one go") {
    const auto faults = faults_of(
        "[server]\nlisten = 7\n[venue]\nname = \"\"\ntime_zone = \"Mars/Base\"\n"
        "currency = \"yuan\"\nbusiness_day_cutover = 25\n[api]\ntls = \"yes\"\n");
    REQUIRE(faults.size() == 7);
    CHECK(faults[0] == "c.toml:1:1: server.data_dir is missing");
    CHECK(faults[1] == "c.toml:2:10: server.listen must be a text");
    CHECK(faults[2].starts_with("c.toml:4:8: venue.name"));
    CHECK(faults[3].starts_with("c.toml:5:13: venue.time_zone"));
    CHECK(faults[4].starts_with("c.toml:6:12: venue.currency"));
    CHECK(faults[5].starts_with("c.toml:7:24: venue.business_day_cutover"));
    CHECK(faults[6] == "c.toml:9:7: api.tls must be true or false");
}

TEST_CASE("a listen address other than the loopback needs tls") {
    CHECK(faults_of(with("127.0.0.1:8450", "0.0.0.0:8450")) ==
          std::vector<std::string>{"c.toml:10:10: api.listen is not on the loopback: set api.tls = true"});
    CHECK(faults_of(with("\"127.0.0.1:8450\"", "\"0.0.0.0:8450\"\ntls = true")).empty());
}

TEST_CASE("PostgreSQL is named as not in this release") {
    const auto faults = faults_of(std::string{sound} + "[store]\nurl = \"postgresql://db/central\"\n");
    REQUIRE(faults.size() == 1);
    CHECK(faults[0] == "c.toml:12:7: store.url names PostgreSQL, which is not in this release; use sqlite:///PATH");
    CHECK(parse_settings(std::string{sound} + "[store]\nurl = \"sqlite:///srv/c.db\"\n", "c").settings.database ==
          "/srv/c.db");
}

TEST_CASE("what is no TOML is a fault at its place, and nothing more") {
    const auto faults = faults_of("[server]\nlisten = = 3\n");
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].starts_with("c.toml:2:"));
}

TEST_CASE("endpoints have one host and one port") {
    CHECK(parse_endpoint("[::1]:80") == Endpoint{"::1", 80});
    CHECK(to_string(Endpoint{"::1", 80}) == "[::1]:80");
    for (const auto* text : {"", ":80", "host", "host:", "host:65536", "host:8x", "a:b:80", "[]:80"})
        CHECK_FALSE(parse_endpoint(text));
}
