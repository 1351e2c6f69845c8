#include "schemas/crypto/beacon.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/base/octets.hpp"

namespace gatehouse {

namespace {

constexpr std::array<std::uint8_t, 4> beacon_mark{'G', 'H', 'B', '1'};
constexpr std::size_t signature_octets = std::tuple_size_v<Signature>;
constexpr std::size_t before_certificate = beacon_mark.size() + 2;

}  // namespace

Bytes make_beacon(const SigningKey& node, ByteView certificate, std::uint16_t port) {
    check(port != 0, "a node is reached at a port");
    OctetWriter out;
    out.octets(beacon_mark).number(port).octets(certificate);
    const Signature signature = sign(node, Domain::beacon, out.bytes());
    out.octets(signature);
    return out.take();
}

Result<Beacon> verify_beacon(const PublicKey& authority, const VenueId& venue, ByteView bytes) {
    if (bytes.size() < before_certificate + signature_octets) return fail(ErrorCode::truncated, "beacon is too short");
    if (bytes.size() > largest_beacon) return fail(ErrorCode::too_large, "beacon is too long");
    OctetReader in{bytes};
    if (!std::ranges::equal(in.octets(beacon_mark.size()), beacon_mark))
        return fail(ErrorCode::invalid_body, "this is no beacon");
    Beacon beacon;
    beacon.port = in.number<std::uint16_t>();
    const std::size_t body = bytes.size() - signature_octets;
    auto certificate =
        verify_certificate(authority, venue, bytes.subspan(before_certificate, body - before_certificate));
    if (!certificate) return certificate.error();
    beacon.certificate = std::move(*certificate);
    if (beacon.port == 0) return fail(ErrorCode::invalid_body, "beacon names no port");
    if (beacon.certificate.node.value == 0) return fail(ErrorCode::invalid_body, "central sends no beacon");
    if (!verify(beacon.certificate.signing_key, Domain::beacon, bytes.first(body),
                fixed<signature_octets>(bytes.subspan(body))))
        return fail(ErrorCode::bad_signature, "beacon is not of the node that it names");
    return beacon;
}

}  // namespace gatehouse
