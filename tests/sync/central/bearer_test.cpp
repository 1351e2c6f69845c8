#include "sync/central/bearer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::central;

namespace {

constexpr MacKey bearer_key{1, 2, 3};
constexpr WallTime now{1'800'000'000'000};

Catalogue with_people() {
    Catalogue catalogue;
    catalogue.operators = {{OperatorName{"a.b-c"}, {Role::manager}, "$argon2id$one"},
                           {OperatorName{"li"}, {Role::clerk}, ""}};
    return catalogue;
}

}  // namespace

TEST_CASE("a bearer token names its operator until it expires") {
    const auto catalogue = with_people();
    const auto token = issue_bearer(bearer_key, catalogue.operators[0], now);
    CHECK(token.expires.value == now.value + 12 * 3'600'000);
    CHECK(check_bearer(bearer_key, catalogue, token.text, now) == &catalogue.operators[0]);
    CHECK(check_bearer(bearer_key, catalogue, token.text, WallTime{token.expires.value - 1}) != nullptr);
    CHECK(check_bearer(bearer_key, catalogue, token.text, token.expires) == nullptr);
}

TEST_CASE("a new PIN, another key and a removed operator each end a token") {
    auto catalogue = with_people();
    const auto token = issue_bearer(bearer_key, catalogue.operators[0], now);
    CHECK(check_bearer(MacKey{9}, catalogue, token.text, now) == nullptr);
    catalogue.operators[0].pin_hash = "$argon2id$two";
    CHECK(check_bearer(bearer_key, catalogue, token.text, now) == nullptr);
    catalogue.operators.erase(catalogue.operators.begin());
    CHECK(check_bearer(bearer_key, catalogue, token.text, now) == nullptr);
}

TEST_CASE("no change to a token is accepted") {
    const auto catalogue = with_people();
    const auto token = issue_bearer(bearer_key, catalogue.operators[0], now).text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto other = token;
        other[i] = other[i] == 'a' ? 'b' : 'a';
        CHECK(check_bearer(bearer_key, catalogue, other, now) == nullptr);
        CHECK(check_bearer(bearer_key, catalogue, std::string_view{token}.substr(0, i), now) == nullptr);
    }
    for (const auto* text : {"", "g1.", "g1..", "g1.x", "g1.li.1.00"})
        CHECK_FALSE(check_bearer(bearer_key, catalogue, text, now));
}
