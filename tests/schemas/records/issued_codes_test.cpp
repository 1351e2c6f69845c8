#include "schemas/records/issued_codes.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "schemas/records/body.hpp"
#include "schemas/records/codec.hpp"
#include "tests/support/record_samples.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

namespace {

const IssuedCode first = issued_code("GH10123");
const IssuedCode second = issued_code("GH14567");

Body sample(Kind kind) {
    for (auto& body : test::record_samples())
        if (kind_of(body) == kind) return body;
    FAIL("no such sample");
    return UnknownBody{};
}

// As released: the sample of a kind with the codes of its tickets behind it.
Bytes golden(const std::string& name, const Bytes& stored) {
    const auto path = std::string{GATEHOUSE_SOURCE_DIR} + "/tests/golden/records/v1/" + name + ".hex";
    if (std::getenv("GATEHOUSE_WRITE_GOLDEN") != nullptr) std::ofstream{path} << to_hex(stored) << '\n';
    std::ifstream file{path};
    std::string hex;
    std::getline(file, hex);
    return from_hex(hex).value_or(Bytes{});
}

}  // namespace

TEST_CASE("the codes of a sale stand behind its own octets, which they leave as they were") {
    const auto header = test::sample_header(Kind::sale);
    const auto body = sample(Kind::sale);
    REQUIRE(std::get<Sale>(body).tickets.size() == 2);
    const auto before = encode_record(header, encode_body(body));
    const auto stored = encode_record(header, encode_body(body), issued_codes_extension({first, second}));
    const auto released = golden("sale_with_codes", stored);
    CHECK(stored == released);
    CHECK(Bytes(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(before.size()) - 4) ==
          Bytes(before.begin(), before.end() - 4));
    const auto parsed = parse_record(released);
    REQUIRE(parsed);
    CHECK(decode_body(Kind::sale, parsed->body).value() == body);
    CHECK(issued_code_of(parsed->extension, 1) == first);
    CHECK(issued_code_of(parsed->extension, 2) == second);
}

TEST_CASE("a reissue says its one ticket's code") {
    const auto header = test::sample_header(Kind::reissue);
    const auto body = sample(Kind::reissue);
    const auto stored = encode_record(header, encode_body(body), issued_codes_extension({second}));
    const auto released = golden("reissue_with_codes", stored);
    CHECK(stored == released);
    const auto parsed = parse_record(released);
    REQUIRE(parsed);
    CHECK(decode_body(Kind::reissue, parsed->body).value() == body);
    CHECK(issued_code_of(parsed->extension, 1) == second);
}

TEST_CASE("a record that says nothing of a ticket's code, or not all of it, names none") {
    CHECK_FALSE(issued_code_of({}, 1));
    auto said = issued_codes_extension({first, second});
    CHECK_FALSE(issued_code_of(said, 0));
    CHECK_FALSE(issued_code_of(said, 3));
    CHECK_FALSE(issued_code_of(said, 0xffff));
    said.pop_back();
    CHECK_FALSE(issued_code_of(said, 2));
    CHECK(issued_code_of(said, 1) == first);
}
