// Central's HTTP interface, over the loopback, with the whole server behind it.
#include <doctest/doctest.h>

#include <thread>

#include "tests/sync/central/central_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::central;
using namespace gatehouse::central::testing;

namespace {

std::string text(const json::value& value) { return json::value_to<std::string>(value); }

}  // namespace

TEST_CASE("a venue is made once, and its keys are nobody else's to read") {
    TestCentral central;
    CHECK(central.venue.operator_name == "admin");
    CHECK(central.venue.pin.size() == 8);
    CHECK(central.venue.fingerprint.size() == 64);
    const auto again = init_venue(central.settings);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::forbidden);
    for (const auto& file : std::filesystem::directory_iterator{identity_folder(central.settings)})
        CHECK((file.status().permissions() & std::filesystem::perms{0077}) == std::filesystem::perms::none);
}

TEST_CASE("only a login opens the interface, and roles say how far") {
    TestCentral central;
    CHECK(central.call("GET", "catalogue").code() == "unauthenticated");
    CHECK(central.call("GET", "catalogue").status == 401);
    CHECK(central.login("admin", "0000").status == 401);
    CHECK(central.login("nobody", "0000").status == 401);
    const auto admin = central.login_admin();
    REQUIRE(admin.status == 200);
    CHECK(text(admin["operator"]) == "admin");
    CHECK(admin["roles"] == json::array{"administrator"});
    CHECK(central.call("GET", "nodes").status == 200);

    REQUIRE(central.add_operators({{{"name", "li"}, {"roles", {"clerk"}}, {"pin", "4711"}}}).status == 200);
    REQUIRE(central.login("li", "4711").status == 200);
    CHECK(central.call("GET", "catalogue").status == 200);
    CHECK(central.call("GET", "nodes").code() == "forbidden");
    CHECK(central.call("POST", "leases", {{"node", 1}, {"session", "s"}, {"units", 1}}).status == 403);
    central.token += "0";
    CHECK(central.call("GET", "catalogue").status == 401);
}

TEST_CASE("wrong PINs lock a name out, and no restart helps") {
    TestCentral central;
    // How many wrong PINs were taken before the name was locked out: each further one doubles the wait, so that also a
    // slow machine comes to an end.
    const auto taken = [&] {
        int count = 0;
        for (; count < 12; ++count) {
            const auto answer = central.login("admin", "0000");
            if (answer.status == 401) continue;
            CHECK(answer.code() == "locked_out");
            CHECK(answer["retry_after_s"].as_int64() >= 1);
            break;
        }
        return count;
    };
    CHECK(taken() >= 3);
    central.restart();
    CHECK(taken() < 3);
}

TEST_CASE("a catalogue is published on top of the version that was read") {
    TestCentral central;
    central.login_admin();
    const auto first = central.call("GET", "catalogue");
    REQUIRE(first.status == 200);
    CHECK(first.field("etag") == "\"1\"");
    CHECK(first["version"] == 1);
    auto body = first.body;
    body.as_object()["products"].as_array()[0].as_object()["price_minor"] = 9'000;
    CHECK(central.call("PUT", "catalogue", body).status == 428);
    CHECK(central.call("PUT", "catalogue", body, {{"If-Match", "\"7\""}}).status == 412);
    CHECK(central.call("PUT", "catalogue", body, {{"If-Match", "\"7\""}}).code() == "version_conflict");
    const auto second = central.call("PUT", "catalogue", body, {{"If-Match", first.field("etag")}});
    REQUIRE_MESSAGE(second.status == 200, second.text);
    CHECK(second.field("etag") == "\"2\"");
    CHECK(central.call("GET", "catalogue")["products"].as_array()[0].as_object().at("price_minor") == 9'000);
    body.as_object()["products"].as_array()[0].as_object()["zones"] = {"nowhere"};
    const auto versions = central.call("GET", "catalogue/versions")["versions"].as_array();
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].as_object().at("version") == 2);
    CHECK(versions[0].as_object().at("operator") == "admin");
    CHECK(central.call("GET", "catalogue/versions?before=2")["versions"].as_array().size() == 1);
    CHECK(central.call("GET", "catalogue/versions/1").body == first.body);
    CHECK(central.call("GET", "catalogue/versions/3").status == 404);
    CHECK(central.call("GET", "catalogue/versions/0").status == 404);
    CHECK(central.call("GET", "catalogue/versions?before=x").status == 422);
    const auto bad = central.call("PUT", "catalogue", body, {{"If-Match", "\"2\""}});
    CHECK(bad.status == 422);
    CHECK(text(bad["detail"]).find("products[0].zones") != std::string::npos);
}

