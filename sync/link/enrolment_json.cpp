#include "sync/link/enrolment_json.hpp"

#include <boost/json.hpp>

#include "schemas/base/octets.hpp"
#include "sync/link/x509.hpp"

namespace gatehouse::sync {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_text = 16U * 1024U;

// Reads members of one object; the first that is missing or malformed spoils it.
class Fields {
public:
    explicit Fields(std::string_view body) {
        json::error_code error;
        json::parse_options options;
        options.max_depth = 4;
        value_ = json::parse(json::string_view{body.data(), body.size()}, error, {}, options);
        if (error || !value_.is_object())
            bad_ = "the body is not a JSON object";
        else
            object_ = &value_.get_object();
    }
    explicit Fields(const json::object& object) : object_(&object) {}

    std::string text(const char* name) {
        const auto* value = find(name);
        if (value == nullptr || !value->is_string() || value->get_string().size() > largest_text)
            return spoil(name), "";
        const auto& string = value->get_string();
        return {string.data(), string.size()};
    }
    Bytes hex(const char* name) {
        auto bytes = from_hex(text(name));
        if (!bytes) spoil(name);
        return bytes ? std::move(*bytes) : Bytes{};
    }
    template <std::size_t N>
    std::array<std::uint8_t, N> fixed_hex(const char* name) {
        const Bytes bytes = hex(name);
        if (bytes.size() != N) spoil(name);
        return fixed<N>(bytes);
    }
    std::uint16_t number(const char* name, std::uint16_t largest) {
        const auto* value = find(name);
        if (value == nullptr || !value->is_int64() || value->get_int64() < 0 || value->get_int64() > largest)
            return spoil(name), std::uint16_t{0};
        return static_cast<std::uint16_t>(value->get_int64());
    }
    const json::object* object(const char* name) {
        const auto* value = find(name);
        if (value != nullptr && value->is_object()) return &value->get_object();
        spoil(name);
        return nullptr;
    }
    void spoil(const char* name) {
        if (bad_.empty()) bad_ = std::string{name} + " is missing or malformed";
    }
    [[nodiscard]] const std::string& bad() const { return bad_; }

private:
    const json::value* find(const char* name) const {
        return object_ == nullptr ? nullptr : object_->if_contains(name);
    }
    json::value value_;
    const json::object* object_ = nullptr;
    std::string bad_;
};

}  // namespace

Bytes enrolment_proof_octets(const Hash& token_digest, const NodeName& name, const PublicKey& signing_key,
                             std::string_view tls_request) {
    OctetWriter out;
    out.octets(token_digest).octets(signing_key);
    out.number(static_cast<std::uint32_t>(name.value.size())).octets(view_of(name.value));
    out.number(static_cast<std::uint32_t>(tls_request.size())).octets(view_of(tls_request));
    return out.take();
}

std::string spell_enrolment_request(const EnrolmentToken& token, const NodeName& name, const SigningKey& signing_key,
                                    std::string_view tls_request) {
    const PublicKey key = signing_key.public_key();
    const auto proof =
        sign(signing_key, Domain::enrolment, enrolment_proof_octets(token_digest(token), name, key, tls_request));
    return json::serialize(json::object{{"token", to_string(token)},
                                        {"name", name.value},
                                        {"signing_key", to_hex(key)},
                                        {"csr", std::string{tls_request}},
                                        {"proof", to_hex(proof)}});
}

Result<EnrolmentRequest> parse_enrolment_request(std::string_view body, std::string peer) {
    Fields fields{body};
    const auto token = parse_enrolment_token(fields.text("token"));
    if (!token) fields.spoil("token");
    EnrolmentRequest request;
    request.name = NodeName{fields.text("name")};
    if (!is_name(request.name.value)) fields.spoil("name");
    request.signing_key = fields.fixed_hex<32>("signing_key");
    request.tls_request = fields.text("csr");
    const auto tls_key = spki_hash_of_request(request.tls_request);
    if (!tls_key) fields.spoil("csr");
    const auto proof = fields.fixed_hex<64>("proof");
    if (!fields.bad().empty()) return fail(ErrorCode::invalid_body, fields.bad());
    request.token_digest = token_digest(*token);
    request.tls_key = *tls_key;
    request.peer = std::move(peer);
    if (!verify(request.signing_key, Domain::enrolment,
                enrolment_proof_octets(request.token_digest, request.name, request.signing_key, request.tls_request),
                proof))
        return fail(ErrorCode::bad_signature, "the proof does not fit the request");
    return request;
}

