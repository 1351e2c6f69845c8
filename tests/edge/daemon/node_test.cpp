#include <doctest/doctest.h>

#include <chrono>
#include <future>

#include "edge/journal/journal_files.hpp"
#include "sync/ledger/database.hpp"
#include "tests/edge/daemon/test_venue.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::test;
using boost::json::array;
using boost::json::object;

namespace {

object adult_sale(const std::string& id, std::int64_t cash = 8000) {
    return {{"id", id},
            {"window", "window-1"},
            {"lines", array{object{{"product", "adult"}, {"quantity", 1}}}},
            {"tenders", array{object{{"kind", "cash"}, {"amount_minor", cash}}}}};
}

void open_shift(Browser& browser) {
    const HttpAnswer shift =
        browser.post("/api/v1/shifts", {{"id", "s1"}, {"window", "window-1"}, {"float_minor", 10000}});
    REQUIRE_MESSAGE(shift.status == 201, boost::json::serialize(shift.body));
}

std::string sold_code(const HttpAnswer& sale) {
    return std::string{sale.body.at("tickets").as_array().at(0).at("code").as_string()};
}

}  // namespace

TEST_CASE("a ticket is sold and admitted once, and a restarted node knows it") {
    TestVenue venue;
    const auto settings = venue.add_node("booth");
    std::string token;
    std::string code;
    {
        const auto node = TestVenue::start(settings);
        Browser browser{node->api_address()};
        browser.login("li", "1234");
        open_shift(browser);
        const HttpAnswer sale = browser.post("/api/v1/sales", adult_sale("c1", 10000));
        REQUIRE_MESSAGE(sale.status == 201, boost::json::serialize(sale.body));
        CHECK(sale.number("change_minor") == 2000);
        CHECK(browser.post("/api/v1/sales", adult_sale("c1", 10000)).text("sale") == sale.text("sale"));
        CHECK(browser.post("/api/v1/sales", adult_sale("c1", 9000)).text("code") == "id_reused");
        code = sold_code(sale);
        browser.login("wang", "1234");
        token = browser.token;
        const HttpAnswer admit = browser.post("/api/v1/scans", {{"id", "a1"}, {"lane", "lane-1"}, {"code", code}});
        CHECK_MESSAGE(admit.text("verdict") == "admit", boost::json::serialize(admit.body));
        const HttpAnswer again = browser.post("/api/v1/scans", {{"id", "a2"}, {"lane", "lane-1"}, {"code", code}});
        CHECK(again.text("reason") == "already_used");
        CHECK(again.body.at("first_admission").at("gate").as_string() == "south");
        const HttpAnswer status = browser.get("/api/v1/status");
        CHECK(status.text("name") == "booth");
        node->stop();
    }
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    REQUIRE(browser.becomes_ready());
    browser.token = token;  // survives the restart
    const HttpAnswer again = browser.post("/api/v1/scans", {{"id", "a3"}, {"lane", "lane-1"}, {"code", code}});
    CHECK_MESSAGE(again.text("reason") == "already_used", boost::json::serialize(again.body));
    browser.login("li", "1234");
    const HttpAnswer sales = browser.get("/api/v1/sales");
    CHECK(sales.body.at("sales").as_array().size() == 1);
}

TEST_CASE("strangers, foreign pages and malformed bodies are refused with the contract's errors") {
    TestVenue venue;
    const auto node = TestVenue::start(venue.add_node("booth"));
    Browser browser{node->api_address()};
    REQUIRE(browser.becomes_ready());
    CHECK(browser.get("/api/v1/status").text("code") == "unauthenticated");
    browser.token = "g1.li.9999999999." + std::string(64, '0');
    CHECK(browser.get("/api/v1/status").status == 401);
    browser.login("li", "1234");
    CHECK(browser.call("GET", "/api/v1/status", {}, {{"Origin", "http://evil.example"}}).text("code") == "forbidden");
    CHECK(browser.call("GET", "/api/v1/status", {}, {{"Origin", "http://localhost:8440"}}).status == 200);
    const HttpAnswer wrong =
        browser.post("/api/v1/sales", {{"id", "c"}, {"window", "window-1"}, {"lines", array{}}, {"tenders", array{}}});
    CHECK(wrong.status == 422);
    CHECK(wrong.text("detail").find("lines") != std::string::npos);
    CHECK(browser.post("/api/v1/emergency", {{"open", true}, {"more", 1}}).status == 422);
    CHECK(browser.get("/api/v1/nothing").status == 404);
    CHECK(browser.call("DELETE", "/api/v1/sales").status == 405);
}

