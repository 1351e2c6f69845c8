// The keys of a venue and of its central server, as files of mode 0600 below data_dir/identity (0700):
//
//   authority.key   Ed25519: signs certificate statements       ca.key, ca.pem    X.509: issues TLS certificates
//   signing.key     Ed25519: node 0's heads, receipts           tls.key, tls.pem  what central shows in TLS
//   certificate     node 0's statement                          venue.id, pepper, bearer.key
#pragma once

#include <filesystem>
#include <string_view>

#include "schemas/crypto/certificate.hpp"
#include "schemas/crypto/pin.hpp"
#include "sync/link/tls_identity.hpp"
#include "sync/link/x509.hpp"

namespace gatehouse::central {

struct Identity {
    VenueId venue{};
    SigningKey authority;
    SigningKey signing;
    sync::KeyAndCertificate ca;
    sync::TlsIdentity tls;
    Bytes certificate;
    Pepper pepper{};
    MacKey bearer_key{};  // MACs of the API's tokens
};

// Central's name in its certificates.
[[nodiscard]] const NodeName& central_name();

// Statements and TLS certificates live so long: longer than any season without central.
constexpr std::chrono::hours certificate_life{24 * 365 * 10};

[[nodiscard]] Identity make_identity(std::string_view venue_name, WallTime now);

// Creates `folder` and its files, each flushed. Errors: io (also when something is there already).
[[nodiscard]] Result<void> save_identity(const Identity& identity, const std::filesystem::path& folder);

// Errors: not_found (no such folder), io, config (a file that others may read, or is damaged).
[[nodiscard]] Result<Identity> load_identity(const std::filesystem::path& folder);

}  // namespace gatehouse::central
