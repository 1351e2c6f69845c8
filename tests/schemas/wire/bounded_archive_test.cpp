#include <doctest/doctest.h>

#include "schemas/records/body.hpp"
#include "schemas/wire/codec.hpp"

using namespace gatehouse;

TEST_SUITE_BEGIN("schemas/wire");

TEST_CASE("a length of four thousand million is refused without allocating it") {
    const Bytes hostile{0xff, 0xff, 0xff, 0xff, 'x'};
    CHECK(wire::decode<StorageClosed>(hostile).error().code == ErrorCode::invalid_body);
    CHECK(wire::decode<Sale>(hostile).has_error());
}

TEST_CASE("a bool other than 0 and 1 is refused") {
    auto bytes = wire::encode(EmergencySet{true, ""});
    bytes.front() = 0x55;
    CHECK(wire::decode<EmergencySet>(bytes).error().detail == "a bool is neither 0 nor 1 at offset 1");
}

TEST_CASE("an enum past its last value is refused") {
    auto bytes = wire::encode(PrintResolved{});
    bytes[14] = 3;
    CHECK(wire::decode<PrintResolved>(bytes).has_error());
    bytes[14] = 2;
    CHECK(wire::decode<PrintResolved>(bytes).value().outcome == PrintOutcome::ask);
}

TEST_CASE("what is left over is refused") {
    auto bytes = wire::encode(StorageClosed{"stop"});
    bytes.push_back(0);
    CHECK(wire::decode<StorageClosed>(bytes).error().detail == "octets left over at offset 8");
}

TEST_CASE("a vector that claims many large elements costs no more than its bytes") {
    // One line takes at least 20 octets: a claim of 2^20 lines runs out of bytes long before memory.
    Bytes hostile = wire::encode(Sale{});
    CHECK(wire::decode<Sale>(hostile).has_value());
    hostile.resize(hostile.size() + 4096);
    CHECK(wire::decode<Sale>(hostile).has_error());
}

TEST_SUITE_END();
