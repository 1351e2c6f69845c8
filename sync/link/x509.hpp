// X.509 for a venue's machines: a CA of its own, one certificate a machine, keys on P-256. PEM texts throughout.
// Not-before is written one day early and ignored by our TLS: a node may have no clock. Keys are secrets: 0600 files.
#pragma once

#include <string>
#include <string_view>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::sync {

struct KeyAndCertificate {
    std::string key;
    std::string certificate;
};

[[nodiscard]] std::string make_tls_key();

// A self-signed CA for machines of one venue; `name` becomes its common name.
[[nodiscard]] KeyAndCertificate make_ca(std::string_view name, WallTime not_before, WallTime not_after);

// PKCS #10, signed with `key`, naming `name`. Errors: invalid_body (key).
[[nodiscard]] Result<std::string> make_request(std::string_view key, std::string_view name);

// Issues a certificate for client and server use. The subject is `name`, whatever the request says.
// Errors: invalid_body (malformed, or not P-256), bad_signature (of the request), config (CA).
[[nodiscard]] Result<std::string> issue_tls_certificate(const KeyAndCertificate& ca, std::string_view request,
                                                        std::string_view name, WallTime not_before, WallTime not_after);

// SHA-256 of SubjectPublicKeyInfo (DER): what Certificate::tls_key holds. Errors: invalid_body.
[[nodiscard]] Result<Hash> spki_hash_of_certificate(std::string_view certificate);
[[nodiscard]] Result<Hash> spki_hash_of_request(std::string_view request);
[[nodiscard]] Result<Hash> spki_hash_of_key(std::string_view key);

// SHA-256 of the certificate (DER), the first in the text. Errors: invalid_body.
[[nodiscard]] Result<Hash> fingerprint(std::string_view certificate);

}  // namespace gatehouse::sync
