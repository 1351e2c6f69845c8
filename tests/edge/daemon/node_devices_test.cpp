#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "drivers/link/feed_codec.hpp"
#include "drivers/printer/fgl_codec.hpp"
#include "tests/edge/daemon/test_venue.hpp"

using namespace gatehouse;
using namespace gatehouse::test;
using boost::json::object;

namespace {

// The wire of a device that this test holds the other end of.
class DeviceWire {
public:
    DeviceWire() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        REQUIRE(::grantpt(master_) == 0);
        REQUIRE(::unlockpt(master_) == 0);
    }
    DeviceWire(const DeviceWire&) = delete;
    DeviceWire& operator=(const DeviceWire&) = delete;
    ~DeviceWire() { pull(); }
    [[nodiscard]] std::string name() const { return ::ptsname(master_); }
    void type(std::string_view code) const { REQUIRE(::write(master_, code.data(), code.size()) > 0); }
    void pull() {
        if (master_ >= 0) ::close(std::exchange(master_, -1));
    }

private:
    int master_;
};

object device_of(Browser& browser) {
    return browser.get("/api/v1/status").body.at("devices").as_array().at(0).as_object();
}

// The device as soon as it is as wanted; as it is after ten seconds otherwise.
object device_when(Browser& browser, const std::function<bool(const object&)>& wanted) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    auto device = device_of(browser);
    while (!wanted(device) && std::chrono::steady_clock::now() < end) device = device_of(browser);
    return device;
}

}  // namespace

TEST_CASE("a device's state, counters and trouble are told, it is tested and recorded, by those who may") {
    TestVenue venue;
    DeviceWire wire;
    auto settings = venue.add_node("gate");
    settings.devices.push_back({DeviceName{"scan-1"}, "line", {{"port", wire.name(), {}}}, {}});
    settings.lanes.front().scanners = {DeviceName{"scan-1"}};
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    browser.login("zhao", "1234");
    const auto state_is = [](const char* state) {
        return [state](const object& device) { return device.at("state").as_string() == state; };
    };
    CHECK(device_when(browser, state_is("online")).at("trouble").is_null());

    const HttpAnswer tested = browser.post("/api/v1/devices/scan-1/test", object{});
    REQUIRE_MESSAGE(tested.status == 200, boost::json::serialize(tested.body));
    CHECK(tested.text("outcome") == "shown");
    CHECK(browser.post("/api/v1/devices/scan-2/test", object{}).status == 404);
    const HttpAnswer recorded = browser.post("/api/v1/devices/scan-1/record", object{});
    REQUIRE_MESSAGE(recorded.status == 200, boost::json::serialize(recorded.body));
    const auto file = recorded.text("file");
    CHECK_FALSE(recorded.body.as_object().contains("running"));
    const auto recording = device_of(browser).at("recording").as_object();
    CHECK(recording.at("file").as_string() == file);
    CHECK(recording.at("since").is_string());
    CHECK(recording.at("octets").to_number<int>() > 0);
    const HttpAnswer again = browser.post("/api/v1/devices/scan-1/record", object{});
    CHECK(again.text("file") == file);  // it goes on, also for who comes later
    CHECK(again.body.at("running").as_bool());
    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);

    wire.type("HELLO\r");
    const auto counted = device_when(
        browser, [](const object& device) { return device.at("answers").at("count").to_number<int>() == 1; });
    CHECK(counted.at("counters").at("scans").to_number<int>() == 1);
    CHECK(counted.at("counters").at("opened").to_number<int>() == 1);
    CHECK(device_of(browser).at("recording").at("octets").to_number<int>() > recording.at("octets").to_number<int>());
    CHECK(browser.post("/api/v1/devices/scan-1/record", object{{"on", false}}).text("file") == file);
    CHECK(device_of(browser).at("recording").is_null());
    CHECK(browser.post("/api/v1/devices/scan-1/record", object{{"on", false}}).body ==
          boost::json::value(object{{"device", "scan-1"}}));
    CHECK(std::filesystem::file_size(file) > 60);

    wire.pull();
    const auto lost = device_when(browser, state_is("offline"));
    CHECK(lost.at("counters").at("lost").to_number<int>() == 1);
    const auto gone = device_when(browser, [](const object& device) { return device.at("trouble") == "absent"; });
    CHECK(gone.at("trouble").as_string() == "absent");
    // Since when it is off does not move with every try to open it.
    CHECK(lost.at("last_error_at").is_string());
    CHECK(gone.at("last_error_at") == lost.at("last_error_at"));
    CHECK(browser.post("/api/v1/devices/scan-1/test", object{}).status == 503);

    browser.login("li", "1234");
    CHECK(browser.post("/api/v1/devices/scan-1/test", object{}).text("code") == "forbidden");
}