TEST_CASE("a wrong PIN is refused, and after some the operator must wait") {
    TestVenue venue;
    const auto node = TestVenue::start(venue.add_node("booth"));
    Browser browser{node->api_address()};
    REQUIRE(browser.becomes_ready());
    HttpAnswer last;
    for (int tries = 0; tries < 4; ++tries) last = browser.post("/api/v1/login", {{"operator", "li"}, {"pin", "9999"}});
    CHECK_MESSAGE(last.status == 429, boost::json::serialize(last.body));
    CHECK(last.number("retry_after_s") > 0);
}

TEST_CASE("an emergency survives a restart as a latch, and is ended by an operator") {
    TestVenue venue;
    const auto settings = venue.add_node("gate");
    {
        const auto node = TestVenue::start(settings);
        Browser browser{node->api_address()};
        browser.login("wang", "1234");
        CHECK(browser.post("/api/v1/emergency", {{"open", true}}).body.at("recorded").as_bool());
        node->stop();
        CHECK(std::filesystem::exists(settings.data_dir / "emergency.latch"));
    }
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    browser.login("wang", "1234");
    CHECK(browser.get("/api/v1/status").body.at("emergency").as_bool());
    CHECK(browser.post("/api/v1/emergency", {{"open", false}}).status == 200);
    node->stop();
    CHECK_FALSE(std::filesystem::exists(settings.data_dir / "emergency.latch"));
}

TEST_CASE("with a journal that cannot be opened the API runs, and an emergency acts unrecorded") {
    TestVenue venue;
    const auto settings = venue.add_node("gate");
    std::string token;
    {
        const auto node = TestVenue::start(settings);
        Browser browser{node->api_address()};
        browser.login("wang", "1234");
        token = browser.token;
        (void)browser.get("/api/v1/status");  // the catalogue is kept beside the journal
        node->stop();
    }
    std::filesystem::rename(settings.data_dir / "journal.db", settings.data_dir / "away.db");
    std::filesystem::create_directory(settings.data_dir / "journal.db");  // cannot be opened as a file
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    browser.token = token;
    CHECK(browser.get("/readyz").status == 503);
    const HttpAnswer opened = browser.post("/api/v1/emergency", {{"open", true}});
    REQUIRE_MESSAGE(opened.status == 200, boost::json::serialize(opened.body));
    CHECK_FALSE(opened.body.at("recorded").as_bool());
    // Nothing can be recorded: still a verdict, and the contract's error for a sale.
    const HttpAnswer scan = browser.post("/api/v1/scans", {{"id", "s"}, {"lane", "lane-1"}, {"code", "X"}});
    CHECK(scan.status == 200);
    CHECK(scan.text("verdict") == "refuse");
    CHECK(scan.text("reason") == "storage_unavailable");
    Browser clerk{node->api_address()};
    clerk.token = clerk.post("/api/v1/login", {{"operator", "li"}, {"pin", "1234"}}).text("token");
    const HttpAnswer sale = clerk.post("/api/v1/sales", adult_sale("c1"));
    CHECK(sale.status == 503);
    CHECK(sale.text("code") == "storage_unavailable");

    const HttpAnswer again = browser.post("/api/v1/login", {{"operator", "wang"}, {"pin", "1234"}});
    REQUIRE_MESSAGE(again.status == 200, boost::json::serialize(again.body));
    CHECK(browser.post("/api/v1/login", {{"operator", "wang"}, {"pin", "4321"}}).status == 401);
    const HttpAnswer ended = browser.post("/api/v1/emergency", {{"open", false}});
    REQUIRE_MESSAGE(ended.status == 200, boost::json::serialize(ended.body));
    CHECK_FALSE(ended.body.at("recorded").as_bool());
    const HttpAnswer freed =
        browser.call("PUT", "/api/v1/lanes/lane-1/mode", {{"mode", "free"}, {"reason", "no journal"}});
    REQUIRE_MESSAGE(freed.status == 200, boost::json::serialize(freed.body));
    CHECK_FALSE(freed.body.at("recorded").as_bool());
    const HttpAnswer status = browser.get("/api/v1/status");
    CHECK_FALSE(status.body.at("emergency").as_bool());
    CHECK(status.body.at("lanes").at(0).at("mode").as_string() == "free");
}

