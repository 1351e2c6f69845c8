#include <doctest/doctest.h>

#include "tests/edge/daemon/test_venue.hpp"

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
    const Answer shift = browser.post("/api/v1/shifts", {{"id", "s1"}, {"window", "window-1"}, {"float_minor", 10000}});
    REQUIRE_MESSAGE(shift.status == 201, boost::json::serialize(shift.body));
}

std::string sold_code(const Answer& sale) {
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
        const Answer sale = browser.post("/api/v1/sales", adult_sale("c1", 10000));
        REQUIRE_MESSAGE(sale.status == 201, boost::json::serialize(sale.body));
        CHECK(sale.number("change_minor") == 2000);
        CHECK(browser.post("/api/v1/sales", adult_sale("c1", 10000)).text("sale") == sale.text("sale"));
        CHECK(browser.post("/api/v1/sales", adult_sale("c1", 9000)).text("code") == "id_reused");
        code = sold_code(sale);
        browser.login("wang", "1234");
        token = browser.token;
        const Answer admit = browser.post("/api/v1/scans", {{"id", "a1"}, {"lane", "lane-1"}, {"code", code}});
        CHECK_MESSAGE(admit.text("verdict") == "admit", boost::json::serialize(admit.body));
        const Answer again = browser.post("/api/v1/scans", {{"id", "a2"}, {"lane", "lane-1"}, {"code", code}});
        CHECK(again.text("reason") == "already_used");
        CHECK(again.body.at("first_admission").at("gate").as_string() == "south");
        const Answer status = browser.get("/api/v1/status");
        CHECK(status.text("name") == "booth");
        node->stop();
    }
    const auto node = TestVenue::start(settings);
    Browser browser{node->api_address()};
    REQUIRE(browser.becomes_ready());
    browser.token = token;  // survives the restart
    const Answer again = browser.post("/api/v1/scans", {{"id", "a3"}, {"lane", "lane-1"}, {"code", code}});
    CHECK_MESSAGE(again.text("reason") == "already_used", boost::json::serialize(again.body));
    browser.login("li", "1234");
    const Answer sales = browser.get("/api/v1/sales");
    CHECK(sales.body.at("sales").as_array().size() == 1);
}
