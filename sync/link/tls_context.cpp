#include "sync/link/tls_context.hpp"

#include <openssl/err.h>

#include "schemas/crypto/crypto.hpp"
#include "sync/link/openssl_handles.hpp"

namespace gatehouse::sync {

namespace ssl = boost::asio::ssl;

namespace {

constexpr int chain_depth = 4;

Result<void> show(ssl::context& context, const TlsIdentity& identity) {
    boost::system::error_code error;
    const auto buffer = [](const std::string& text) { return boost::asio::buffer(text); };
    context.use_certificate_chain(buffer(identity.certificate), error);
    if (!error) context.use_private_key(buffer(identity.key), ssl::context::pem, error);
    const bool fits = !error && SSL_CTX_check_private_key(context.native_handle()) == 1;
    ERR_clear_error();
    if (!fits) return fail(ErrorCode::config, "TLS key and certificate are not a pair");
    return {};
}

Result<void> trust(ssl::context& context, const std::string& ca) {
    boost::system::error_code error;
    context.add_certificate_authority(boost::asio::buffer(ca), error);
    ERR_clear_error();
    if (error) return fail(ErrorCode::config, "the CA is not a certificate");
    return {};
}

// A machine without a clock cannot judge "not yet valid": the venue's CA is trusted with that.
int ignore_not_before(int good, X509_STORE_CTX* context) {
    if (good == 1 || X509_STORE_CTX_get_error(context) != X509_V_ERR_CERT_NOT_YET_VALID) return good;
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

Result<ssl::context> venue_context(ssl::context::method method, const VenueTls& tls, int verify) {
    ssl::context context{method};
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_3_VERSION);
    if (auto shown = show(context, tls.identity); !shown) return shown.error();
    if (auto trusted = trust(context, tls.ca); !trusted) return trusted.error();
    SSL_CTX_set_verify(context.native_handle(), verify, ignore_not_before);
    SSL_CTX_set_verify_depth(context.native_handle(), chain_depth);
    // Resumption would skip the judging of certificates, revoked ones included.
    SSL_CTX_set_session_cache_mode(context.native_handle(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.native_handle(), 0);
    return context;
}

// Empty when it has none, or several.
std::string common_name(X509* certificate) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
    const ASN1_STRING* name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
            static_cast<std::size_t>(ASN1_STRING_length(name))};
}

std::optional<Hash> key_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return std::nullopt;
    const Hash hash = sha256({der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return hash;
}

}  // namespace

Result<ssl::context> server_context(const TlsIdentity& identity) {
    ssl::context context{ssl::context::tls_server};
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    if (auto shown = show(context, identity); !shown) return shown.error();
    return context;
}

Result<ssl::context> venue_server_context(const VenueTls& tls, ClientCertificate client) {
    int verify = SSL_VERIFY_NONE;
    switch (client) {
        case ClientCertificate::none: break;
        case ClientCertificate::optional: verify = SSL_VERIFY_PEER; break;
        case ClientCertificate::required: verify = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT; break;
    }
    return venue_context(ssl::context::tls_server, tls, verify);
}

Result<ssl::context> venue_client_context(const VenueTls& tls) {
    return venue_context(ssl::context::tls_client, tls, SSL_VERIFY_PEER);
}

void judge_by_floor(SSL* connection, WallTime floor) {
    X509_VERIFY_PARAM_set_time(SSL_get0_param(connection), static_cast<time_t>(floor.value / 1000));
}

std::optional<Hash> peer_tls_key(SSL* connection) {
    X509* certificate = SSL_get0_peer_certificate(connection);
    if (certificate == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return std::nullopt;
    return key_of(certificate);
}

bool is_central_below(SSL* connection, const Hash& ca_fingerprint) {
    X509* leaf = SSL_get0_peer_certificate(connection);
    STACK_OF(X509)* chain = SSL_get_peer_cert_chain(connection);
    if (leaf == nullptr || chain == nullptr || common_name(leaf) != central_common_name) return false;
    const X509Store store{X509_STORE_new()};
    bool found = false;
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        X509* certificate = sk_X509_value(chain, i);
        Hash hash{};
        if (X509_digest(certificate, EVP_sha256(), hash.data(), nullptr) != 1 || hash != ca_fingerprint) continue;
        found = X509_STORE_add_cert(store.get(), certificate) == 1;
    }
    const X509StoreContext context{X509_STORE_CTX_new()};
    bool good = found && X509_STORE_CTX_init(context.get(), store.get(), leaf, chain) == 1;
    if (good) {
        // Who is being enrolled may have no clock at all; the fingerprint is the whole trust.
        X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context.get()), X509_V_FLAG_NO_CHECK_TIME);
        good = X509_verify_cert(context.get()) == 1;
    }
    ERR_clear_error();
    return good;
}

}  // namespace gatehouse::sync