TEST_CASE("an emergency that was ended without a record is not open again after the next start") {
    TestVenue venue;
    const auto settings = venue.add_node("gate");
    std::string token;
    {
        const auto node = TestVenue::start(settings);
        Browser browser{node->api_address()};
        browser.login("wang", "1234");
        token = browser.token;
        CHECK(browser.post("/api/v1/emergency", {{"open", true}}).body.at("recorded").as_bool());
        node->stop();
    }
    std::filesystem::rename(settings.data_dir / "journal.db", settings.data_dir / "away.db");
    std::filesystem::create_directory(settings.data_dir / "journal.db");
    {
        const auto node = TestVenue::start(settings);
        Browser browser{node->api_address()};
        browser.token = token;
        CHECK(browser.post("/api/v1/emergency", {{"open", false}}).status == 200);
        CHECK(eventually([&] { return std::filesystem::exists(settings.data_dir / "emergency.ended"); }));
        node->stop();
    }
    std::filesystem::remove(settings.data_dir / "journal.db");
    std::filesystem::rename(settings.data_dir / "away.db", settings.data_dir / "journal.db");
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    REQUIRE(browser.becomes_ready());
    browser.token = token;
    CHECK_FALSE(browser.get("/api/v1/status").body.at("emergency").as_bool());
    CHECK(eventually([&] { return !std::filesystem::exists(settings.data_dir / "emergency.ended"); }));
}

TEST_CASE("a node without work stops at once, whoever is connected") {
    TestVenue venue;
    const auto settings = venue.add_node("booth");
    auto least = std::chrono::steady_clock::duration::max();
    for (int run = 0; run < 3; ++run) {
        const auto node = TestVenue::start(settings);
        Browser browser{node->api_address()};  // its connection stays open
        REQUIRE(browser.becomes_ready());
        const auto began = std::chrono::steady_clock::now();
        node->stop();
        least = std::min(least, std::chrono::steady_clock::now() - began);
    }
    CHECK(least < std::chrono::milliseconds{300});
}

TEST_CASE("a disk that failed twice within ten minutes is read, and its journal reaches a peer") {
    TestVenue venue;
    auto booth = venue.add_node("booth");
    booth.peers.listen = "127.0.0.1:0";
    {
        const auto node = TestVenue::start(booth);
        Browser browser{node->api_address()};
        browser.login("li", "1234");
        open_shift(browser);
        CHECK(browser.post("/api/v1/sales", adult_sale("c1")).status == 201);
        node->stop();
    }
    const edge::JournalFiles files{booth.data_dir};
    files.failure().note();
    files.failure().set_aside();
    files.failure().note();
    const auto node = TestVenue::start(booth);
    Browser browser{node->api_address()};
    REQUIRE(eventually([&] { return !node->peer_address().empty(); }));
    CHECK(browser.get("/readyz").status == 503);

    auto gate = venue.add_node("gate");
    gate.peers.dialled = {node->peer_address()};
    const auto peer = TestVenue::start(gate);
    Browser reader{peer->api_address()};
    reader.login("li", "1234");
    const auto copied = [&] {
        const HttpAnswer heads = reader.get("/api/v1/journals");
        for (const auto& journal : heads.body.at("journals").as_array())
            if (journal.at("node").as_int64() == 1) return journal.at("head").as_int64();
        return std::int64_t{0};
    };
    CHECK(eventually([&] { return copied() >= 5; }));  // the epoch, the start, the login, the shift, the sale
}

