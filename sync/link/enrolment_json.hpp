// The JSON of enrolment; see README.md. For this folder's .cpp files only.
#pragma once

#include <string>
#include <string_view>

#include "sync/link/enrolment.hpp"

namespace gatehouse::sync {

// What the proof of an enrolment is signed over (Domain::enrolment): the SHA-256 of the token's secret, the signing
// key, then name and TLS request, each after its length as u32.
[[nodiscard]] Bytes enrolment_proof_octets(const Hash& token_digest, const NodeName& name, const PublicKey& signing_key,
                                           std::string_view tls_request);

[[nodiscard]] std::string spell_enrolment_request(const EnrolmentToken& token, const NodeName& name,
                                                  const SigningKey& signing_key, std::string_view tls_request);
// Errors: invalid_body, bad_signature.
[[nodiscard]] Result<EnrolmentRequest> parse_enrolment_request(std::string_view body, std::string peer);

[[nodiscard]] std::string spell_enrolment_grant(const EnrolmentGrant& grant);
[[nodiscard]] Result<EnrolmentGrant> parse_enrolment_grant(std::string_view body);

[[nodiscard]] std::string problem_json(const Error& error, unsigned status);
// The error that a problem+json names; `unavailable` when it names none.
[[nodiscard]] Error parse_problem(std::string_view body, unsigned status);
[[nodiscard]] unsigned http_status(ErrorCode code);

}  // namespace gatehouse::sync
