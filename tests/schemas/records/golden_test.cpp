// Bytes of every record kind, as released: tests/golden/records/v1/KIND.hex. A difference is a change of format.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "schemas/records/codec.hpp"
#include "tests/support/record_samples.hpp"

using namespace gatehouse;

namespace {
std::string golden_path(Kind kind) {
    return std::string{GATEHOUSE_SOURCE_DIR} + "/tests/golden/records/v1/" + std::string{to_string(kind)} + ".hex";
}
std::string golden(Kind kind) {
    std::ifstream file{golden_path(kind)};
    std::string hex;
    std::getline(file, hex);
    return hex;
}
}  // namespace

TEST_SUITE_BEGIN("schemas/records");

TEST_CASE("every kind has a sample") {
    std::set<Kind> kinds;
    for (const auto& body : test::record_samples()) kinds.insert(kind_of(body));
    CHECK(kinds.size() == std::variant_size_v<Body> - 1);
}

TEST_CASE("the stored bytes of every record kind are the released ones") {
    for (const auto& body : test::record_samples()) {
        const auto kind = kind_of(body);
        CAPTURE(to_string(kind));
        const auto stored = encode_record(test::sample_header(kind), encode_body(body));
        // A release that adds a kind writes its file once: GATEHOUSE_WRITE_GOLDEN=1 schemas_tests
        if (std::getenv("GATEHOUSE_WRITE_GOLDEN") != nullptr)
            std::ofstream{golden_path(kind)} << to_hex(stored) << '\n';
        CHECK(to_hex(stored) == golden(kind));
    }
}

TEST_CASE("the golden bytes decode to the same record") {
    for (const auto& body : test::record_samples()) {
        const auto kind = kind_of(body);
        CAPTURE(to_string(kind));
        const auto stored = from_hex(golden(kind));
        REQUIRE(stored.has_value());
        const auto parsed = parse_record(*stored);
        REQUIRE(parsed.has_value());
        CHECK((parsed->header == test::sample_header(kind)));
        CHECK(parsed->extension.empty());
        const auto decoded = decode_body(kind, parsed->body);
        REQUIRE(decoded.has_value());
        CHECK((*decoded == body));
    }
}

TEST_CASE("a record cut off anywhere, or with an octet more, is refused") {
    for (const auto& body : test::record_samples()) {
        const auto stored = encode_record(test::sample_header(kind_of(body)), encode_body(body));
        for (std::size_t size = 0; size < stored.size(); ++size)
            CHECK(parse_record(ByteView{stored}.first(size)).has_error());
        auto longer = stored;
        longer.push_back(0);
        CHECK(parse_record(longer).has_error());
    }
}

TEST_CASE("a body cut off anywhere, or with an octet more, is refused") {
    for (const auto& body : test::record_samples()) {
        const auto bytes = encode_body(body);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            CHECK(decode_body(kind_of(body), ByteView{bytes}.first(size)).has_error());
        auto longer = bytes;
        longer.push_back(0);
        CHECK(decode_body(kind_of(body), longer).has_error());
    }
}

TEST_CASE("a record of a later release keeps its unknown kind and its extension") {
    const Bytes body{1, 2, 3};
    const Bytes extension{4, 5};
    const auto stored = encode_record(test::sample_header(static_cast<Kind>(999)), body, extension);
    const auto parsed = parse_record(stored);
    REQUIRE(parsed.has_value());
    CHECK(Bytes{parsed->extension.begin(), parsed->extension.end()} == extension);
    CHECK(std::holds_alternative<UnknownBody>(decode_body(parsed->header.kind, parsed->body).value()));
}

TEST_CASE("a record at the size limit is taken, one octet past it is not") {
    const auto header = test::sample_header(Kind::sale);
    const auto empty = encode_record(header, {}).size();
    CHECK(parse_record(encode_record(header, Bytes(largest_record - empty))).has_value());
    CHECK(parse_record(encode_record(header, Bytes(largest_record - empty + 1))).has_error());
}

TEST_SUITE_END();
