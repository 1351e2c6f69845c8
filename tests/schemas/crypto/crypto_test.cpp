#include "schemas/crypto/crypto.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "schemas/crypto/pin.hpp"
#include "schemas/crypto/receipt.hpp"
#include "schemas/crypto/signed_head.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

namespace {

SigningKey key_of(std::uint8_t octet) {
    Seed seed;
    seed.fill(octet);
    return SigningKey::from_seed(seed);
}

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("gatehouse-key-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("sha256 gives the digests of FIPS 180-2, in one go and in pieces") {
    constexpr std::string_view digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    CHECK(to_hex(sha256(view_of("abc"))) == digest);
    CHECK(to_hex(Hasher{}.add(view_of("a")).add({}).add(view_of("bc")).finish()) == digest);
}

TEST_CASE("keys come from seeds as in RFC 8032") {
    const auto seed = from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    REQUIRE(seed);
    Seed octets;
    std::ranges::copy(*seed, octets.begin());
    CHECK(to_hex(SigningKey::from_seed(octets).public_key()) ==
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST_CASE("a signature holds for its key, domain and message only") {
    const auto key = key_of(1);
    const auto signature = sign(key, Domain::ticket, view_of("right"));
    CHECK(verify(key.public_key(), Domain::ticket, view_of("right"), signature));
    CHECK_FALSE(verify(key.public_key(), Domain::head, view_of("right"), signature));
    CHECK_FALSE(verify(key.public_key(), Domain::ticket, view_of("Right"), signature));
    CHECK_FALSE(verify(key_of(2).public_key(), Domain::ticket, view_of("right"), signature));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        auto other = signature;
        other[i] ^= 1U;
        CHECK_FALSE(verify(key.public_key(), Domain::ticket, view_of("right"), other));
    }
}

TEST_CASE("a second spelling of a signature is refused") {
    const auto key = key_of(1);
    auto signature = sign(key, Domain::ticket, view_of("right"));
    // s + L, the same point: the scalar's order L is 2^252 + 27742317777372353535851937790883648493.
    const auto order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        carry += unsigned{signature[32 + i]} + (*order)[i];
        signature[32 + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8U;
    }
    CHECK_FALSE(verify(key.public_key(), Domain::ticket, view_of("right"), signature));
}

TEST_CASE("the key of all zeros, for which anybody can sign, verifies nothing") {
    CHECK_FALSE(verify(PublicKey{}, Domain::ticket, view_of("right"), Signature{}));
}

TEST_CASE("a key file is 0600, comes back as the same key and is never overwritten") {
    const Folder folder;
    const auto path = folder.path / "signing.key";
    const auto key = SigningKey::generate();
    REQUIRE(key.save(path));
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    const auto loaded = SigningKey::load(path);
    REQUIRE(loaded);
    CHECK(loaded->public_key() == key.public_key());
    const auto again = key.save(path);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::io);
}

TEST_CASE("a key file that others may read, or that is damaged, is refused") {
    const Folder folder;
    const auto path = folder.path / "signing.key";
    CHECK(SigningKey::load(path).error().code == ErrorCode::not_found);
    REQUIRE(SigningKey::generate().save(path));
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    CHECK(SigningKey::load(path).error().code == ErrorCode::config);
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    std::filesystem::resize_file(path, 40);
    CHECK(SigningKey::load(path).error().code == ErrorCode::config);
    std::ofstream{path} << std::string(90, 'x');
    CHECK(SigningKey::load(path).error().code == ErrorCode::config);
}

TEST_CASE("a PIN verifies with its pepper only") {
    const Pepper pepper{1, 2, 3};
    const auto hash = hash_pin(pepper, "4711");
    CHECK(verify_pin(pepper, "4711", hash));
    CHECK_FALSE(verify_pin(pepper, "4712", hash));
    CHECK_FALSE(verify_pin(Pepper{}, "4711", hash));
    CHECK(hash_pin(pepper, "4711") != hash);
    CHECK_FALSE(verify_pin(pepper, "4711", ""));
}

TEST_CASE("a PIN hash of other parameters is refused without being computed") {
    CHECK_FALSE(verify_pin({}, "4711", "$argon2id$v=19$m=4194304,t=3,p=1$c2FsdHNhbHRzYWx0$AAAA"));
    CHECK_FALSE(verify_pin({}, "4711", std::string(4096, '$')));
}

TEST_CASE("a PIN has 4 to 12 digits") {
    CHECK(is_pin("0000"));
    CHECK(is_pin("123456789012"));
    CHECK_FALSE(is_pin("123"));
    CHECK_FALSE(is_pin("1234567890123"));
    CHECK_FALSE(is_pin("12a4"));
}

TEST_CASE("constant-time comparison compares lengths and octets") {
    CHECK(equal_constant_time(view_of("abc"), view_of("abc")));
    CHECK_FALSE(equal_constant_time(view_of("abc"), view_of("abd")));
    CHECK_FALSE(equal_constant_time(view_of("abc"), view_of("ab")));
    CHECK(equal_constant_time({}, {}));
}

TEST_CASE("random octets differ") { CHECK(random_bytes(16) != random_bytes(16)); }

TEST_CASE("a head is bound to venue, journal, position and hash, and is no receipt") {
    const auto key = key_of(7);
    const VenueId venue{1};
    const auto head = sign_head(key, venue, {NodeId{7}, Epoch{1}}, Seq{9}, Hash{5});
    CHECK(verify_head(key.public_key(), venue, head));
    CHECK_FALSE(verify_head(key.public_key(), VenueId{2}, head));
    auto other = head;
    other.journal.epoch = Epoch{2};
    CHECK_FALSE(verify_head(key.public_key(), venue, other));
    other = head;
    other.seq = Seq{10};
    CHECK_FALSE(verify_head(key.public_key(), venue, other));
    other = head;
    other.hash[31] = 1;
    CHECK_FALSE(verify_head(key.public_key(), venue, other));
    CHECK_FALSE(verify_receipt(key.public_key(), venue, Receipt{head.journal, head.seq, head.hash, head.signature}));
}

TEST_CASE("a receipt is bound to venue, journal, position and hash") {
    const auto key = key_of(0);
    const VenueId venue{1};
    const auto receipt = sign_receipt(key, venue, {NodeId{7}, Epoch{1}}, Seq{9}, Hash{5});
    CHECK(verify_receipt(key.public_key(), venue, receipt));
    auto other = receipt;
    other.journal.node = NodeId{8};
    CHECK_FALSE(verify_receipt(key.public_key(), venue, other));
    CHECK_FALSE(verify_receipt(key.public_key(), VenueId{}, receipt));
}

// Made by openssl's command, see the format document.
TEST_CASE("a head's and a receipt's signatures are those of the format document") {
    const VenueId venue{1, 2, 3};
    const JournalId journal{NodeId{7}, Epoch{2}};
    CHECK(to_hex(sign_head(SigningKey::from_seed(Seed{7}), venue, journal, Seq{1000}, Hash{5}).signature) ==
          "ab3cf4cec187734290ddf3fe429a53a6e7ec505054beef25bea3b2ef5d65f3ea"
          "74aada54ac8ee449b4815d052aea2d9bad14b87d49faf696e349ee4f446cd90b");
    CHECK(to_hex(sign_receipt(SigningKey::from_seed(Seed{8}), venue, journal, Seq{1000}, Hash{5}).signature) ==
          "912b199833264ae11242a7006cabaebb8824e6b6ad0d273c90352b9bb45987d3"
          "d491dc729abeb9bb47ca49ca41e352b5cede6d3d4cdf1bdb89ef6e40ef64a70d");
}
