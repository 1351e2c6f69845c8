#include "schemas/crypto/beacon.hpp"

#include <doctest/doctest.h>

#include "tests/schemas/crypto/authority.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

namespace {

constexpr VenueId venue{1, 2, 3};

SigningKey node_key() { return SigningKey::from_seed(Seed{7}); }

Bytes certificate(NodeId node, const std::string& name = "gate-a") {
    return issue_certificate(authority(), {venue, node, NodeName{name}, node_key().public_key(), Hash{5},
                                           WallTime{-86400000}, WallTime{1'900'000'000'000}});
}
Bytes beacon() { return make_beacon(node_key(), certificate(NodeId{7}), 8442); }
Result<Beacon> judged(ByteView bytes) { return verify_beacon(authority().public_key(), venue, bytes); }

}  // namespace

TEST_CASE("a beacon comes back as it was made, in the octets of the format document") {
    const auto bytes = beacon();
    const auto read = judged(bytes);
    REQUIRE(read);
    CHECK(read->certificate.node == NodeId{7});
    CHECK(read->certificate.name == NodeName{"gate-a"});
    CHECK(read->port == 8442);
    // Both signatures were made by openssl's command.
    CHECK(to_hex(bytes) ==
          "47484231"
          "fa20"
          "01"
          "01020300000000000000000000000000"
          "0700"
          "a2fa2f4a355ba2e907a53009e9e37caddf7ac7e66a08ba07631f553072b3f24c"
          "0500000000000000000000000000000000000000000000000000000000000000"
          "00a4d9faffffffff"
          "0038d360ba010000"
          "06"
          "676174652d61"
          "e4186ef058bbf97a8016766ede3c2e6599b00451ebfa13028a4918fad98a99b0"
          "fdfc6dc0334f91cfce9749c80e07226a76f4f9b2aba3a16c74a15b7ae513e701"
          "db731dd4ba9ea6b602f012f66f04b008ce0711a993a34336b030e5ae924ce1a4"
          "bc6f87a91ff0296bbbee7ac212b62ceec6ba84c8c0733080c7b9454a42aaa703");
}

TEST_CASE("every truncation, every extension and a change of any bit of a beacon is refused") {
    auto bytes = beacon();
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(judged(ByteView{bytes}.first(size)));
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
        auto other = bytes;
        other[i / 8] ^= static_cast<std::uint8_t>(1U << (i % 8));
        CHECK_FALSE(judged(other));
    }
    bytes.push_back(0);
    CHECK_FALSE(judged(bytes));
    bytes.resize(largest_beacon + 1);
    CHECK(judged(bytes).error().code == ErrorCode::too_large);
}

TEST_CASE("the longest name makes the largest beacon") {
    const auto bytes = make_beacon(node_key(), certificate(NodeId{7}, std::string(32, 'a')), 1);
    CHECK(bytes.size() == largest_beacon);
    CHECK(judged(bytes));
}

TEST_CASE("a beacon of another venue, of central, of no port or of somebody else's certificate is refused") {
    const auto bytes = beacon();
    CHECK(verify_beacon(authority().public_key(), VenueId{}, bytes).error().code == ErrorCode::bad_signature);
    CHECK(verify_beacon(node_key().public_key(), venue, bytes).error().code == ErrorCode::bad_signature);
    CHECK(judged(make_beacon(node_key(), certificate(NodeId{0}), 8442)).error().code == ErrorCode::invalid_body);
    CHECK(judged(make_beacon(authority(), certificate(NodeId{7}), 8442)).error().code == ErrorCode::bad_signature);
    auto nowhere = bytes;
    nowhere[4] = nowhere[5] = 0;
    CHECK(judged(nowhere).error().code == ErrorCode::invalid_body);
}