std::string spell_enrolment_grant(const EnrolmentGrant& grant) {
    return json::serialize(json::object{
        {"node", grant.node.value},
        {"certificate", to_hex(grant.certificate)},
        {"tls_certificate", grant.tls_certificate},
        {"ca", grant.ca},
        {"authority_key", to_hex(grant.authority)},
        {"central_certificate", to_hex(grant.central_certificate)},
        {"venue", json::object{{"id", to_hex(grant.venue.id)},
                               {"name", grant.venue.name},
                               {"time_zone", grant.venue.time_zone},
                               {"currency", grant.venue.currency},
                               {"cutover_min", grant.venue.cutover_min},
                               {"pepper", to_hex(grant.venue.pepper)}}},
    });
}

Result<EnrolmentGrant> parse_enrolment_grant(std::string_view body) {
    Fields fields{body};
    EnrolmentGrant grant;
    grant.node = NodeId{fields.number("node", 65535)};
    grant.certificate = fields.hex("certificate");
    grant.tls_certificate = fields.text("tls_certificate");
    grant.ca = fields.text("ca");
    grant.authority = fields.fixed_hex<32>("authority_key");
    grant.central_certificate = fields.hex("central_certificate");
    const auto* object = fields.object("venue");
    if (object == nullptr) return fail(ErrorCode::invalid_body, fields.bad());
    Fields venue{*object};
    grant.venue.id = venue.fixed_hex<16>("id");
    grant.venue.name = venue.text("name");
    grant.venue.time_zone = venue.text("time_zone");
    grant.venue.currency = venue.text("currency");
    grant.venue.cutover_min = venue.number("cutover_min", 1439);
    grant.venue.pepper = venue.fixed_hex<32>("pepper");
    if (!venue.bad().empty()) return fail(ErrorCode::invalid_body, "venue." + venue.bad());
    if (!fields.bad().empty()) return fail(ErrorCode::invalid_body, fields.bad());
    return grant;
}

std::string problem_json(const Error& error, unsigned status) {
    json::object problem{{"code", to_string(error.code)}, {"status", status}, {"detail", error.detail}};
    if (error.retry_after_s != 0) problem["retry_after_s"] = error.retry_after_s;
    return json::serialize(problem);
}

Error parse_problem(std::string_view body, unsigned status) {
    Fields fields{body};
    const auto name = fields.text("code");
    Error error = fail(ErrorCode::unavailable, "answered " + std::to_string(status));
    for (const auto code :
         {ErrorCode::invalid_body, ErrorCode::bad_signature, ErrorCode::unauthenticated, ErrorCode::forbidden,
          ErrorCode::locked_out, ErrorCode::not_found, ErrorCode::storage_unavailable, ErrorCode::unavailable})
        if (to_string(code) == name) error.code = code;
    Fields detail{body};
    if (const auto text = detail.text("detail"); detail.bad().empty()) error.detail = text;
    return error;
}

// NOLINTNEXTLINE(bugprone-branch-clone): one row a code reads best.
unsigned http_status(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_body:
        case ErrorCode::truncated: return 422;
        case ErrorCode::too_large: return 413;
        case ErrorCode::unauthenticated:
        case ErrorCode::bad_signature: return 401;
        case ErrorCode::forbidden: return 403;
        case ErrorCode::locked_out: return 429;
        case ErrorCode::not_found: return 404;
        case ErrorCode::storage_unavailable:
        case ErrorCode::unavailable: return 503;
        case ErrorCode::id_reused:
        case ErrorCode::no_units_left:
        case ErrorCode::shift_closed:
        case ErrorCode::tender_short:
        case ErrorCode::unverified_limit:
        case ErrorCode::sale_unknown:
        case ErrorCode::already_refunded:
        case ErrorCode::ticket_used:
        case ErrorCode::not_the_seller:
        case ErrorCode::version_conflict:
        case ErrorCode::chain_broken:
        case ErrorCode::journal_fork: return 409;
        case ErrorCode::schema_newer:
        case ErrorCode::io:
        case ErrorCode::config:
        case ErrorCode::internal: return 500;
    }
    return 500;
}

}  // namespace gatehouse::sync
