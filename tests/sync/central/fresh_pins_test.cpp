#include "sync/central/fresh_pins.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::central;

namespace {

struct Hashes {
    FreshPins fresh;
    int made = 0;
    std::string hash(std::uint64_t expected, const char* name, const std::string& pin) {
        return fresh.hash(
            expected, OperatorName{name}, [&](const std::string& hash) { return hash.starts_with(pin + "/"); },
            [&] { return pin + "/" + std::to_string(++made); });
    }
};

}  // namespace

TEST_CASE("a PIN of a publication that comes again has the hash that it was given, any other a new one") {
    Hashes hashes;
    const auto first = hashes.hash(1, "wang", "1234");
    CHECK(hashes.hash(1, "wang", "1234") == first);
    CHECK(hashes.hash(1, "li", "1234") != first);
    CHECK(hashes.hash(2, "wang", "1234") != first);
    CHECK(hashes.hash(1, "wang", "4321") != first);
    CHECK(hashes.hash(1, "wang", "1234") == first);  // another publication in between takes nothing away
    CHECK(hashes.made == 4);
}

TEST_CASE("as many fresh PINs are kept as there is room for, the newest") {
    Hashes hashes;
    const auto first = hashes.hash(1, "wang", "0");
    for (std::size_t i = 1; i < FreshPins::most; ++i) hashes.hash(1, "wang", std::to_string(i));
    CHECK(hashes.hash(1, "wang", "0") == first);
    const auto last = hashes.hash(1, "wang", "one more");
    CHECK(hashes.hash(1, "wang", "0") != first);
    CHECK(hashes.hash(1, "wang", "one more") == last);
}