TEST_CASE("a node is isolated without central and without one of the others, and neither alone isolates it") {
    TestVenue venue;
    auto central = venue.start_central();
    auto settings = venue.add_node("gate");
    settings.peers.listen = "127.0.0.1:0";
    settings.central.urls = {"wss://" + central->address() + "/sync"};
    const auto gate = TestVenue::start(settings);
    Browser at_gate{gate->api_address()};
    at_gate.login("li", "1234");
    const auto joins = [&](const std::string& name) {
        auto node = venue.add_node(name);
        node.peers.dialled = {gate->peer_address()};
        return node;
    };
    const auto booth = TestVenue::start(joins("booth"));
    const auto kiosk_settings = joins("kiosk");
    auto kiosk = TestVenue::start(kiosk_settings);
    const auto hears = [&](std::size_t peers, bool with_central) {
        const HttpAnswer status = at_gate.get("/api/v1/status");
        std::size_t connected = 0;
        for (const auto& peer : status.body.at("peers").as_array()) connected += peer.at("connected").as_bool();
        return connected == peers && status.body.at("central").at("connected").as_bool() == with_central;
    };
    const auto isolated = [&] { return at_gate.get("/api/v1/status").body.at("isolated").as_bool(); };
    REQUIRE(eventually([&] { return hears(2, true); }));
    CHECK_FALSE(isolated());
    // Who is enrolled is told by central, or, as here, by the first record of each node's journal.
    REQUIRE(eventually([&] { return at_gate.get("/api/v1/journals").body.at("journals").as_array().size() == 4; }));

    kiosk->stop();
    REQUIRE(eventually([&] { return hears(1, true); }));
    CHECK_FALSE(isolated());
    central->stop();
    REQUIRE(eventually([&] { return hears(1, false); }));
    CHECK(eventually(isolated));
    open_shift(at_gate);
    const std::string code = sold_code(at_gate.post("/api/v1/sales", adult_sale("c1")));
    at_gate.login("wang", "1234");
    const HttpAnswer admit = at_gate.post("/api/v1/scans", {{"id", "a1"}, {"lane", "lane-1"}, {"code", code}});
    CHECK(boost::json::serialize(admit.body.at("notes")) == R"(["unconfirmed"])");

    kiosk = TestVenue::start(kiosk_settings);
    REQUIRE(eventually([&] { return hears(2, false); }));
    CHECK_FALSE(isolated());
}

TEST_CASE("a read that fails while somebody looks at a report ends the node as a failed disk does") {
    TestVenue venue;
    const auto settings = venue.add_node("booth");
    TestVenue::start(settings)->stop();
    {
        auto database = ledger::Database::open(settings.data_dir / "journal.db", {});
        REQUIRE(database);
        REQUIRE(database->execute("DROP TABLE refund"));  // what only the report asks for
    }
    std::promise<edge::NodeEnd> told;
    auto ended = told.get_future();
    const auto node = edge::Node::start(settings, [&](const edge::NodeEnd& end) { told.set_value(end); });
    REQUIRE(node);
    Browser browser{(*node)->api_address()};
    browser.login("li", "1234");
    CHECK(browser.get("/api/v1/reports/day").text("code") == "storage_unavailable");
    REQUIRE(ended.wait_for(std::chrono::seconds{10}) == std::future_status::ready);
    const auto end = ended.get();
    CHECK(end.exit == 74);
    CHECK_MESSAGE(end.why.find("a read failed") != std::string::npos, end.why);
}

