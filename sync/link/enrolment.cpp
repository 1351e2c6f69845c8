#include "sync/link/enrolment.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/base/octets.hpp"
#include "schemas/crypto/certificate.hpp"
#include "sync/link/enrolment_json.hpp"
#include "sync/link/http_client.hpp"
#include "sync/link/x509.hpp"

namespace gatehouse::sync {

namespace {

constexpr std::string_view prefix = "gh1-";
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t octets = 48;
constexpr std::size_t letters = octets / 3 * 4;

// The server was trusted by the token; what it grants must still be about us, and of one venue.
Result<void> judge(const EnrolmentGrant& grant, const EnrolmentToken& token, const NodeName& name,
                   const PublicKey& signing_key, const Hash& tls_key) {
    const auto bad = [](const char* why) { return fail(ErrorCode::unauthenticated, why); };
    const auto ca = fingerprint(grant.ca);
    if (!ca || *ca != token.ca) return bad("the CA that was sent is not the token's");
    const auto own = verify_certificate(grant.authority, grant.venue.id, grant.certificate);
    if (!own || own->node != grant.node || own->node == central_node || own->name != name)
        return bad("the certificate that was sent is not for this node");
    if (own->signing_key != signing_key || own->tls_key != tls_key)
        return bad("the certificate that was sent names other keys");
    const auto sent_key = spki_hash_of_certificate(grant.tls_certificate);
    if (!sent_key || *sent_key != tls_key) return bad("the TLS certificate that was sent is for another key");
    const auto central = verify_certificate(grant.authority, grant.venue.id, grant.central_certificate);
    if (!central || central->node != central_node) return bad("no certificate of central was sent");
    return {};
}

}  // namespace

EnrolmentToken make_enrolment_token(const Hash& ca) {
    EnrolmentToken token;
    random_bytes(token.secret);
    token.ca = ca;
    return token;
}

std::string to_string(const EnrolmentToken& token) {
    OctetWriter all;
    all.octets(token.secret).octets(token.ca);
    std::string text{prefix};
    const Bytes& bytes = all.bytes();
    for (std::size_t i = 0; i < octets; i += 3) {
        const std::uint32_t three = std::uint32_t{bytes[i]} << 16U | std::uint32_t{bytes[i + 1]} << 8U | bytes[i + 2];
        for (const unsigned shift : {18U, 12U, 6U, 0U}) text.push_back(alphabet[(three >> shift) & 0x3fU]);
    }
    return text;
}

Result<EnrolmentToken> parse_enrolment_token(std::string_view text) {
    if (!text.starts_with(prefix) || text.size() != prefix.size() + letters)
        return fail(ErrorCode::invalid_body, "an enrolment token is gh1- and 64 letters");
    text.remove_prefix(prefix.size());
    Bytes bytes;
    for (std::size_t i = 0; i < letters; i += 4) {
        std::uint32_t three = 0;
        for (const char c : text.substr(i, 4)) {
            const auto value = alphabet.find(c);
            if (value == std::string_view::npos)
                return fail(ErrorCode::invalid_body, "an enrolment token has letters that are none");
            three = three << 6U | static_cast<std::uint32_t>(value);
        }
        for (const unsigned shift : {16U, 8U, 0U}) bytes.push_back(static_cast<std::uint8_t>(three >> shift));
    }
    return EnrolmentToken{fixed<16>(ByteView{bytes}.first(16)), fixed<32>(ByteView{bytes}.subspan(16))};
}

Hash token_digest(const EnrolmentToken& token) { return sha256(token.secret); }

Result<EnrolmentGrant> enrol(const std::string& url, const EnrolmentToken& token, const NodeName& name,
                             const SigningKey& signing_key, std::string_view tls_key,
                             std::chrono::milliseconds within) {
    const auto request = make_request(tls_key, name.value);
    if (!request) return request.error();
    const auto key_hash = spki_hash_of_key(tls_key);
    if (!key_hash) return key_hash.error();
    HttpClientOptions options;
    options.url = url;
    options.trust = TrustFingerprint{token.ca};
    options.connect_within = std::min(options.connect_within, within);
    options.answer_within = within;
    options.largest_body = 256U * 1024U;
    auto client = HttpClient::make(std::move(options));
    if (!client) return client.error();
    const auto answer = client->request("POST", "/enrol", spell_enrolment_request(token, name, signing_key, *request),
                                        {{"Content-Type", "application/json"}});
    if (!answer) return answer.error();
    if (answer->status != 201) return parse_problem(answer->body, answer->status);
    auto grant = parse_enrolment_grant(answer->body);
    if (!grant) return grant;
    if (auto good = judge(*grant, token, name, signing_key.public_key(), *key_hash); !good) return good.error();
    return grant;
}

}  // namespace gatehouse::sync
