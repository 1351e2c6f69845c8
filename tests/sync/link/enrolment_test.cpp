#include "sync/link/enrolment.hpp"

#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <future>

#include "schemas/crypto/certificate.hpp"
#include "sync/link/enrolment_json.hpp"
#include "sync/link/http_client.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/sync/link/link_rig.hpp"

namespace gatehouse::sync::testing {

namespace {

// A desk that knows one token.
class TestDesk : public EnrolmentDesk {
public:
    explicit TestDesk(const TestVenue& venue)
        : venue_(venue), token(make_enrolment_token(*fingerprint(venue.ca.certificate))) {
        venue_id.fill(7);
    }
    void enrol(EnrolmentRequest request, std::function<void(Result<EnrolmentGrant>)> answer) override {
        asked.push_back(request);
        if (request.token_digest != token_digest(token))
            return answer(fail(ErrorCode::unauthenticated, "no such token"));
        const auto tls =
            issue_tls_certificate(venue_.ca, request.tls_request, request.name.value, long_ago, much_later);
        EnrolmentGrant grant;
        grant.node = NodeId{7};
        grant.tls_certificate = *tls;
        grant.ca = venue_.ca.certificate;
        grant.authority = authority.public_key();
        grant.certificate = issue_certificate(authority, {venue_id, grant.node, request.name, request.signing_key,
                                                          request.tls_key, long_ago, much_later});
        grant.central_certificate = issue_certificate(
            authority, {venue_id, central_node, NodeName{"central"}, central.public_key(), {}, long_ago, much_later});
        grant.venue = {venue_id, "West Lake", "Asia/Shanghai", "CNY", 180, {}};
        if (spoil) spoil(grant);
        granted = grant;
        answer(grant);
    }

private:
    const TestVenue& venue_;

public:
    SigningKey authority = SigningKey::generate();
    SigningKey central = SigningKey::generate();
    VenueId venue_id{};
    EnrolmentToken token;
    std::vector<EnrolmentRequest> asked;
    std::optional<EnrolmentGrant> granted;
    std::function<void(EnrolmentGrant&)> spoil;
};

struct EnrolmentRig {
    TestVenue venue;
    TestDesk desk{venue};
    boost::asio::io_context io;
    TestLinks server;
    std::string address;

