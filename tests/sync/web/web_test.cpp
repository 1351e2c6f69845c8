#include <doctest/doctest.h>

#include "sync/web/hosts.hpp"
#include "sync/web/path_match.hpp"
#include "sync/web/problem.hpp"

using namespace gatehouse;
using namespace gatehouse::sync;

namespace {

HttpRequest request(std::string host, std::string origin = {}) {
    HttpRequest r;
    r.authority = std::move(host);
    if (!origin.empty()) r.fields.push_back({"Origin", std::move(origin)});
    return r;
}

}  // namespace

TEST_CASE("a browser may use the loopback's names and those that are listed, no others") {
    const KnownHosts hosts{"10.0.0.9:8450", {"box.example"}};
    CHECK(hosts.allow(request("localhost:8450")));
    CHECK(hosts.allow(request("[::1]:8450")));
    CHECK(hosts.allow(request("10.0.0.9:8450")));
    CHECK(hosts.allow(request("BOX.example")));
    CHECK_FALSE(hosts.allow(request("evil.example")));
    CHECK_FALSE(hosts.allow(request("")));
    CHECK(hosts.allow(request("localhost", "https://box.example:1")));
    CHECK_FALSE(hosts.allow(request("localhost", "https://evil.example")));
    CHECK_FALSE(hosts.allow(request("localhost", "null")));
}

TEST_CASE("paths are matched by their segments") {
    using Parts = std::optional<std::vector<std::string>>;
    CHECK(match_path("/a/b", "/a/b") == Parts{std::vector<std::string>{}});
    CHECK(match_path("/nodes/{}/revoke", "/nodes/7/revoke") == Parts{std::vector<std::string>{"7"}});
    CHECK_FALSE(match_path("/nodes/{}", "/nodes/"));
    CHECK_FALSE(match_path("/nodes/{}", "/nodes/7/x"));
    CHECK_FALSE(match_path("/a", "/a/"));
    CHECK_FALSE(match_path("/a/b", "/a"));
}

TEST_CASE("a problem says its stable code, and when to come back") {
    Error error = fail(ErrorCode::locked_out, "too many wrong PINs");
    error.retry_after_s = 4;
    const auto response = problem(error);
    CHECK(response.status == 429);
    CHECK(response.field("Retry-After") == "4");
    CHECK(response.field("Content-Type") == "application/problem+json");
    CHECK(response.body == R"({"type":"about:blank","title":"Too Many Requests","status":429,"code":"locked_out",)"
                           R"("detail":"too many wrong PINs","retry_after_s":4})");
    CHECK(problem(fail(ErrorCode::invalid_body, "lines[0].quantity: no"))
              .body.ends_with(R"("path":"lines[0].quantity"})"));
    CHECK(problem(fail(ErrorCode::invalid_body, "id")).body.ends_with(R"("path":"id"})"));
    CHECK(problem(fail(ErrorCode::invalid_body, "not JSON: 1:2")).body.ends_with(R"("detail":"not JSON: 1:2"})"));
    CHECK(problem(fail(ErrorCode::invalid_body, "")).body.ends_with(R"("detail":""})"));
    CHECK(problem(fail_at("sessions.s-1.capacity", Why::range, "no"))
              .body.ends_with(R"("path":"sessions.s-1.capacity","reason":"range"})"));
    CHECK(
        problem(fail(ErrorCode::no_units_left, Why::units_left, "{units} left", {{"units", "3"}}), {{"units_left", 3}})
            .body.ends_with(R"("units_left":3,"reason":"units_left","reason_values":{"units":"3"}})"));
}
