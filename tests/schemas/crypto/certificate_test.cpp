#include "schemas/crypto/certificate.hpp"

#include <doctest/doctest.h>

#include "tests/schemas/crypto/authority.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

namespace {

Certificate example() {
    return {VenueId{1, 2, 3}, NodeId{7},           NodeName{"gate-a"},         PublicKey{4},
            Hash{5},          WallTime{-86400000}, WallTime{1'900'000'000'000}};
}

}  // namespace

TEST_CASE("a certificate comes back as it was issued") {
    const auto bytes = issue_certificate(authority(), example());
    const auto parsed = parse_certificate(bytes);
    REQUIRE(parsed);
    CHECK(*parsed == example());
    CHECK(verify_certificate(authority().public_key(), example().venue, bytes));
}

TEST_CASE("a certificate's octets are those of the format document") {
    const auto bytes = issue_certificate(authority(), example());
    CHECK(to_hex(ByteView{bytes}.first(bytes.size() - 64)) ==
          "01"
          "01020300000000000000000000000000"
          "0700"
          "0400000000000000000000000000000000000000000000000000000000000000"
          "0500000000000000000000000000000000000000000000000000000000000000"
          "00a4d9faffffffff"
          "0038d360ba010000"
          "06"
          "676174652d61");
    CHECK(to_hex(ByteView{bytes}.last(64)) ==
          "c00fb3be33e50e04862afb0e8130f40bd9ddc837a2c76e47e2ddabe11f2b1a2d"
          "194ff4d44327d0b8982f4329aea3554f1e9a1762d150e5a9cb66e8d461a33a08");
}

TEST_CASE("the longest name makes the largest certificate") {
    auto certificate = example();
    certificate.name = NodeName{std::string(32, 'a')};
    const auto bytes = issue_certificate(authority(), certificate);
    CHECK(bytes.size() == largest_certificate);
    CHECK(parse_certificate(bytes));
}

TEST_CASE("every truncation and every extension of a certificate is refused") {
    auto bytes = issue_certificate(authority(), example());
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(parse_certificate(ByteView{bytes}.first(size)));
    bytes.push_back(0);
    CHECK_FALSE(parse_certificate(bytes));
    bytes.resize(largest_certificate + 1);
    CHECK(parse_certificate(bytes).error().code == ErrorCode::too_large);
}

TEST_CASE("a change of any bit of a certificate is refused") {
    const auto bytes = issue_certificate(authority(), example());
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
        auto other = bytes;
        other[i / 8] ^= static_cast<std::uint8_t>(1U << (i % 8));
        CHECK_FALSE(verify_certificate(authority().public_key(), example().venue, other));
    }
}

TEST_CASE("a certificate of another authority or venue is refused") {
    const auto bytes = issue_certificate(authority(), example());
    CHECK(verify_certificate(SigningKey::from_seed(Seed{8}).public_key(), example().venue, bytes).error().code ==
          ErrorCode::bad_signature);
    CHECK(verify_certificate(authority().public_key(), VenueId{}, bytes).error().code == ErrorCode::bad_signature);
}
