#include "sync/central/config.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/scratch_directory.hpp"

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

std::vector<std::string> faults_of(std::string_view text, gatehouse::Language language = gatehouse::Language::en) {
    std::vector<std::string> lines;
    for (const auto& fault : parse_settings(text, "c.toml").faults) lines.push_back(told(fault, language));
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
                                   "c.toml:3:1: unknown key 'server.data_dri'; did you mean 'server.data_dir'?"});
    CHECK(faults_of(with("[api]", "[apj]")) ==
          std::vector<std::string>{"c.toml:9:2: unknown key 'apj'; did you mean 'api'?"});
}

TEST_CASE("every fault of a configuration is found in one go") {
    const auto faults = faults_of(
        "[server]\nlisten = 7\n[venue]\nname = \"\"\ntime_zone = \"Mars/Base\"\n"
        "currency = \"yuan\"\nbusiness_day_cutover = 25\n[api]\ntls = \"yes\"\n");
    REQUIRE(faults.size() == 7);
    CHECK(faults[0] == "c.toml:1:1: server.data_dir is missing");
    CHECK(faults[1] == "c.toml:2:10: server.listen must be a text, in quotes");
    CHECK(faults[2].starts_with("c.toml:4:8: venue.name"));
    CHECK(faults[3].starts_with("c.toml:5:13: venue.time_zone"));
    CHECK(faults[4].starts_with("c.toml:6:12: venue.currency"));
    CHECK(faults[5].starts_with("c.toml:7:24: venue.business_day_cutover"));
    CHECK(faults[6] == "c.toml:9:7: api.tls must be true or false, without quotes");
}