TEST_CASE("PINs are set and never returned, and a new PIN ends the old tokens") {
    TestCentral central;
    central.login_admin();
    REQUIRE(central.add_operators({{{"name", "wang"}, {"roles", {"manager"}}, {"pin", "123456"}}}).status == 200);
    CHECK(central.call("GET", "catalogue").text.find("pin") == std::string::npos);
    REQUIRE(central.login("wang", "123456").status == 200);
    const auto manager = central.token;
    // A manager changes what is sold, not who works here.
    CHECK(central.add_operators({{{"name", "thief"}, {"roles", {"administrator"}}, {"pin", "1111"}}}).status == 403);
    central.login_admin();
    auto current = central.call("GET", "catalogue");
    for (auto& person : current.body.as_object()["operators"].as_array())
        if (person.as_object()["name"] == "wang") person.as_object()["pin"] = "654321";
    REQUIRE(central.call("PUT", "catalogue", current.body, {{"If-Match", current.field("etag")}}).status == 200);
    central.token = manager;
    CHECK(central.call("GET", "catalogue").status == 401);
    CHECK(central.login("wang", "654321").status == 200);
}

TEST_CASE("a publication with a PIN that comes again while it waits is answered as it was, and written once") {
    TestCentral central;
    central.login_admin();
    const auto current = central.call("GET", "catalogue");
    auto body = current.body;
    body.as_object()["operators"].as_array().push_back({{"name", "wang"}, {"roles", {"manager"}}, {"pin", "123456"}});
    std::vector<Answer> answers(4);
    {
        std::vector<std::jthread> askers;
        for (auto& answer : answers)
            askers.emplace_back([&] {
                auto client = central.another_client();
                answer = central.send_by(client, "PUT", "catalogue", json::serialize(body), "application/json",
                                         {{"If-Match", current.field("etag")}});
            });
    }
    for (const auto& answer : answers) {
        CHECK_MESSAGE(answer.status == 200, answer.text);
        CHECK(answer.field("etag") == "\"2\"");
        CHECK(answer.text == answers[0].text);
    }
    CHECK(central.call("GET", "catalogue/versions")["versions"].as_array().size() == 2);
    CHECK(central.login("wang", "123456").status == 200);
}

TEST_CASE("a token for a node is for one name, and says when it expires") {
    TestCentral central;
    central.login_admin();
    const auto issued = central.call("POST", "enrolment-tokens", {{"name", "gate-a"}});
    REQUIRE(issued.status == 201);
    CHECK(text(issued["token"]).starts_with("gh1-"));
    CHECK(text(issued["expires_at"]).ends_with("+08:00"));
    CHECK(central.call("POST", "enrolment-tokens", {{"name", "Gate A"}}).status == 422);
    CHECK(central.call("POST", "enrolment-tokens", {{"name", "x"}, {"other", 1}}).code() == "invalid_body");
}

