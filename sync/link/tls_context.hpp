// TLS as Gatehouse sets it up. For this folder's .cpp files only.
#pragma once

#include <boost/asio/ssl.hpp>
#include <optional>

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

// After a handshake without verification: the peer sent the CA of that fingerprint, and its chain leads there.
[[nodiscard]] bool is_below_ca(SSL* connection, const Hash& ca_fingerprint);

}  // namespace gatehouse::sync