TEST_CASE("events are followed, and resumed after the last one seen") {
    TestVenue venue;
    const auto node = TestVenue::start(venue.add_node("gate"));
    Browser browser{node->api_address()};
    browser.login("wang", "1234");
    const auto follow = [&](const std::string& last) {
        auto client = client_of(node->api_address());
        sync::HttpFields fields{{"Authorization", "Bearer " + browser.token}};
        if (!last.empty()) fields.push_back({"Last-Event-ID", last});
        std::vector<std::pair<std::string, std::string>> seen;
        const auto done = client.events("/api/v1/events", fields, [&](const sync::ServerSentEvent& event) {
            seen.emplace_back(event.event, event.id);
            return event.event != "scan";
        });
        CHECK(done.has_value());
        return seen;
    };
    (void)browser.post("/api/v1/scans", {{"id", "s1"}, {"lane", "lane-1"}, {"code", "HELLO"}});
    const auto first = follow("another-run-1");
    REQUIRE_FALSE(first.empty());
    CHECK(first.front().first == "snapshot_needed");
    CHECK(first.back().first == "scan");
    (void)browser.post("/api/v1/scans", {{"id", "s2"}, {"lane", "lane-1"}, {"code", "HELLO2"}});
    const auto second = follow(first.back().second);
    REQUIRE_FALSE(second.empty());
    CHECK(second.front().first != "snapshot_needed");
    CHECK(second.back().second != first.back().second);
}

TEST_CASE("what the last verification found is in the status, until another one finds nothing") {
    TestVenue venue;
    const auto settings = venue.add_node("booth");
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    browser.login("li", "1234");
    const auto found = [&] { return browser.get("/api/v1/status").body.at("journal").at("verified"); };
    CHECK(found().at("records").is_null());
    CHECK(found().at("fault").is_null());
    CHECK(browser.post("/api/v1/journals/verify", object{}).status == 200);
    CHECK(found().at("records").as_int64() > 2);
    const auto spoil = [&](const char* how) {
        auto database = ledger::Database::open(settings.data_dir / "journal.db", {});
        REQUIRE(database);
        REQUIRE(database->execute(how));
    };
    spoil("UPDATE journal SET stored = CAST(stored || x'00' AS BLOB) WHERE ref = (SELECT min(ref) FROM journal)");
    CHECK(browser.post("/api/v1/journals/verify", object{}).status == 200);
    CHECK(found().at("fault").is_string());
    CHECK(browser.post("/api/v1/journals/verify?node=1", object{}).status == 200);
    CHECK(found().at("fault").is_string());  // one node's journals say nothing of the others
    spoil(
        "UPDATE journal SET stored = substr(stored, 1, length(stored) - 1) "
        "WHERE ref = (SELECT min(ref) FROM journal)");
    CHECK(browser.post("/api/v1/journals/verify", object{}).status == 200);
    CHECK(found().at("fault").is_null());
    node->stop();
}

TEST_CASE("the journals are listed, read and verified") {
    TestVenue venue;
    const auto node = TestVenue::start(venue.add_node("booth"));
    Browser browser{node->api_address()};
    browser.login("li", "1234");
    open_shift(browser);
    CHECK(browser.post("/api/v1/sales", adult_sale("c1")).status == 201);
    const HttpAnswer heads = browser.get("/api/v1/journals");
    CHECK(heads.body.at("journals").as_array().size() == 2);
    const HttpAnswer verified = browser.post("/api/v1/journals/verify", object{});
    for (const auto& journal : verified.body.at("journals").as_array()) CHECK(journal.at("ok").as_bool());
    CHECK(browser.get("/api/v1/journals/records?node=1&epoch=1&from=1").status == 200);
    CHECK_FALSE(browser.get("/api/v1/reports/day").body.as_object().contains("total_minor"));
    browser.login("zhao", "1234");
    const HttpAnswer day = browser.get("/api/v1/reports/day");
    CHECK(day.number("total_minor") == 8000);
}
