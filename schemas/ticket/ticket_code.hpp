// A ticket's payload as octets, and the text in its QR: payload and signature in upper-case letters and digits, at most
// QR version 8-M. One canonical spelling only. Layout, example and vectors: schemas/ticket/FORMAT.md.
#pragma once

#include <string>
#include <string_view>

#include "schemas/base/ids.hpp"
#include "schemas/crypto/crypto.hpp"
#include "schemas/ticket/payload.hpp"

namespace gatehouse {

constexpr std::size_t largest_code = 221;    // alphanumeric capacity of QR 8-M: ISO/IEC 18004:2015, table 7
constexpr std::size_t largest_payload = 72;  // what is left of it for the payload

// The canonical octets. Errors: too_large (would not fit the QR), invalid_body (a field is out of range).
[[nodiscard]] Result<Bytes> encode_payload(const TicketPayload& payload);

// Accepts exactly what encode_payload produces. Errors: truncated, too_large, invalid_body.
[[nodiscard]] Result<TicketPayload> decode_payload(ByteView octets);

// A code as read by a scanner. Nothing in it is trusted before verify_ticket says so.
struct ScannedCode {
    Bytes octets;  // the payload, verbatim
    TicketPayload payload;
    Signature signature{};
    friend bool operator==(const ScannedCode&, const ScannedCode&) = default;
};

// Precondition: `octets` is a payload of encode_payload.
[[nodiscard]] std::string encode_code(ByteView octets, const Signature& signature);

// Accepts exactly what encode_code produces; the signature is not judged. Errors as decode_payload.
[[nodiscard]] Result<ScannedCode> decode_code(std::string_view code);

// Ed25519 over the venue and the payload, with the domain of tickets. Deterministic: signing again gives the same code.
[[nodiscard]] Signature sign_ticket(const SigningKey& seller, const VenueId& venue, ByteView octets);
[[nodiscard]] bool verify_ticket(const PublicKey& seller, const VenueId& venue, const ScannedCode& code);

// sign_ticket and encode_code.
[[nodiscard]] std::string issue_code(const SigningKey& seller, const VenueId& venue, ByteView octets);

}  // namespace gatehouse