TEST_CASE("orders are imported once, whichever way and how often they come") {
    TestCentral central;
    central.login_admin();
    const std::string header = "code,order,channel,product,persons,entries,valid_from,valid_to\n";
    const std::string rows =
        "AAA1,o-1,ota,adult,1,1,2026-05-01,2026-05-03\nAAA2,o-2,ota,adult,2,1,2026-05-01,2026-05-03\n";
    const auto first = central.send("POST", "orders/import", header + rows, "text/csv");
    REQUIRE_MESSAGE(first.status == 200, first.text);
    CHECK(first["imported"] == 2);
    CHECK(first["rows"].as_array()[0].as_object().at("row") == 2);
    const auto ticket = text(first["rows"].as_array()[0].as_object().at("ticket"));
    const auto again = central.send(
        "POST", "orders/import", header + rows + "AAA1,o-9,ota,adult,1,1,2026-05-01,2026-05-03\nbad,row\n", "text/csv");
    CHECK(again.status == 422);  // a row with other columns: no CSV at all
    const auto mixed = central.send("POST", "orders/import",
                                    header + rows +
                                        "AAA1,o-9,ota,adult,1,1,2026-05-01,2026-05-03\n"
                                        "AAA3,o-3,ota,nothing,1,1,2026-05-01,2026-05-03\n",
                                    "text/csv");
    CHECK(mixed["imported"] == 0);
    CHECK(mixed["duplicate"] == 2);
    CHECK(mixed["refused"] == 2);
    CHECK(text(mixed["rows"].as_array()[0].as_object().at("ticket")) == ticket);
    CHECK(text(mixed["rows"].as_array()[2].as_object().at("detail")) == "code: another order has it");
    const json::value listed{{"orders",
                              {{{"code", "AAA1"},
                                {"order", "o-1"},
                                {"channel", "ota"},
                                {"product", "adult"},
                                {"persons", 1},
                                {"entries", 1},
                                {"valid_from", "2026-05-01"},
                                {"valid_to", "2026-05-03"}}}}};
    CHECK(central.call("POST", "orders/import", listed)["duplicate"] == 1);
    CHECK(central.send("POST", "orders/import", "x", "text/plain").status == 415);
    CHECK(central.send("POST", "orders/import", "seat\n1\n", "text/csv").code() == "invalid_body");
}

