#include "schemas/crypto/certificate.hpp"

#include "schemas/base/check.hpp"
#include "schemas/base/octets.hpp"

namespace gatehouse {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t signature_size = 64;
constexpr std::size_t smallest = 1 + 16 + 2 + 32 + 32 + 8 + 8 + 1 + 1 + signature_size;
static_assert(largest_certificate == smallest + 31);

}  // namespace

Bytes issue_certificate(const SigningKey& authority, const Certificate& certificate) {
    check(is_name(certificate.name.value), "a certificate names its node with a name");
    check(certificate.not_before <= certificate.not_after, "a certificate ends after it begins");
    OctetWriter out;
    out.number(version).octets(certificate.venue).number(certificate.node.value);
    out.octets(certificate.signing_key).octets(certificate.tls_key);
    out.number(static_cast<std::uint64_t>(certificate.not_before.value));
    out.number(static_cast<std::uint64_t>(certificate.not_after.value));
    out.short_text(certificate.name.value);
    const Signature signature = sign(authority, Domain::certificate, out.bytes());
    out.octets(signature);
    return out.take();
}

Result<Certificate> parse_certificate(ByteView bytes) {
    if (bytes.size() < smallest) return fail(ErrorCode::truncated, "certificate is too short");
    if (bytes.size() > largest_certificate) return fail(ErrorCode::too_large, "certificate is too long");
    OctetReader in{bytes};
    if (in.number<std::uint8_t>() != version) return fail(ErrorCode::invalid_body, "unknown version of certificate");
    Certificate certificate;
    certificate.venue = fixed<16>(in.octets(16));
    certificate.node = NodeId{in.number<std::uint16_t>()};
    certificate.signing_key = fixed<32>(in.octets(32));
    certificate.tls_key = fixed<32>(in.octets(32));
    certificate.not_before = WallTime{static_cast<std::int64_t>(in.number<std::uint64_t>())};
    certificate.not_after = WallTime{static_cast<std::int64_t>(in.number<std::uint64_t>())};
    certificate.name = NodeName{std::string{in.short_text()}};
    if (!in.ok() || in.left() < signature_size) return fail(ErrorCode::truncated, "certificate ends too early");
    if (in.left() > signature_size) return fail(ErrorCode::invalid_body, "certificate has octets left over");
    if (!is_name(certificate.name.value)) return fail(ErrorCode::invalid_body, "certificate names no node");
    if (certificate.not_before > certificate.not_after)
        return fail(ErrorCode::invalid_body, "certificate ends before it begins");
    return certificate;
}

Result<Certificate> verify_certificate(const PublicKey& authority, const VenueId& venue, ByteView bytes) {
    auto certificate = parse_certificate(bytes);
    if (!certificate) return certificate;
    const std::size_t body = bytes.size() - signature_size;
    if (certificate->venue != venue ||
        !verify(authority, Domain::certificate, bytes.first(body), fixed<signature_size>(bytes.subspan(body))))
        return fail(ErrorCode::bad_signature, "certificate is not of this venue's authority");
    return certificate;
}

}  // namespace gatehouse
