#include "schemas/json/parse_json.hpp"

#include <doctest/doctest.h>

#include "schemas/json/json_reader.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

namespace {

ErrorCode refusal(std::string_view text, JsonLimits limits = {}) {
    const auto parsed = parse_json(text, limits);
    return parsed ? ErrorCode::internal : parsed.error().code;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// What the fault says after `read` has read `text`.
template <class Read>
std::string fault_of(std::string_view text, Read read) {
    const auto value = parse_json(text);
    REQUIRE(value);
    JsonFault fault;
    JsonReader in{fault, *value};
    read(in);
    in.finish();
    return fault.error ? fault.error->detail : "";
}

}  // namespace

TEST_CASE("JSON is taken as RFC 8259 has it") {
    const auto value = parse_json(R"( {"a": [1, -2, 3.5, true, null, "\u4e2d\n"], "b": {}} )");
    REQUIRE(value);
    CHECK(value->at("a").as_array().size() == 6);
    CHECK(value->at("a").at(5).as_string() == "\xe4\xb8\xad\n");
}

TEST_CASE("what is not quite JSON is refused") {
    for (const char* text : {"", " ", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "// c\n1", "1 2", "nul", "01", "+1",
                             "\"\x01\"", "\"\\ud800\"", "[NaN]", "\"unfinished", "{\"a\" 1}", "\xef\xbb\xbf{}"})
        CHECK_MESSAGE(refusal(text) == ErrorCode::invalid_body, text);
}

TEST_CASE("text that is not UTF-8 is refused") {
    for (const char* text : {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe4\xb8\""})
        CHECK(refusal(text) == ErrorCode::invalid_body);
}

TEST_CASE("a key that is there twice is refused, also when one is spelt with an escape") {
    CHECK(refusal(R"({"a":1,"a":1})") == ErrorCode::invalid_body);
    CHECK(refusal(R"({"a":1,"\u0061":2})") == ErrorCode::invalid_body);
    CHECK(refusal(R"({"x":{"a":1,"b":{"a":1},"a":2}})") == ErrorCode::invalid_body);
    CHECK(parse_json(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"));
}

TEST_CASE("JSON at its limits is taken, one past them is refused") {
    CHECK(parse_json(nested(16)));
    CHECK(refusal(nested(17)) == ErrorCode::invalid_body);
    CHECK(parse_json("[1]", {3, 16}));
    CHECK(refusal("[1] ", {3, 16}) == ErrorCode::too_large);
    CHECK(refusal(nested(30'000)) == ErrorCode::invalid_body);
}

TEST_CASE("a bad field is named with its path") {
    CHECK(fault_of(R"({"lines":[{"quantity":0}]})", [](JsonReader& in) {
              for (auto& line : in.objects("lines", 1, 5)) line.integer<int>("quantity", 1, 9);
          }) == "lines[0].quantity: is not between 1 and 9");
    CHECK(fault_of(R"({})", [](JsonReader& in) { in.text("id", 9); }) == "id: is missing");
    CHECK(fault_of(R"({"a":{"b":"x"}})", [](JsonReader& in) { in.object("a").boolean("b"); }) ==
          "a.b: is not true or false");
    CHECK(fault_of("[]", [](JsonReader& in) { in.text("id", 9); }) == "the body is not an object");
}

TEST_CASE("keys that nobody asked for are refused") {
    CHECK(fault_of(R"({"a":1,"pinn":2})", [](JsonReader& in) { in.integer<int>("a", 0, 9); }) == "pinn: is not known");
    CHECK(fault_of(R"({"a":{"b":1}})", [](JsonReader& in) {
              auto a = in.object("a");
              a.finish();
          }) == "a.b: is not known");
}

TEST_CASE("the first fault is the one that is told") {
    CHECK(fault_of(R"({"a":"x","b":"y"})", [](JsonReader& in) {
              in.integer<int>("a", 0, 9);
              in.integer<int>("b", 0, 9);
          }) == "a: is not a whole number");
}

TEST_CASE("whole numbers are neither fractions nor beyond their range") {
    const auto number = [](const char* text) {
        return fault_of(text, [](JsonReader& in) { in.integer<std::uint16_t>("n", 0, 65535); });
    };
    CHECK(number(R"({"n":65535})").empty());
    for (const char* text : {R"({"n":1.0})", R"({"n":1e2})", R"({"n":"1"})", R"({"n":null})", R"({"n":65536})",
                             R"({"n":-1})", R"({"n":18446744073709551615})", R"({"n":99999999999999999999})"})
        CHECK_FALSE(number(text).empty());
}

TEST_CASE("texts, names, ids, dates and times keep their rules") {
    const auto ok = [](const char* text, auto read) { return fault_of(text, read).empty(); };
    const auto text = [](JsonReader& in) { in.text("x", 3); };
    CHECK(ok(R"({"x":"abc"})", text));
    CHECK_FALSE(ok(R"({"x":"abcd"})", text));
    CHECK_FALSE(ok(R"({"x":""})", text));
    CHECK_FALSE(ok(R"({"x":"a\n"})", text));
    CHECK_FALSE(ok(R"({"x":"a\u0000"})", text));
    CHECK(ok(R"({"x":"gate-a"})", [](JsonReader& in) { in.named<GateName>("x"); }));
    CHECK_FALSE(ok(R"({"x":"Gate"})", [](JsonReader& in) { in.named<GateName>("x"); }));
    CHECK(ok(R"({"x":"Sale-1"})", [](JsonReader& in) { in.named<ClientId>("x"); }));
    CHECK_FALSE(ok(R"({"x":"a/b"})", [](JsonReader& in) { in.named<ClientId>("x"); }));
    CHECK(ok(R"({"x":"2026-11-21"})", [](JsonReader& in) { in.date("x"); }));
    CHECK_FALSE(ok(R"({"x":"2026-11-31"})", [](JsonReader& in) { in.date("x"); }));
    CHECK(ok(R"({"x":"2026-11-21T09:00:00+08:00"})", [](JsonReader& in) { in.moment("x"); }));
    CHECK_FALSE(ok(R"({"x":"2026-11-21T09:00:00"})", [](JsonReader& in) { in.moment("x"); }));
    CHECK(ok(R"({"x":"7-1-12-1"})", [](JsonReader& in) { in.ticket_id("x"); }));
    CHECK_FALSE(ok(R"({"x":["7-1-12"]})", [](JsonReader& in) { in.ticket_ids("x", 0, 9); }));
    CHECK_FALSE(ok(R"({"x":["a",1]})", [](JsonReader& in) { in.names<ZoneId>("x", 0, 9); }));
}

TEST_CASE("what is absent and optional is absent, null is not") {
    const auto value = parse_json(R"({"n":null})");
    JsonFault fault;
    JsonReader in{fault, *value};
    CHECK_FALSE(in.optional_integer<int>("m", 0, 1));
    CHECK_FALSE(in.optional_object("o"));
    CHECK_FALSE(fault.error);
    CHECK(in.optional_text("n", 9) == "");
    CHECK(fault.error);
}
