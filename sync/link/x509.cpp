#include "sync/link/x509.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <array>

#include "schemas/base/check.hpp"
#include "schemas/crypto/crypto.hpp"
#include "sync/link/openssl_handles.hpp"

namespace gatehouse::sync {

namespace {

constexpr std::size_t largest_pem = 64U * 1024U;
constexpr std::int64_t day_s = 86'400;

Bio memory(std::string_view text) {
    return Bio{BIO_new_mem_buf(text.data(), static_cast<int>(std::min(text.size(), largest_pem)))};
}

std::string text_of_bio(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

template <class Write>
std::string to_pem(Write write) {
    const Bio bio{BIO_new(BIO_s_mem())};
    check(bio && write(bio.get()) == 1, "OpenSSL spells out an object of ours");
    return text_of_bio(bio.get());
}

Result<Hash> hash_of_key(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = key == nullptr ? -1 : i2d_PUBKEY(key, &der);
    ERR_clear_error();
    if (size <= 0) return fail(ErrorCode::invalid_body, "no public key in it");
    const Hash hash = sha256({der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return hash;
}

bool is_p256(EVP_PKEY* key) {
    std::array<char, 32> group{};
    std::size_t size = 0;
    return key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
           std::string_view{group.data(), size} == "prime256v1";
}

void set_name(X509_NAME* subject, std::string_view name) {
    check(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()),
                                     static_cast<int>(name.size()), -1, 0) == 1,
          "a common name has at most 64 octets");
}

void set_serial(X509* certificate) {
    std::array<unsigned char, 16> octets{};
    check(RAND_bytes(octets.data(), static_cast<int>(octets.size())) == 1, "the system has randomness");
    octets[0] &= 0x7fU;
    BIGNUM* number = BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
}

void set_times(X509* certificate, WallTime not_before, WallTime not_after) {
    ASN1_TIME_set(X509_getm_notBefore(certificate), static_cast<time_t>(not_before.value / 1000 - day_s));
    ASN1_TIME_set(X509_getm_notAfter(certificate), static_cast<time_t>(not_after.value / 1000));
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "an extension of ours is well formed");
    X509_EXTENSION_free(extension);
}

std::string pem_of(X509* certificate) {
    return to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

}  // namespace

X509Certificate read_certificate(std::string_view pem) {
    const Bio bio = memory(pem);
    X509Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    ERR_clear_error();
    return certificate;
}

X509Request read_request(std::string_view pem) {
    const Bio bio = memory(pem);
    X509Request request{PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr)};
    ERR_clear_error();
    return request;
}

Key read_key(std::string_view pem) {
    const Bio bio = memory(pem);
    // An encrypted key would ask for its pass phrase on the terminal: the empty one makes it fail instead.
    std::array<char, 1> no_phrase{};
    Key key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, no_phrase.data())};
    ERR_clear_error();
    return key;
}

std::string make_tls_key() {
    const Key key{EVP_EC_gen("P-256")};
    check(key != nullptr, "OpenSSL makes a key");
    return to_pem(
        [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

KeyAndCertificate make_ca(std::string_view name, WallTime not_before, WallTime not_after) {
    KeyAndCertificate ca{make_tls_key(), {}};
    const Key key = read_key(ca.key);
    const X509Certificate certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_serial(certificate.get());
    set_times(certificate.get(), not_before, not_after);
    set_name(X509_get_subject_name(certificate.get()), name);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_set_pubkey(certificate.get(), key.get());
    add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
    check(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "the CA signs itself");
    ca.certificate = pem_of(certificate.get());
    return ca;
}

Result<std::string> make_request(std::string_view key_pem, std::string_view name) {
    const Key key = read_key(key_pem);
    if (!key) return fail(ErrorCode::invalid_body, "not a private key");
    const X509Request request{X509_REQ_new()};
    set_name(X509_REQ_get_subject_name(request.get()), name);
    X509_REQ_set_pubkey(request.get(), key.get());
    check(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0, "a key signs its request");
    return to_pem([&](BIO* bio) { return PEM_write_bio_X509_REQ(bio, request.get()); });
}

Result<std::string> issue_tls_certificate(const KeyAndCertificate& ca, std::string_view request_pem,
                                          std::string_view name, WallTime not_before, WallTime not_after) {
    const X509Request request = read_request(request_pem);
    if (!request) return fail(ErrorCode::invalid_body, "not a certificate request");
    EVP_PKEY* subject_key = X509_REQ_get0_pubkey(request.get());
    if (!is_p256(subject_key)) return fail(ErrorCode::invalid_body, "a request's key is on P-256");
    const bool proven = X509_REQ_verify(request.get(), subject_key) == 1;
    ERR_clear_error();
    if (!proven) return fail(ErrorCode::bad_signature, "a request is signed with its own key");
    const Key ca_key = read_key(ca.key);
    const X509Certificate ca_certificate = read_certificate(ca.certificate);
    if (!ca_key || !ca_certificate || X509_check_private_key(ca_certificate.get(), ca_key.get()) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::config, "the CA's key does not belong to its certificate");
    }
    const X509Certificate certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_serial(certificate.get());
    set_times(certificate.get(), not_before, not_after);
    set_name(X509_get_subject_name(certificate.get()), name);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca_certificate.get()));
    X509_set_pubkey(certificate.get(), subject_key);
    add_extension(certificate.get(), ca_certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), ca_certificate.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(certificate.get(), ca_certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    add_extension(certificate.get(), ca_certificate.get(), NID_subject_key_identifier, "hash");
    add_extension(certificate.get(), ca_certificate.get(), NID_authority_key_identifier, "keyid:always");
    check(X509_sign(certificate.get(), ca_key.get(), EVP_sha256()) > 0, "the CA signs");
    return pem_of(certificate.get());
}

Result<Hash> spki_hash_of_certificate(std::string_view pem) {
    const X509Certificate certificate = read_certificate(pem);
    if (!certificate) return fail(ErrorCode::invalid_body, "not a certificate");
    return hash_of_key(X509_get0_pubkey(certificate.get()));
}

Result<Hash> spki_hash_of_request(std::string_view pem) {
    const X509Request request = read_request(pem);
    if (!request) return fail(ErrorCode::invalid_body, "not a certificate request");
    return hash_of_key(X509_REQ_get0_pubkey(request.get()));
}

Result<Hash> spki_hash_of_key(std::string_view pem) { return hash_of_key(read_key(pem).get()); }

Result<Hash> fingerprint(std::string_view pem) {
    const X509Certificate certificate = read_certificate(pem);
    Hash hash{};
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), hash.data(), nullptr) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::invalid_body, "not a certificate");
    }
    return hash;
}

}  // namespace gatehouse::sync
