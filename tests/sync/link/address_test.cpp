#include "sync/link/address.hpp"

#include <doctest/doctest.h>

#include <array>

#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::sync;

TEST_CASE("An address is taken apart and put together again, with brackets round an IPv6 host") {
    CHECK(parse_address("gate-a:8443").value() == Address{"gate-a", "8443"});
    CHECK(parse_address("[::1]:0").value() == Address{"::1", "0"});
    CHECK(format_address("gate-a", 8443) == "gate-a:8443");
    CHECK(format_address("::1", 65535) == "[::1]:65535");
}

TEST_CASE("What is no address is refused") {
    constexpr std::array<std::string_view, 9> wrong{"",       "gate-a",   ":8443",       "gate-a:",     "gate-a:65536",
                                                    "::1:80", "a/b:8443", "u@host:8443", "gate-a:8443x"};
    for (const auto text : wrong) {
        CAPTURE(text);
        const auto parsed = parse_address(text);
        REQUIRE(!parsed);
        CHECK(parsed.error().code == ErrorCode::config);
    }
}
