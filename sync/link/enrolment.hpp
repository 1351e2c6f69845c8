// How a machine becomes a node: HTTPS `POST /enrol` on the sync listener, without a client certificate. The client
// trusts the server by the CA fingerprint in the token, the server trusts the client by the token's secret. Keys never
// leave the node: it sends its public signing key, with a proof that it has the secret one, and a TLS request.
// JSON bodies: sync/link/README.md.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "schemas/base/ids.hpp"
#include "schemas/base/result.hpp"
#include "schemas/crypto/crypto.hpp"
#include "schemas/crypto/pin.hpp"

namespace gatehouse::sync {

// What an administrator hands to the installer: "gh1-" and 64 characters [A-Za-z0-9_-].
struct EnrolmentToken {
    std::array<std::uint8_t, 16> secret{};
    Hash ca{};  // fingerprint of the venue's CA certificate
    friend bool operator==(const EnrolmentToken&, const EnrolmentToken&) = default;
};
[[nodiscard]] EnrolmentToken make_enrolment_token(const Hash& ca);
[[nodiscard]] std::string to_string(const EnrolmentToken& token);
[[nodiscard]] Result<EnrolmentToken> parse_enrolment_token(std::string_view text);  // canonical spelling only
// SHA-256 of the secret: what enrolment_token_issued keeps.
[[nodiscard]] Hash token_digest(const EnrolmentToken& token);

// As the server gets it: well formed, its proof and the TLS request's signature verified; the token is not judged yet.
struct EnrolmentRequest {
    Hash token_digest{};
    NodeName name;
    PublicKey signing_key{};
    std::string tls_request;  // PEM
    Hash tls_key{};           // of tls_request
    std::string peer;         // address, for the log
};

struct VenueSettings {
    VenueId id{};
    std::string name;
    std::string time_zone;          // IANA
    std::string currency;           // ISO 4217
    std::uint16_t cutover_min = 0;  // minutes after midnight at which a business day begins, 0..1439
    Pepper pepper{};                // secret
    friend bool operator==(const VenueSettings&, const VenueSettings&) = default;
};

struct EnrolmentGrant {
    NodeId node;
    Bytes certificate;            // the node's statement
    std::string tls_certificate;  // PEM
    std::string ca;               // PEM
    PublicKey authority{};        // signing key of the venue's authority
    Bytes central_certificate;    // node 0's statement
    VenueSettings venue;
    friend bool operator==(const EnrolmentGrant&, const EnrolmentGrant&) = default;
};

// Implemented by central. Called on the io_context's thread and must not block; `answer` may be called later, from any
// thread, once. Errors it may give: unauthenticated (unknown, used or expired token), forbidden (another name), others.
class EnrolmentDesk {
public:
    virtual ~EnrolmentDesk() = default;
    virtual void enrol(EnrolmentRequest request, std::function<void(Result<EnrolmentGrant>)> answer) = 0;
};

// The client's side; blocks. `url` is "https://host:port". The answer is checked: its CA has the token's fingerprint,
// the certificates are of this venue and name our keys. Errors: unavailable, unauthenticated (server or token not
// trusted), and what the desk answered.
[[nodiscard]] Result<EnrolmentGrant> enrol(const std::string& url, const EnrolmentToken& token, const NodeName& name,
                                           const SigningKey& signing_key, std::string_view tls_key,
                                           std::chrono::milliseconds within = std::chrono::seconds{30});

}  // namespace gatehouse::sync
