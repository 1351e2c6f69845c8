// TLS as Gatehouse sets it up. For this folder's .cpp files only.
#pragma once

#include <boost/asio/ssl.hpp>
#include <optional>
#include <string_view>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"
#include "sync/link/tls_identity.hpp"

namespace gatehouse::sync {

enum class ClientCertificate : std::uint8_t { none, optional, required };

// A server that shows `identity`. Venue links speak TLS 1.3 only; the HTTP API also 1.2. Errors: config.
[[nodiscard]] Result<boost::asio::ssl::context> server_context(const TlsIdentity& identity);
[[nodiscard]] Result<boost::asio::ssl::context> venue_server_context(const VenueTls& tls, ClientCertificate client);
[[nodiscard]] Result<boost::asio::ssl::context> venue_client_context(const VenueTls& tls);

// Before the handshake: the peer's chain is judged at `floor` instead of now, and not-before is ignored.
void judge_by_floor(SSL* connection, WallTime floor);

// After the handshake: the peer's certificate, if it showed one that was verified.
[[nodiscard]] std::optional<Hash> peer_tls_key(SSL* connection);

// The common name of central's own TLS certificate: the CA certifies it for no node.
constexpr std::string_view central_common_name = "central";

// After a handshake without verification: the peer sent the CA of that fingerprint, its chain leads there, and it is
// central: a node's certificate leads there, too, also one that was stolen and revoked.
[[nodiscard]] bool is_central_below(SSL* connection, const Hash& ca_fingerprint);

}  // namespace gatehouse::sync
