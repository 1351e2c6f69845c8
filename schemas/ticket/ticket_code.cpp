#include "schemas/ticket/ticket_code.hpp"

#include <array>

#include "schemas/base/check.hpp"

namespace gatehouse {

namespace {

constexpr std::string_view prefix = "GH1";
constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // no I, L, O, U: easily misread
constexpr std::size_t signature_size = 64;
static_assert(prefix.size() + ((largest_payload + signature_size) * 8 + 4) / 5 <= largest_code);
static_assert(prefix.size() + ((largest_payload + 1 + signature_size) * 8 + 4) / 5 > largest_code);

constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> digit_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t i = 0; i < digits.size(); ++i)
        values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
    return values;
}
constexpr auto values = digit_values();

void append_digits(std::string& code, ByteView octets) {
    unsigned pending = 0;
    unsigned bits = 0;
    for (const auto octet : octets) {
        pending = (pending << 8U) | octet;
        for (bits += 8; bits >= 5; bits -= 5) code.push_back(digits[(pending >> (bits - 5)) & 31U]);
    }
    if (bits > 0) code.push_back(digits[(pending << (5 - bits)) & 31U]);
}

// Octets of the digits; nothing when one is no digit, the last is superfluous, or a bit of padding is set.
std::optional<Bytes> read_digits(std::string_view text) {
    Bytes octets;
    octets.reserve(text.size() * 5 / 8);
    unsigned pending = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto value = values[static_cast<unsigned char>(c)];
        if (value == no_digit) return std::nullopt;
        pending = (pending << 5U) | value;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        octets.push_back(static_cast<std::uint8_t>(pending >> bits));
    }
    const unsigned padding = pending & ((1U << bits) - 1U);
    if (bits >= 5 || padding != 0) return std::nullopt;
    return octets;
}

Bytes signed_octets(const VenueId& venue, ByteView octets) {
    Bytes message{venue.begin(), venue.end()};
    message.insert(message.end(), octets.begin(), octets.end());
    return message;
}

}  // namespace

std::string encode_code(ByteView octets, const Signature& signature) {
    check(octets.size() <= largest_payload, "a payload was bounded when it was encoded");
    Bytes all{octets.begin(), octets.end()};
    all.insert(all.end(), signature.begin(), signature.end());
    std::string code{prefix};
    append_digits(code, all);
    return code;
}

Result<ScannedCode> decode_code(std::string_view code) {
    if (code.size() > largest_code) return fail(ErrorCode::too_large, "code: longer than any ticket's");
    if (!code.starts_with(prefix)) return fail(ErrorCode::invalid_body, "code: not a ticket of Gatehouse");
    auto octets = read_digits(code.substr(prefix.size()));
    if (!octets) return fail(ErrorCode::invalid_body, "code: not in its one spelling");
    if (octets->size() <= signature_size) return fail(ErrorCode::truncated, "code: too short");
    const std::size_t size = octets->size() - signature_size;
    ScannedCode scanned;
    std::copy(octets->begin() + static_cast<std::ptrdiff_t>(size), octets->end(), scanned.signature.begin());
    octets->resize(size);
    auto payload = decode_payload(*octets);
    if (!payload) return payload.error();
    scanned.octets = std::move(*octets);
    scanned.payload = std::move(*payload);
    return scanned;
}

Signature sign_ticket(const SigningKey& seller, const VenueId& venue, ByteView octets) {
    return sign(seller, Domain::ticket, signed_octets(venue, octets));
}

bool verify_ticket(const PublicKey& seller, const VenueId& venue, const ScannedCode& code) {
    return verify(seller, Domain::ticket, signed_octets(venue, code.octets), code.signature);
}

std::string issue_code(const SigningKey& seller, const VenueId& venue, ByteView octets) {
    return encode_code(octets, sign_ticket(seller, venue, octets));
}

}  // namespace gatehouse
