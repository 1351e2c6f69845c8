// A self-contained statement of the venue's authority: this node signs with this key and shows this TLS key. Sent in
// hello and in each epoch's first record, so that whoever hands on a journal hands on its owner's certificate.
// Octets: schemas/crypto/FORMAT.md.
#pragma once

#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse {

struct Certificate {
    VenueId venue{};
    NodeId node;  // 0: central
    NodeName name;
    PublicKey signing_key{};
    Hash tls_key{};  // SHA-256 of the TLS key's SubjectPublicKeyInfo (DER)
    WallTime not_before;
    WallTime not_after;  // included
    friend bool operator==(const Certificate&, const Certificate&) = default;
};

constexpr std::size_t largest_certificate = 196;  // with a name of 32 octets

// Precondition: `name` is a name and not_before <= not_after.
[[nodiscard]] Bytes issue_certificate(const SigningKey& authority, const Certificate& certificate);

// Reads without judging the signature. Errors: truncated, too_large, invalid_body.
[[nodiscard]] Result<Certificate> parse_certificate(ByteView bytes);

// Reads and judges: signed by `authority` for `venue`. Times are the caller's affair (see not_after and the clock's
// floor). Errors of parse_certificate, and bad_signature.
[[nodiscard]] Result<Certificate> verify_certificate(const PublicKey& authority, const VenueId& venue, ByteView bytes);

}  // namespace gatehouse