TEST_CASE("a listen address other than the loopback needs tls") {
    CHECK(faults_of(with("127.0.0.1:8450", "0.0.0.0:8450")) ==
          std::vector<std::string>{"c.toml:10:10: api.listen is beyond this machine's loopback: set api.tls = true"});
    CHECK(faults_of(with("\"127.0.0.1:8450\"", "\"0.0.0.0:8450\"\ntls = true")).empty());
    CHECK(faults_of(with("127.0.0.1:8450", "127.9.0.1:8450")).empty());
    CHECK(faults_of(with("127.0.0.1:8450", "127.something.example:8450")).size() == 1);
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

TEST_CASE("each fault of central's configuration is told at its place, in Chinese and in English") {
    struct Case {
        std::string text;
        std::string zh;
        std::string en;
    };
    const std::string store = std::string{sound} + "[store]\nurl = ";
    const std::vector<Case> cases{
        {with("\"/var/lib/gatehouse-central\"", "\"data\""), "c.toml:3:12: server.data_dir 须是绝对路径，以 / 开头",
         "c.toml:3:12: server.data_dir must be an absolute path"},
        {store + "\"postgresql://db/central\"\n",
         "c.toml:12:7: store.url 写的是 PostgreSQL，本版本还不支持；请用 sqlite:///路径",
         "c.toml:12:7: store.url names PostgreSQL, which is not in this release; use sqlite:///PATH"},
        {store + "\"central.db\"\n",
         "c.toml:12:7: store.url 须是 sqlite:// 加绝对路径，如 sqlite:///var/lib/gatehouse-central/central.db",
         "c.toml:12:7: store.url must be sqlite:// and an absolute path, as "
         "sqlite:///var/lib/gatehouse-central/central.db"},
        {with("\"湖心岛\"", "\"\""), "c.toml:5:8: venue.name 的长度须为 1 到 200 字节",
         "c.toml:5:8: venue.name must have 1 to 200 octets"},
        {with("Asia/Shanghai", "Mars/Base"),
         "c.toml:6:13: venue.time_zone 不是本系统有的 IANA 时区；例如 \"Asia/Shanghai\"",
         "c.toml:6:13: venue.time_zone is no IANA time zone of this system, as \"Asia/Shanghai\" is"},
        {with("CNY", "yuan"), "c.toml:7:12: venue.currency 须是 ISO 4217 货币代码，如 \"CNY\"",
         "c.toml:7:12: venue.currency must be an ISO 4217 code, as \"CNY\" is"},
        {with("04:00", "24:00"), "c.toml:8:24: venue.business_day_cutover 须是一天中的时刻，如 \"04:00\"",
         "c.toml:8:24: venue.business_day_cutover must be a time of day, as \"04:00\""},
        {with("\"127.0.0.1:8450\"", "\"here\""), "c.toml:10:10: api.listen 须是 \"地址:端口\"，如 \"127.0.0.1:8440\"",
         "c.toml:10:10: api.listen must be \"HOST:PORT\", as in \"127.0.0.1:8440\""},
        {with("127.0.0.1:8450", "0.0.0.0:8450"), "c.toml:10:10: api.listen 可从别的机器访问：须设 api.tls = true",
         "c.toml:10:10: api.listen is beyond this machine's loopback: set api.tls = true"},
        {std::string{sound} + "hosts = [7]\n", "c.toml:11:9: api.hosts 须是文本列表，如 [\"…\", \"…\"]",
         "c.toml:11:9: api.hosts must be a list of texts, as [\"…\", \"…\"]"},
        {std::string{sound} + "tls = 1\n", "c.toml:11:7: api.tls 须是 true（是）或 false（否），不加引号",
         "c.toml:11:7: api.tls must be true or false, without quotes"},
        {with("\"CNY\"", "156"), "c.toml:7:12: venue.currency 须是文本，写在引号里",
         "c.toml:7:12: venue.currency must be a text, in quotes"},
        {with("currency = \"CNY\"\n", ""), "c.toml:4:1: 缺少 venue.currency", "c.toml:4:1: venue.currency is missing"},
        {with("[api]", "[[api]]"), "c.toml:9:1: api 须写成一节：[api]", "c.toml:9:1: api must be a table: [api]"},
        {with("[api]", "[apj]"), "c.toml:9:2: 没有 'apj' 这个设置项；是不是 'api'？",
         "c.toml:9:2: unknown key 'apj'; did you mean 'api'?"},
        {std::string{sound} + "[power]\n", "c.toml:11:2: 没有 'power' 这个设置项", "c.toml:11:2: unknown key 'power'"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const auto zh = faults_of(one.text, gatehouse::Language::zh);
        const auto en = faults_of(one.text);
        REQUIRE_FALSE(zh.empty());
        CHECK(zh.front() == one.zh);
        CHECK(en.front() == one.en);
    }
    const auto syntax = faults_of("[server]\nlisten = = 3\n", gatehouse::Language::zh);
    REQUIRE(syntax.size() == 1);
    CHECK(syntax.front().find(": 不是合法的 TOML，请检查这里的写法（技术说明：") != std::string::npos);
}

TEST_CASE("a file of central that is not there, or is too large to be one, is told at its beginning") {
    const auto absent = load_settings("/nonexistent/central.toml").faults;
    REQUIRE(absent.size() == 1);
    CHECK(absent.front().what.text == gatehouse::FaultText::file_unreadable);
    CHECK(told(absent.front(), gatehouse::Language::zh) ==
          "/nonexistent/central.toml:1:1: 读不到这个文件：文件不存在，或当前用户无权读取");
    const gatehouse::test::ScratchDirectory scratch;
    const auto file = scratch.path() / "central.toml";
    std::ofstream{file} << std::string((1U << 20U) + 1, '#');
    const auto large = load_settings(file).faults;
    REQUIRE(large.size() == 1);
    CHECK(told(large.front(), gatehouse::Language::zh).ends_with(":1:1: 文件超过 1048576 字节，配置文件不能这么大"));
    CHECK(told(large.front(), gatehouse::Language::en)
              .ends_with(":1:1: the file is larger than a configuration may be (1048576 octets)"));
}