    explicit EnrolmentRig(const std::string& answers = "central") : server{io, venue.machine(answers)} {
        ListenOptions options;
        options.listen = "127.0.0.1:0";
        options.enrolment = &desk;
        address = *server.links.listen(options);
    }
    // Runs the blocking client beside the server.
    template <class Work>
    auto beside(Work work) {
        auto result = std::async(std::launch::async, std::move(work));
        run_until(io, [&] { return result.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
        return result.get();
    }
    Result<EnrolmentGrant> enrol_with(const EnrolmentToken& token) {
        return beside([&] {
            const auto key = SigningKey::generate();
            const auto tls_key = make_tls_key();
            return enrol("https://" + address, token, NodeName{"booth"}, key, tls_key);
        });
    }
};

}  // namespace

TEST_CASE("a token has one spelling") {
    const auto token = make_enrolment_token(Hash{1, 2, 3});
    const auto text = to_string(token);
    CHECK(text.size() == 68);
    CHECK(parse_enrolment_token(text).value() == token);
    CHECK_FALSE(parse_enrolment_token(text.substr(1)));
    CHECK_FALSE(parse_enrolment_token(text + "A"));
    auto other = text;
    other[10] = '+';
    CHECK_FALSE(parse_enrolment_token(other));
}

TEST_CASE("a machine with a token becomes a node, and its link is taken") {
    EnrolmentRig rig;
    const auto key = SigningKey::generate();
    const auto tls_key = make_tls_key();
    const auto grant =
        rig.beside([&] { return enrol("https://" + rig.address, rig.desk.token, NodeName{"booth"}, key, tls_key); });
    REQUIRE(grant);
    CHECK(*grant == *rig.desk.granted);
    CHECK(rig.desk.asked[0].name == NodeName{"booth"});
    CHECK(rig.desk.asked[0].signing_key == key.public_key());

    TestLinks node{rig.io, VenueTls{{tls_key, grant->tls_certificate + grant->ca}, grant->ca}};
    node.links.dial(rig.address);
    REQUIRE(run_until(rig.io, [&] { return !rig.server.opened.empty(); }));
    CHECK(rig.server.opened[0].tls_key == *spki_hash_of_key(tls_key));
}

TEST_CASE("an unknown token is refused") {
    EnrolmentRig rig;
    const auto grant = rig.enrol_with(make_enrolment_token(rig.desk.token.ca));
    REQUIRE_FALSE(grant);
    CHECK(grant.error().code == ErrorCode::unauthenticated);
}

TEST_CASE("a server that is not below the token's CA is not spoken to") {
    EnrolmentRig rig;
    const auto grant = rig.enrol_with(make_enrolment_token(*fingerprint(TestVenue{}.ca.certificate)));
    REQUIRE_FALSE(grant);
    CHECK(grant.error().code == ErrorCode::unauthenticated);
    CHECK(rig.desk.asked.empty());
}

TEST_CASE("a node of the venue that answers in central's place is not spoken to") {
    EnrolmentRig rig{"gate"};
    const auto grant = rig.enrol_with(rig.desk.token);
    REQUIRE_FALSE(grant);
    CHECK(grant.error().code == ErrorCode::unauthenticated);
    CHECK(rig.desk.asked.empty());
}

TEST_CASE("a grant that is not for this machine is not believed") {
    EnrolmentRig rig;
    rig.desk.spoil = [&](EnrolmentGrant& grant) {
        const auto other = SigningKey::generate();
        auto certificate = *parse_certificate(grant.certificate);
        certificate.signing_key = other.public_key();
        grant.certificate = issue_certificate(rig.desk.authority, certificate);
    };
    const auto grant = rig.enrol_with(rig.desk.token);
    REQUIRE_FALSE(grant);
    CHECK(grant.error().code == ErrorCode::unauthenticated);
}

TEST_CASE("a request without proof of the signing key is refused") {
    const auto token = make_enrolment_token({});
    const auto key = SigningKey::generate();
    const auto request = make_request(make_tls_key(), "booth");
    auto body = spell_enrolment_request(token, NodeName{"booth"}, key, *request);
    CHECK(parse_enrolment_request(body, "peer"));
    const auto at = body.find("\"name\":\"booth\"") + 9;
    body[at] = 'd';
    const auto bad = parse_enrolment_request(body, "peer");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == ErrorCode::bad_signature);
    CHECK_FALSE(parse_enrolment_request("{}", "peer"));
    CHECK_FALSE(parse_enrolment_request("[[[[[[[[[[", "peer"));
}

TEST_CASE("a client without certificate gets no link, and no other page") {
    EnrolmentRig rig;
    HttpClientOptions options;
    options.url = "https://" + rig.address;
    options.trust = TrustCa{rig.venue.ca.certificate};
    const auto statuses = rig.beside([&] {
        std::vector<unsigned> out;
        for (const auto* path : {"/enrol", "/", "/sync"}) {
            auto client = HttpClient::make(options);
            const auto answer = client->request("GET", path);
            out.push_back(answer ? answer->status : 0);
        }
        auto client = HttpClient::make(options);
        const auto upgrade = client->request("GET", "/sync", {},
                                             {{"Upgrade", "websocket"},
                                              {"Connection", "upgrade"},
                                              {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                              {"Sec-WebSocket-Version", "13"}});
        out.push_back(upgrade ? upgrade->status : 0);
        return out;
    });
    CHECK(statuses == std::vector<unsigned>{404, 404, 404, 403});
    CHECK(rig.server.opened.empty());
}

}  // namespace gatehouse::sync::testing
