#include "edge/admission/key_ring.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

constexpr VenueId venue{1, 2, 3};
const Seed authority_seed{9};

struct Ring {
    SigningKey authority = SigningKey::from_seed(authority_seed);
    SigningKey seller = SigningKey::from_seed(Seed{1});
    KeyRing keys{venue, authority.public_key()};

    Bytes certificate(const SigningKey& key, std::uint16_t node, const char* name = "booth") const {
        Certificate c;
        c.venue = venue;
        c.node = NodeId{node};
        c.name = NodeName{name};
        c.signing_key = key.public_key();
        c.not_after = WallTime{1'000'000'000'000};
        return issue_certificate(authority, c);
    }
    ScannedCode code(std::uint32_t epoch = 1, std::uint64_t seq = 10) const {
        TicketPayload ticket;
        ticket.id = {{NodeId{7}, Epoch{epoch}, Seq{seq}}, 1};
        ticket.product = ProductId{"adult"};
        ticket.zones = {ZoneId{"park"}};
        return *decode_code(issue_code(seller, venue, *encode_payload(ticket)));
    }
};

}  // namespace

TEST_CASE("a ticket is good when a certified key of its seller signed it") {
    Ring r;
    CHECK(r.keys.standing(r.code(), SaleRecord::unheard) == Standing::unknown_seller);
    CHECK(r.keys.add(r.certificate(r.seller, 7)));
    CHECK(r.keys.standing(r.code(), SaleRecord::unheard) == Standing::good);
    CHECK(r.keys.name_of(NodeId{7}) == "booth");
}

TEST_CASE("another node's key signs for itself alone") {
    Ring r;
    CHECK(r.keys.add(r.certificate(SigningKey::from_seed(Seed{2}), 7)));
    CHECK(r.keys.add(r.certificate(r.seller, 8)));
    CHECK(r.keys.standing(r.code(), SaleRecord::unheard) == Standing::bad_signature);
}

TEST_CASE("a certificate of another authority changes nothing") {
    Ring r;
    const auto foreign = SigningKey::from_seed(Seed{5});
    Certificate c;
    c.venue = venue;
    c.node = NodeId{7};
    c.name = NodeName{"booth"};
    c.signing_key = r.seller.public_key();
    CHECK_FALSE(r.keys.add(issue_certificate(foreign, c)));
    CHECK(r.keys.standing(r.code(), SaleRecord::unheard) == Standing::unknown_seller);
}

TEST_CASE("old certificates keep counting after a renewal") {
    Ring r;
    CHECK(r.keys.add(r.certificate(r.seller, 7)));
    CHECK(r.keys.add(r.certificate(SigningKey::from_seed(Seed{2}), 7)));
    CHECK(r.keys.standing(r.code(), SaleRecord::unheard) == Standing::good);
}

TEST_CASE("tickets of a revoked node pass up to its last trusted number, and only where their sale is held") {
    Ring r;
    CHECK(r.keys.add(r.certificate(r.seller, 7)));
    r.keys.revoke({NodeId{7}, Epoch{2}, Seq{10}, "stolen"});
    CHECK(r.keys.standing(r.code(2, 10), SaleRecord::held) == Standing::good);
    CHECK(r.keys.standing(r.code(2, 10), SaleRecord::unheard) == Standing::revoked_key);
    CHECK(r.keys.standing(r.code(2, 11), SaleRecord::held) == Standing::revoked_key);
    CHECK(r.keys.standing(r.code(1, 99), SaleRecord::held) == Standing::good);
    CHECK(r.keys.standing(r.code(1, 99), SaleRecord::unheard) == Standing::revoked_key);
    CHECK(r.keys.standing(r.code(3, 1), SaleRecord::held) == Standing::revoked_key);
}

TEST_CASE("a code that its sale's record names needs no look at its signature, but a seller who is known and trusted") {
    Ring r;
    auto named = r.code(2, 10);
    named.signature = {};
    CHECK(r.keys.standing(named, SaleRecord::names_code) == Standing::unknown_seller);
    CHECK(r.keys.add(r.certificate(r.seller, 7)));
    CHECK(r.keys.standing(named, SaleRecord::names_code) == Standing::good);
    // It is the record that is believed, and nothing is remembered for those who do not hold it.
    CHECK(r.keys.standing(named, SaleRecord::held) == Standing::bad_signature);
    CHECK(r.keys.keys_to_check(named).size() == 1);
    r.keys.revoke({NodeId{7}, Epoch{2}, Seq{10}, "stolen"});
    CHECK(r.keys.standing(named, SaleRecord::names_code) == Standing::good);
    r.keys.revoke({NodeId{7}, Epoch{2}, Seq{9}, "stolen"});
    CHECK(r.keys.standing(named, SaleRecord::names_code) == Standing::revoked_key);
    CHECK(r.keys.standing(r.code(3, 1), SaleRecord::names_code) == Standing::revoked_key);
}

TEST_CASE("a node is revoked by a revocation of any of its epochs, and no other with it") {
    Ring r;
    r.keys.revoke({NodeId{7}, Epoch{2}, Seq{10}, "stolen"});
    CHECK(r.keys.is_revoked(NodeId{7}));
    CHECK_FALSE(r.keys.is_revoked(NodeId{6}));
    CHECK_FALSE(r.keys.is_revoked(NodeId{8}));
}

TEST_CASE("of several revocations the strictest counts, in whatever order they come") {
    Ring r;
    CHECK(r.keys.add(r.certificate(r.seller, 7)));
    r.keys.revoke({NodeId{7}, Epoch{1}, Seq{10}, "a"});
    r.keys.revoke({NodeId{7}, Epoch{1}, Seq{20}, "b"});
    CHECK(r.keys.standing(r.code(1, 10), SaleRecord::held) == Standing::good);
    CHECK(r.keys.standing(r.code(1, 11), SaleRecord::held) == Standing::revoked_key);
}
