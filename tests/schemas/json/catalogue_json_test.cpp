#include "schemas/json/catalogue_json.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/support/result_printing.hpp"

using namespace gatehouse;
namespace json = boost::json;

namespace {

json::value example_body() {
    return json::parse(R"({
        "version": 3, "currency": "CNY",
        "zones": [{"id": "park", "name": {"zh-CN": "园区", "en": "Park"}}, {"id": "show", "name": {"zh-CN": "剧场", "en": "Show"}}],
        "products": [
            {"id": "adult-day", "name": {"zh-CN": "成人票", "en": "Adult day"}, "price_minor": 8000,
             "prices": [{"from": "2026-12-01", "price_minor": 9000}, {"from": "2027-01-01", "price_minor": 9500}],
             "persons": 1, "entries": 1, "reentry": true, "companions": 2, "validity": {"kind": "day"}, "zones": ["park"],
             "check_id": false, "isolated": "admit", "sold_from": "2026-01-01", "sold_to": "2027-12-31"},
            {"id": "season", "name": {"zh-CN": "季票", "en": "Season"}, "price_minor": 30000, "prices": [], "persons": 0,
             "entries": 10, "reentry": false, "companions": 0,
             "validity": {"kind": "range", "from": "2026-01-01", "to": "2026-12-31"}, "zones": ["show", "park"],
             "check_id": true, "isolated": "refuse"},
            {"id": "show", "name": {"zh-CN": "演出", "en": "Show"}, "price_minor": 12000, "prices": [], "persons": 1,
             "entries": 1, "reentry": false, "companions": 0, "validity": {"kind": "session"}, "zones": ["show"],
             "check_id": false, "isolated": "ask"}],
        "concessions": [{"class": "student", "name": {"zh-CN": "学生", "en": "Student"}, "percent": 50},
                        {"class": "child", "name": {"zh-CN": "儿童", "en": "Child"}}],
        "sessions": [{"id": "2026-11-21.am", "product": "show", "starts": "2026-11-21T09:00:00+08:00",
                      "ends": "2026-11-21T11:00:00+08:00", "capacity": 100, "paper_slice": 10}],
        "operators": [{"name": "admin", "roles": ["administrator"]}, {"name": "li", "roles": ["clerk", "operator"]}],
        "limits": {"unverified_total_minor": 100000, "refund_supervisor_minor": 50000, "session_grace_min": 30}})");
}

VenueCalendar shanghai() { return *VenueCalendar::make("Asia/Shanghai", std::chrono::hours{4}); }

std::string fault_after(std::string_view pointer, const json::value& changed) {
    auto body = example_body();
    const auto slash = pointer.rfind('/');
    boost::system::error_code error;
    auto* parent = slash == 0 ? &body : body.find_pointer(pointer.substr(0, slash), error);
    REQUIRE(parent != nullptr);
    parent->as_object()[pointer.substr(slash + 1)] = changed;
    const auto read = read_catalogue(body);
    return read ? "" : read.error().detail;
}

}  // namespace

