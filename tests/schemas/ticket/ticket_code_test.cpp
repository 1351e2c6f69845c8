#include "schemas/ticket/ticket_code.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "schemas/records/issued_codes.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
namespace json = boost::json;

namespace {

const json::value& vectors() {
    static const json::value content = [] {
        std::ifstream file{std::string{GATEHOUSE_SOURCE_DIR} + "/schemas/ticket/vectors.json"};
        std::ostringstream text;
        text << file.rdbuf();
        return json::parse(text.str());
    }();
    return content;
}

std::string text_at(const json::value& object, const char* key) { return std::string{object.at(key).as_string()}; }

template <std::size_t N>
std::array<std::uint8_t, N> hex_at(const json::value& object, const char* key) {
    const auto bytes = from_hex(text_at(object, key));
    REQUIRE(bytes);
    REQUIRE(bytes->size() == N);
    std::array<std::uint8_t, N> out{};
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

template <class T>
T number_at(const json::value& object, const char* key) {
    return json::value_to<T>(object.at(key));
}

TicketPayload payload_at(const json::value& v) {
    TicketPayload p;
    p.id.sold = {NodeId{number_at<std::uint16_t>(v, "node")}, Epoch{number_at<std::uint32_t>(v, "epoch")},
                 Seq{number_at<std::uint64_t>(v, "seq")}};
    p.id.ordinal = number_at<std::uint16_t>(v, "ordinal");
    p.product = ProductId{text_at(v, "product")};
    p.persons = number_at<std::uint16_t>(v, "persons");
    p.entries = number_at<std::uint16_t>(v, "entries");
    p.companions = number_at<std::uint8_t>(v, "companions");
    p.valid_from = Date{number_at<std::int32_t>(v, "valid_from")};
    p.valid_to = Date{number_at<std::int32_t>(v, "valid_to")};
    p.reentry = v.at("reentry").as_bool();
    p.check_id = v.at("check_id").as_bool();
    p.concession = v.at("concession").as_bool();
    for (const auto& zone : v.at("zones").as_array()) p.zones.push_back(ZoneId{std::string{zone.as_string()}});
    const auto& session = v.at("session");
    if (session.is_null()) return p;
    p.session =
        TicketSession{SessionId{text_at(session, "id")}, WallTime{number_at<std::int64_t>(session, "starts") * 60'000},
                      WallTime{number_at<std::int64_t>(session, "ends") * 60'000}};
    return p;
}

TicketPayload day_ticket() { return payload_at(vectors().at("accepted").at(0).at("payload")); }

ErrorCode refusal_of(const TicketPayload& payload) {
    const auto encoded = encode_payload(payload);
    return encoded ? ErrorCode::internal : encoded.error().code;
}

}  // namespace

TEST_CASE("every accepted vector is what we write, read and verify") {
    for (const auto& vector : vectors().at("accepted").as_array()) {
        CAPTURE(text_at(vector, "name"));
        const auto payload = payload_at(vector.at("payload"));
        const auto octets = encode_payload(payload);
        REQUIRE(octets);
        CHECK(to_hex(*octets) == text_at(vector, "payload_hex"));
        const auto seller = SigningKey::from_seed(hex_at<32>(vector, "seed"));
        const auto venue = hex_at<16>(vector, "venue");
        CHECK(seller.public_key() == hex_at<32>(vector, "public_key"));
        CHECK(to_hex(sign_ticket(seller, venue, *octets)) == text_at(vector, "signature_hex"));
        CHECK(issue_code(seller, venue, *octets) == text_at(vector, "code"));
        CHECK(to_hex(issued_code(text_at(vector, "code"))) == text_at(vector, "issued_hex"));
        const auto scanned = decode_code(text_at(vector, "code"));
        REQUIRE(scanned);
        CHECK(scanned->payload == payload);
        CHECK(scanned->octets == *octets);
        CHECK(verify_ticket(seller.public_key(), venue, *scanned));
        CHECK_FALSE(verify_ticket(seller.public_key(), VenueId{}, *scanned));
    }
}

TEST_CASE("codes of the vectors with a bad signature read well and verify ill") {
    for (const auto& vector : vectors().at("bad_signature").as_array()) {
        CAPTURE(text_at(vector, "name"));
        const auto scanned = decode_code(text_at(vector, "code"));
        REQUIRE(scanned);
        CHECK_FALSE(verify_ticket(hex_at<32>(vector, "public_key"), hex_at<16>(vector, "venue"), *scanned));
    }
}

TEST_CASE("every refused vector is refused") {
    for (const auto& vector : vectors().at("refused").as_array()) {
        CAPTURE(text_at(vector, "name"));
        CHECK_FALSE(decode_code(text_at(vector, "code")));
    }
}

TEST_CASE("every truncation of a code is refused") {
    const auto code = text_at(vectors().at("accepted").at(0), "code");
    for (std::size_t size = 0; size < code.size(); ++size) CHECK_FALSE(decode_code(code.substr(0, size)));
}

TEST_CASE("any other digit makes another ticket or none, never the same") {
    const auto& vector = vectors().at("accepted").at(0);
    const auto code = text_at(vector, "code");
    const auto key = hex_at<32>(vector, "public_key");
    const auto venue = hex_at<16>(vector, "venue");
    for (std::size_t i = 0; i < code.size(); ++i)
        for (const char c : std::string_view{"0Z1a"}) {
            auto other = code;
            if (other[i] == c) continue;
            other[i] = c;
            const auto scanned = decode_code(other);
            if (scanned) CHECK_FALSE(verify_ticket(key, venue, *scanned));
        }
}

TEST_CASE("what decodes encodes to the same octets: random changes of payloads") {
    auto octets = *encode_payload(day_ticket());
    std::uint32_t state = 1;
    for (int round = 0; round < 200'000; ++round) {
        auto changed = octets;
        for (int change = 0; change < 2; ++change) {
            state = state * 1664525U + 1013904223U;
            changed[(state >> 8U) % changed.size()] = static_cast<std::uint8_t>(state >> 24U);
        }
        const auto payload = decode_payload(changed);
        if (!payload) continue;
        const auto again = encode_payload(*payload);
        REQUIRE(again);
        REQUIRE(*again == changed);
    }
}

TEST_CASE("a right that does not fit QR 8-M is too large, the one that just fits is not") {
    auto payload = payload_at(vectors().at("accepted").as_array().back().at("payload"));
    CHECK(encode_payload(payload)->size() == largest_payload);
    CHECK(text_at(vectors().at("accepted").as_array().back(), "code").size() == largest_code);
    payload.zones.push_back(ZoneId{"z"});
    CHECK(refusal_of(payload) == ErrorCode::too_large);
}

TEST_CASE("a field out of range is not encoded") {
    const auto refused = [](auto change) {
        auto payload = day_ticket();
        change(payload);
        return refusal_of(payload) == ErrorCode::invalid_body;
    };
    CHECK(refused([](auto& p) { p.id.sold.node = NodeId{0}; }));
    CHECK(refused([](auto& p) { p.id.sold.seq = Seq{0}; }));
    CHECK(refused([](auto& p) { p.id.ordinal = 0; }));
    CHECK(refused([](auto& p) { p.product = ProductId{"Adult"}; }));
    CHECK(refused([](auto& p) { p.product = ProductId{std::string(33, 'a')}; }));
    CHECK(refused([](auto& p) { p.persons = 0; }));
    CHECK(refused([](auto& p) { p.entries = 0; }));
    CHECK(refused([](auto& p) { p.valid_from = Date{-1}; }));
    CHECK(refused([](auto& p) { p.valid_to = Date{65536}; }));
    CHECK(refused([](auto& p) { p.valid_to = Date{p.valid_from.value - 1}; }));
    CHECK(refused([](auto& p) { p.zones.clear(); }));
    CHECK(refused([](auto& p) { p.zones = {ZoneId{"b"}, ZoneId{"a"}}; }));
    CHECK(refused([](auto& p) { p.zones = std::vector<ZoneId>(2, ZoneId{"a"}); }));
    CHECK(refused([](auto& p) { p.session = TicketSession{SessionId{"s"}, WallTime{1}, WallTime{60'000}}; }));
    CHECK(refused([](auto& p) { p.session = TicketSession{SessionId{"s"}, WallTime{60'000}, WallTime{0}}; }));
}
