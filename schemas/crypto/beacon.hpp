// What a node says on its network so that the venue's other nodes find it: its certificate and the port at which it is
// reached. Where it is, the datagram's own address says; whoever dials there learns by TLS whether it was true.
// Octets: schemas/crypto/FORMAT.md.
#pragma once

#include "schemas/crypto/certificate.hpp"

namespace gatehouse {

struct Beacon {
    Certificate certificate;
    std::uint16_t port = 0;
    friend bool operator==(const Beacon&, const Beacon&) = default;
};

constexpr std::size_t largest_beacon = 4 + 2 + largest_certificate + 64;

// `certificate` is that of `node`, as the venue's authority issued it. Precondition: `port` is not 0.
[[nodiscard]] Bytes make_beacon(const SigningKey& node, ByteView certificate, std::uint16_t port);

// Reads and judges: a node of `venue`, by `authority`, and signed by that node. Times are the caller's affair.
// Errors of parse_certificate; invalid_body (no beacon, or central's, or without a port) and bad_signature.
[[nodiscard]] Result<Beacon> verify_beacon(const PublicKey& authority, const VenueId& venue, ByteView bytes);

}  // namespace gatehouse
