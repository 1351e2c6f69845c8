#include "sync/web/browser_session.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::sync;

namespace {

constexpr std::string_view booth_cookie = "gatehouse_booth";
constexpr MacKey cookie_key{1, 2, 3};

HttpRequest with_field(std::string name, std::string value) {
    HttpRequest request;
    request.fields.push_back({std::move(name), std::move(value)});
    return request;
}

}  // namespace

TEST_CASE("a session's cookie is for our calls only, and no script reads it") {
    CHECK(session_cookie(booth_cookie, "g1.li.1.ab", false) ==
          "gatehouse_booth=g1.li.1.ab; Path=/api/v1; HttpOnly; SameSite=Strict");
    CHECK(session_cookie(booth_cookie, "g1.li.1.ab", true).ends_with("; Secure"));
    CHECK(session_cookie(booth_cookie, "", false).ends_with("; Max-Age=0"));
}

TEST_CASE("a server finds its own cookie among those of other servers of the machine") {
    CHECK(session_token(with_field("Cookie", "gatehouse_gate=a; gatehouse_booth=b"), booth_cookie) == "b");
    CHECK(session_token(with_field("Cookie", "gatehouse_booth2=a"), booth_cookie) == std::nullopt);
    CHECK(session_token(with_field("Cookie", ";;  ;"), booth_cookie) == std::nullopt);
    CHECK(session_token({}, booth_cookie) == std::nullopt);
}

TEST_CASE("a page's token holds for its own session and key only") {
    const auto token = csrf_token(cookie_key, "g1.li.1.ab");
    CHECK(csrf_holds(with_field("X-CSRF-Token", token), cookie_key, "g1.li.1.ab"));
    CHECK_FALSE(csrf_holds(with_field("X-CSRF-Token", token), cookie_key, "g1.li.2.ab"));
    CHECK_FALSE(csrf_holds(with_field("X-CSRF-Token", token), MacKey{}, "g1.li.1.ab"));
    CHECK_FALSE(csrf_holds(with_field("X-CSRF-Token", token.substr(1)), cookie_key, "g1.li.1.ab"));
    CHECK_FALSE(csrf_holds({}, cookie_key, "g1.li.1.ab"));
}