TEST_CASE("an import of many pieces is complete") {
    TestCentral central;
    central.login_admin();
    std::string csv = "code,order,channel,product,persons,entries,valid_from,valid_to\n";
    for (int i = 0; i < 3'500; ++i) csv += "C" + std::to_string(i) + ",o,ota,adult,1,1,2026-05-01,2026-05-03\n";
    const auto answer = central.send("POST", "orders/import", csv, "text/csv");
    REQUIRE(answer.status == 200);
    CHECK(answer["imported"] == 3'500);
    CHECK(answer["rows"].as_array().back().as_object().at("row") == 3'501);
}

TEST_CASE("Host and Origin of another site are refused") {
    TestCentral central;
    central.login_admin();
    CHECK(central.call("GET", "catalogue", nullptr, {{"Origin", "http://evil.example"}}).status == 403);
    CHECK(central.call("GET", "catalogue", nullptr, {{"Origin", "http://localhost:1"}}).status == 200);
}

TEST_CASE("health needs no login, and an unknown path or method is told apart") {
    TestCentral central;
    CHECK(central.call("GET", "/livez").status == 200);
    CHECK(central.call("GET", "/readyz").status == 200);
    const auto health = central.call("GET", "/healthz");
    CHECK(health.status == 200);
    CHECK(health.text.find("\"checks\":{\"store\":[{\"status\":\"pass\"}],\"clock\":[{") != std::string::npos);
    const auto metrics = central.call("GET", "/metrics");
    CHECK(metrics.text.find("central_ingest_events_total{result=\"accepted\"} 0") != std::string::npos);
    CHECK(central.call("GET", "nothing").status == 404);
    const auto wrong = central.call("DELETE", "catalogue");
    CHECK(wrong.status == 405);
    CHECK(wrong.field("allow") == "GET, PUT");
}

TEST_CASE("reports of a venue without nodes are empty and complete") {
    TestCentral central;
    central.login_admin();
    for (const auto* path : {"reports/sales", "reports/admissions", "reports/shifts"}) {
        const auto report = central.call("GET", std::string{path} + "?business_date=2026-05-01");
        REQUIRE_MESSAGE(report.status == 200, report.text);
        CHECK(report["completeness"].as_object().at("expected").as_array().empty());
        CHECK(central.call("GET", std::string{path} + "?format=csv").field("content-type").starts_with("text/csv"));
        CHECK(central.call("GET", std::string{path} + "?business_date=yesterday").status == 422);
    }
    CHECK(central.call("GET", "occupancy").status == 200);
    CHECK(central.call("GET", "conflicts")["conflicts"].as_array().empty());
    for (const std::string since : {"", "12.7-1-120", "7-1-120", "7-1-120,8-2-4"}) {
        CAPTURE(since);
        const auto page = central.call("GET", "redemptions?since=" + since);
        REQUIRE(page.status == 200);
        CHECK(page["redemptions"].as_array().empty());
        CHECK(json::value_to<std::string>(page["next"]) == since);
    }
    const std::string endless(2'001, '1');
    for (const std::string since :
         {"nonsense", "1", "1.", ".3-1-2", "-1.3-1-2", "7-1-120,", "1.3-1-2,", endless.c_str()}) {
        CAPTURE(since);
        const auto refused = central.call("GET", "redemptions?since=" + since);
        CHECK(refused.status == 422);
        CHECK(refused.code() == "invalid_body");
    }
    CHECK(central.call("POST", "conflicts/none/resolve", {{"outcome", "accepted"}, {"note", "n"}}).status == 404);
}

TEST_CASE("a restart keeps the catalogue, the tokens and what was decided") {
    TestCentral central;
    central.login_admin();
    REQUIRE(central.add_operators({{{"name", "li"}, {"roles", {"clerk"}}, {"pin", "4711"}}}).status == 200);
    REQUIRE(central.call("POST", "revocations", {{"ticket", "1-1-5-1"}, {"reason", "lost"}}).status == 201);
    central.restart();
    CHECK(central.call("GET", "tickets/1-1-5-1")["revoked"] == true);
    CHECK(central.call("GET", "tickets/1-1-5-1")["known"] == false);
    const auto catalogue = central.call("GET", "catalogue");
    REQUIRE(catalogue.status == 200);
    CHECK(catalogue["version"] == 2);
    CHECK(central.login("li", "4711").status == 200);
}

TEST_CASE("the event stream tells of what is published, and resumes by id") {
    TestCentral central;
    central.login_admin();
    auto listener = sync::HttpClient::make(
        {.url = "http://" + central.central->api_address(), .unix_socket = {}, .trust = sync::TrustSystem{}});
    REQUIRE(listener);
    const sync::HttpFields fields{{"Authorization", "Bearer " + central.token}, {"Last-Event-ID", "another-run"}};
    REQUIRE(central.add_operators({{{"name", "li"}, {"roles", {"clerk"}}, {"pin", "4711"}}}).status == 200);
    sync::ServerSentEvent seen;
    const auto heard = listener->events("/api/v1/events", fields, [&](const sync::ServerSentEvent& event) {
        seen = event;
        return event.event != "catalogue";
    });
    REQUIRE(heard);
    CHECK(seen.event == "catalogue");
    CHECK(seen.data == R"({"version":2})");
    CHECK_FALSE(seen.id.empty());
}

TEST_CASE("a browser's session is a cookie that no script reads, and commands need the page's token besides") {
    TestCentral central;
    const auto begun = central.call("POST", "session", {{"operator", "admin"}, {"pin", central.venue.pin}});
    REQUIRE(begun.status == 200);
    CHECK(text(begun["venue"]) == "湖心岛");
    CHECK(begun.text.find("g1.") == std::string::npos);  // the token itself is in the cookie only
    const auto cookie = begun.field("set-cookie");
    CHECK(cookie.starts_with("gatehouse-central=g1.admin."));
    CHECK(cookie.find("; HttpOnly; SameSite=Strict") != std::string::npos);
    const sync::HttpFields with{{"Cookie", cookie.substr(0, cookie.find(';'))}};
    CHECK(central.call("GET", "session").status == 401);
    CHECK(central.call("GET", "session", nullptr, with)["csrf_token"] == begun["csrf_token"]);
    CHECK(central.call("GET", "nodes", nullptr, with).status == 200);
    CHECK(central.call("POST", "enrolment-tokens", {{"name", "gate-a"}}, with).code() == "forbidden");
    auto commanding = with;
    commanding.push_back({"X-CSRF-Token", text(begun["csrf_token"])});
    CHECK(central.call("POST", "enrolment-tokens", {{"name", "gate-a"}}, commanding).status == 201);
    const auto ended = central.call("DELETE", "session", nullptr, commanding);
    CHECK(ended.status == 204);
    CHECK(ended.field("set-cookie").ends_with("; Max-Age=0"));
    CHECK(central.call("POST", "session", {{"operator", "admin"}, {"pin", "0000"}}).status == 401);
}

TEST_CASE("the page is served compressed, once for each browser, under a policy that allows nothing else") {
    TestCentral central;
    const auto page = central.call("GET", "/");
    REQUIRE(page.status == 200);
    CHECK(page.field("content-encoding") == "gzip");
    CHECK(page.field("content-type") == "text/html; charset=utf-8");
    CHECK(page.field("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
    const auto again = central.call("GET", "/", nullptr, {{"If-None-Match", page.field("etag")}});
    CHECK(again.status == 304);
    CHECK(again.text.empty());
    CHECK(central.call("GET", "/pages/central.js").field("content-type") == "text/javascript; charset=utf-8");
    CHECK(central.call("GET", "/pages/central.css").status == 200);
    CHECK(central.call("GET", "/pages/window.js").status == 404);
    CHECK(central.call("GET", "/", nullptr, {{"Origin", "http://evil.example"}}).status == 403);
}

TEST_CASE("a catalogue is judged before it is published") {
    TestCentral central;
    central.login_admin();
    const auto first = central.call("GET", "catalogue");
    auto body = first.body;
    body.as_object()["operators"].as_array().push_back({{"name", "boss"}, {"roles", {"manager"}}, {"pin", "123456"}});
    CHECK(central.call("POST", "catalogue/check", body).status == 428);
    CHECK(central.call("POST", "catalogue/check", body, {{"If-Match", "\"7\""}}).status == 412);
    const auto good = central.call("POST", "catalogue/check", body, {{"If-Match", first.field("etag")}});
    REQUIRE_MESSAGE(good.status == 200, good.text);
    CHECK(good["version"] == 2);
    CHECK(central.call("GET", "catalogue")["version"] == 1);
    CHECK(central.login("boss", "123456").status == 401);
    central.login_admin();
    body.as_object()["products"].as_array()[0].as_object()["zones"] = {"nowhere"};
    CHECK(central.call("POST", "catalogue/check", body, {{"If-Match", first.field("etag")}}).status == 422);
}

TEST_CASE("who did what can be read, newest first, without any secret") {
    TestCentral central;
    central.login_admin();
    REQUIRE(central.add_operators({{{"name", "li"}, {"roles", {"clerk"}}, {"pin", "4711"}}}).status == 200);
    REQUIRE(central.call("POST", "enrolment-tokens", {{"name", "gate-a"}}).status == 201);
    const auto newest = central.call("GET", "records?count=2");
    REQUIRE_MESSAGE(newest.status == 200, newest.text);
    const auto& issued = newest["records"].as_array()[0].as_object();
    CHECK(issued.at("kind") == "enrolment_token_issued");
    CHECK(issued.at("operator") == "admin");
    const auto& published = newest["records"].as_array()[1].as_object();
    CHECK(published.at("kind") == "catalogue_published");
    CHECK(published.at("body") == json::value{{"version", 2}});
    const auto older = central.call("GET", "records?before=" + json::serialize(newest["next"]));
    CHECK(older["next"].is_null());
    CHECK(older["records"].as_array().size() + 2 ==
          static_cast<std::size_t>(newest["head"].to_number<std::uint64_t>()));
    const auto whole = central.call("GET", "records/" + text(published.at("record")));
    CHECK(whole["body"].as_object().contains("catalogue"));
    CHECK(whole.text.find("argon2") == std::string::npos);
    for (const auto* bad : {"records?count=0", "records?count=201", "records?before=x", "records?epoch=0"})
        CHECK(central.call("GET", bad).code() == "invalid_body");
    for (const auto* none : {"records?node=7", "records?epoch=9", "records/7-1-1", "records/1-1"})
        CHECK(central.call("GET", none).status == 404);
    REQUIRE(central.login("li", "4711").status == 200);
    CHECK(central.call("GET", "records").code() == "forbidden");
}
