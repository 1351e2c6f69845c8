#include "edge/api/router.hpp"

#include <doctest/doctest.h>

using namespace gatehouse::edge;

namespace {

Router sales_router() {
    Router router;
    router.add("GET", "/api/v1/sales", Access::named, {});
    router.add("POST", "/api/v1/sales", Access::named, {});
    router.add("POST", "/api/v1/sales/{}/refund", Access::named, {});
    return router;
}

}  // namespace

TEST_CASE("a path's parts stand for the braces") {
    const Router router = sales_router();
    const auto found = router.find("POST", "/api/v1/sales/7-1-9/refund");
    REQUIRE(found.route != nullptr);
    CHECK(found.parts == std::vector<std::string>{"7-1-9"});
}

TEST_CASE("another method is told apart from an unknown path") {
    const Router router = sales_router();
    CHECK(router.find("DELETE", "/api/v1/sales").allowed == "GET, POST");
    CHECK(router.find("DELETE", "/api/v1/sails").allowed.empty());
    CHECK(router.find("POST", "/api/v1/sales//refund").route == nullptr);
    CHECK(router.find("GET", "/api/v1/sales/").route == nullptr);
}
