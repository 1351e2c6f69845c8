// A whole central in this process: temporary directory, free ports of the loopback, a client that is logged in.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "sync/central/central.hpp"
#include "sync/central/init.hpp"
#include "sync/link/http_client.hpp"
#include "tests/support/result_printing.hpp"

namespace gatehouse::central::testing {

namespace json = boost::json;

class Folder {
public:
    Folder() {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("gatehouse-central-" + std::to_string(::getpid()) + '-' + std::to_string(++count));
        std::filesystem::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Answer {
    unsigned status = 0;
    json::value body;
    sync::HttpFields fields;
    std::string text;
    [[nodiscard]] const json::value& operator[](std::string_view key) const { return body.as_object().at(key); }
    [[nodiscard]] std::string code() const { return json::value_to<std::string>((*this)["code"]); }
    [[nodiscard]] std::string field(std::string_view name) const {
        return std::string{sync::find_field(fields, name).value_or("")};
    }
};

class TestCentral {
public:
    TestCentral() {
        settings.listen = {"127.0.0.1", 0};
        settings.api = {"127.0.0.1", 0};
        settings.data_dir = folder_.path() / "data";
        settings.database = settings.data_dir / "central.db";
        settings.venue_name = "湖心岛";
        settings.time_zone = "Asia/Shanghai";
        settings.currency = "CNY";
        settings.cutover = std::chrono::hours{4};
        const auto made = init_venue(settings);
        REQUIRE_MESSAGE(made, (made ? "" : made.error().detail));
        venue = *made;
        start();
    }
    void start() {
        auto started = Central::start(settings, [this] { broken = true; });
        REQUIRE_MESSAGE(started, (started ? "" : started.error().detail));
        central = std::move(*started);
        client.emplace(another_client());
    }
    [[nodiscard]] sync::HttpClient another_client() const {
        auto made = sync::HttpClient::make(
            {.url = "http://" + central->api_address(), .unix_socket = {}, .trust = sync::TrustSystem{}});
        REQUIRE(made);
        return std::move(*made);
    }
    void restart() {
        client.reset();
        central.reset();
        start();
    }
    Answer call(const std::string& method, const std::string& path, const json::value& body = nullptr,
                sync::HttpFields fields = {}) {
        return send(method, path, body.is_null() ? "" : json::serialize(body), "application/json", std::move(fields));
    }
    Answer send(const std::string& method, const std::string& path, std::string body, const std::string& type,
                sync::HttpFields fields = {}) {
        return send_by(*client, method, path, std::move(body), type, std::move(fields));
    }
    Answer send_by(sync::HttpClient& by, const std::string& method, const std::string& path, std::string body,
                   const std::string& type, sync::HttpFields fields = {}) const {
        if (!token.empty()) fields.push_back({"Authorization", "Bearer " + token});
        if (!body.empty()) fields.push_back({"Content-Type", type});
        const auto target = path.starts_with("/") ? path : "/api/v1/" + path;
        auto response = by.request(method, target, std::move(body), std::move(fields));
        REQUIRE_MESSAGE(response, (response ? "" : response.error().detail));
        boost::system::error_code not_json;
        return {response->status, json::parse(response->body, not_json), response->fields, response->body};
    }
    Answer login(const std::string& name, const std::string& pin) {
        token.clear();
        auto answer = call("POST", "login", {{"operator", name}, {"pin", pin}});
        if (answer.status == 200) token = json::value_to<std::string>(answer["token"]);
        return answer;
    }
    Answer login_admin() { return login("admin", venue.pin); }

    // Publishes the catalogue with these operators besides admin.
    Answer add_operators(const json::array& people) {
        const auto current = call("GET", "catalogue");
        auto body = current.body;
        for (const auto& person : people) body.as_object()["operators"].as_array().push_back(person);
        return call("PUT", "catalogue", body, {{"If-Match", current.field("etag")}});
    }

private:
    Folder folder_;

public:
    Settings settings;
    NewVenue venue;
    std::atomic<bool> broken{false};  // it wants to be started again, for recovery
    std::unique_ptr<Central> central;
    std::optional<sync::HttpClient> client;
    std::string token;
};

}  // namespace gatehouse::central::testing