TEST_CASE("a catalogue is shown exactly as it was put") {
    const auto body = example_body();
    const auto read = read_catalogue(body);
    REQUIRE(read);
    CHECK(json::serialize(catalogue_json(read->catalogue, shanghai(), "CNY")) == json::serialize(body));
    CHECK(read->catalogue.version == 3);
    CHECK(read->currency == "CNY");
    CHECK(read->pins.empty());
    CHECK(read->catalogue.product(ProductId{"season"})->validity.to == Date{20'818});
    CHECK(read->catalogue.operators[1].roles == std::vector{Role::clerk, Role::operator_});
}

TEST_CASE("PINs come in beside the catalogue and never go out") {
    auto body = example_body();
    body.at("operators").at(1).as_object()["pin"] = "471100";
    const auto read = read_catalogue(body);
    REQUIRE(read);
    CHECK(read->pins == std::map<OperatorName, std::string>{{OperatorName{"li"}, "471100"}});
    auto catalogue = read->catalogue;
    catalogue.operators[1].pin_hash = "$argon2id$secret";
    const auto shown = json::serialize(catalogue_json(catalogue, shanghai(), "CNY"));
    CHECK(shown.find("pin") == std::string::npos);
    CHECK(shown.find("argon2id") == std::string::npos);
}

TEST_CASE("what may be left out has its default") {
    const auto read = parse_catalogue(R"({"zones": [{"id": "z", "name": {"zh-CN": "区", "en": "Z"}}],
        "products": [{"id": "p", "name": {"zh-CN": "票", "en": "P"}, "price_minor": 1, "validity": {"kind": "day"}, "zones": ["z"]}],
        "operators": [{"name": "admin", "roles": ["administrator"], "pin": "1234"}]})");
    REQUIRE(read);
    const auto& product = read->catalogue.products[0];
    CHECK(product.persons == 1);
    CHECK(product.entries == 1);
    CHECK(product.isolated == IsolatedPolicy::admit);
    CHECK(read->catalogue.limits == Limits{});
}

TEST_CASE("a catalogue that breaks a rule is refused with the path of the fault") {
    struct Case {
        const char* pointer;
        const char* value;
        const char* fault;
    };
    constexpr const char* words = R"({"zh-CN":"x","en":"x"})";
    const std::string twice =
        std::string{R"([{"id":"park","name":)"} + words + R"(},{"id":"park","name":)" + words + "}]";
    const std::vector<Case> cases{
        {"/zones", twice.c_str(), "zones[1].id: is there twice"},
        {"/zones/0/id", R"("Park")", "zones[0].id: is not a name of 1 to 32 of a-z 0-9 . _ -"},
        {"/zones/0/name/fr", R"("Parc")", "zones[0].name.fr: is not known"},
        {"/zones/0/name/en", R"("")", "zones[0].name.en: is too short"},
        {"/products/1/id", R"("adult-day")", "products[1].id: is there twice"},
        {"/products/0/price_minor", "-1", "products[0].price_minor: is not between 0 and 1000000000000"},
        {"/products/0/prices/1/from", R"("2026-12-01")", "products[0].prices[1].from: is not after the one before"},
        {"/products/0/entries", "0", "products[0].entries: is not between 1 and 65535"},
        {"/products/0/companions", "256", "products[0].companions: is not between 0 and 255"},
        {"/products/0/zones", R"(["lake"])", "products[0].zones: names a zone that the catalogue has not"},
        {"/products/0/zones", R"(["park","park"])", "products[0].zones: names a zone twice"},
        {"/products/0/zones", "[]", "products[0].zones: has not 1 to 8 elements"},
        {"/products/0/validity", R"({"kind":"week"})", "products[0].validity.kind: is not one of the known words"},
        {"/products/0/validity/to", R"("2027-01-01")", "products[0].validity: has from and to only when it is a range"},
        {"/products/1/validity", R"({"kind":"range"})", "products[1].validity.to: is missing"},
        {"/products/1/validity/from", R"("2027-01-01")", "products[1].validity.to: is before from"},
        {"/products/0/sold_to", R"("2025-01-01")", "products[0].sold_to: is before sold_from"},
        {"/products/0/isolated", R"("maybe")", "products[0].isolated: is not one of the known words"},
        {"/concessions/0/percent", "101", "concessions[0].percent: is not between 0 and 100"},
        {"/concessions/1/class", R"("student")", "concessions[1].class: is there twice"},
        {"/sessions/0/product", R"("opera")", "sessions[0].product: is not in the catalogue"},
        {"/sessions/0/product", R"("season")", "sessions[0].product: is not sold by session"},
        {"/sessions/0/starts", R"("2026-11-21T09:00:30+08:00")",
         "sessions[0].starts: is not a whole minute after 1970"},
        {"/sessions/0/ends", R"("2026-11-21T09:00:00+08:00")", "sessions[0].ends: is not after starts"},
        {"/sessions/0/paper_slice", "101", "sessions[0].paper_slice: is more than the capacity"},
        {"/operators/0/roles", R"(["clerk"])",
         "operators: has no administrator: nobody could publish the next catalogue"},
        {"/operators/1/roles", R"(["king"])", "operators[1].roles: names a role that does not exist"},
        {"/operators/1/roles", R"(["clerk","clerk"])", "operators[1].roles: names a role twice"},
        {"/operators/1/pin", R"("123")", "operators[1].pin: is not 4 to 12 digits"},
        {"/operators/1/pin_hash", R"("$argon2id$")", "operators[1].pin_hash: is not known"},
        {"/limits/session_grace_min", "1.5", "limits.session_grace_min: is not a whole number"},
    };
    for (const auto& [pointer, value, fault] : cases) CHECK(fault_after(pointer, json::parse(value)) == fault);
}

TEST_CASE("a product or session whose tickets no code can carry is refused when it is published") {
    json::array zones;
    json::array ids;
    for (int i = 0; i < 8; ++i) {
        const std::string id = "a-long-zone-" + std::to_string(i);
        zones.push_back({{"id", id}, {"name", {{"zh-CN", "区"}, {"en", "Zone"}}}});
        ids.emplace_back(id);
    }
    auto body = example_body();
    for (const auto& zone : zones) body.at("zones").as_array().push_back(zone);
    body.at("products").at(0).as_object()["zones"] = ids;
    const auto read = read_catalogue(body);
    REQUIRE_FALSE(read);
    CHECK(read.error().detail.starts_with("products[0]: makes tickets that no code can carry"));

    auto long_names = example_body();
    long_names.at("products").at(2).as_object()["id"] = std::string(32, 's');
    long_names.at("sessions").at(0).as_object()["product"] = std::string(32, 's');
    long_names.at("sessions").at(0).as_object()["id"] = std::string(32, 't');
    const auto session = read_catalogue(long_names);
    REQUIRE_FALSE(session);
    CHECK(session.error().detail.starts_with("sessions[0]: makes tickets that no code can carry"));
}

TEST_CASE("a catalogue that does not fit a record is too large") {
    auto body = example_body();
    auto& sessions = body.at("sessions").as_array();
    for (int i = 0; i < 9'000; ++i) {
        auto session = sessions[0];
        session.as_object()["id"] = "2026-11-21.session-number-" + std::to_string(i);
        sessions.push_back(std::move(session));
    }
    const auto read = read_catalogue(body);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::too_large);
}