TEST_CASE("a turnstile's own alarm is its trouble and its lane's while it lasts, and is counted") {
    TestVenue venue;
    DeviceWire wire;
    auto settings = venue.add_node("gate");
    const drivers::NumberTable lines{{"open_entry", 4}, {"passed_entry", 5}, {"alarm", 6}};
    settings.devices.push_back({DeviceName{"turn-1"}, "gpio", {{"chip", wire.name(), {}}, {"lines", lines, {}}}, {}});
    settings.lanes.front().turnstile = DeviceName{"turn-1"};
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    browser.login("zhao", "1234");
    const auto level = [&](std::uint16_t line, bool active) {
        const auto bytes = drivers::encode(drivers::LineLevel{line, active});
        wire.type({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    };
    const auto lane = [&] { return browser.get("/api/v1/status").body.at("lanes").as_array().at(0).as_object(); };
    const auto online = [](const object& device) { return device.at("state") == "online"; };
    level(5, false);
    level(6, false);
    CHECK(online(device_when(browser, online)));
    CHECK_FALSE(lane().contains("trouble"));

    level(6, true);
    const auto alarmed = device_when(browser, [](const object& device) { return device.at("trouble") == "alarm"; });
    CHECK(alarmed.at("state") == "fault");
    CHECK(alarmed.at("counters").at("alarms").to_number<int>() == 1);
    CHECK(eventually([&] { return lane().contains("trouble") && lane().at("trouble") == "alarm"; }));
    CHECK(lane().at("state") == "idle");

    level(6, false);
    const auto over = device_when(browser, online);
    CHECK(over.at("trouble").is_null());
    CHECK(over.at("last_trouble") == "alarm");
    CHECK(eventually([&] { return !lane().contains("trouble"); }));
}

TEST_CASE("a printer with little paper left works, and is told before the roll ends") {
    TestVenue venue;
    DeviceWire wire;
    auto settings = venue.add_node("booth");
    settings.devices.push_back({DeviceName{"printer-1"}, "fgl", {{"port", wire.name(), {}}}, {}});
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    browser.login("zhao", "1234");
    const auto says = [&](drivers::FglStatus status) { wire.type(std::string(1, static_cast<char>(status))); };
    // It is asked again and again, and given up without an answer: it says so until the node shows it.
    const auto told = [&](drivers::FglStatus status, const char* state, const boost::json::value& trouble) {
        const auto device = device_when(browser, [&](const object& now) {
            if (now.at("state") == state && now.at("trouble") == trouble) return true;
            says(status);
            return false;
        });
        REQUIRE(device.at("state") == state);
        REQUIRE(device.at("trouble") == trouble);
        return device;
    };
    CHECK(told(drivers::FglStatus::ready, "online", nullptr).at("last_trouble").is_null());
    CHECK(told(drivers::FglStatus::paper_low, "online", "paper_low").at("last_trouble") == "paper_low");
    (void)told(drivers::FglStatus::paper_out, "fault", "paper_out");
    CHECK(told(drivers::FglStatus::ready, "online", nullptr).at("last_trouble") == "paper_out");

    // Who follows is told of the trouble, though the state stays.
    std::vector<std::string> events;
    const sync::HttpFields fields{{"Authorization", "Bearer " + browser.token}, {"Last-Event-ID", "another-run-1"}};
    const auto followed =
        client_of(node->api_address()).events("/api/v1/events", fields, [&](const sync::ServerSentEvent& event) {
            if (event.event != "device") return true;
            const auto body = boost::json::parse(event.data);
            events.push_back(std::string{body.at("state").as_string()} + ' ' +
                             std::string{body.at("trouble").as_string()});
            return events.back() != "fault paper_out";
        });
    REQUIRE(followed.has_value());
    CHECK(std::ranges::count(events, "online paper_low") == 1);
}
