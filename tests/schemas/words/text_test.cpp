#include "schemas/words/text.hpp"

#include <doctest/doctest.h>

#include "schemas/words/columns.hpp"
#include "tests/schemas/words/parameters.hpp"

using namespace gatehouse;

TEST_SUITE_BEGIN("schemas/words");

TEST_CASE("every text is there in both languages, with the same parameters") {
    for (std::size_t i = 0; i < text_count; ++i) {
        const auto key = static_cast<Text>(i);
        CAPTURE(text_name(key));
        if (key != Text::advice_none) {
            CHECK_FALSE(text(key, Language::zh).empty());
            CHECK_FALSE(text(key, Language::en).empty());
        }
        CHECK(parameters(text(key, Language::zh)) == parameters(text(key, Language::en)));
    }
}

TEST_CASE("every reason, note and error code has its text at its own name") {
    for (unsigned i = 0; i < enum_count(Reason{}); ++i) {
        const auto reason = static_cast<Reason>(i);
        CHECK(text_name(text_of(reason)) == "reason_" + std::string{to_string(reason)});
        CHECK(text_name(advice_on(reason)) == "advice_" + std::string{to_string(reason)});
    }
    for (unsigned i = 0; i < enum_count(Note{}); ++i) {
        const auto note = static_cast<Note>(i);
        CHECK(text_name(text_of(note)) == "note_" + std::string{to_string(note)});
    }
    for (unsigned i = 0; i <= static_cast<unsigned>(ErrorCode::internal); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        CHECK(text_name(text_of(code)) == "error_" + std::string{to_string(code)});
    }
}

TEST_CASE("parameters are filled in by name") {
    CHECK(words(Text::paper_session, Language::en, {{"starts", "10:00"}, {"ends", "11:00"}}) ==
          "Session 10:00 - 11:00");
    CHECK(words(Text::paper_persons, Language::zh, {{"persons", "3"}}) == "人数 3");
}

TEST_CASE("a language is known by its usual tags") {
    CHECK(parse_language("zh_CN.UTF-8") == Language::zh);
    CHECK(parse_language("en-GB") == Language::en);
    CHECK(parse_language("en") == Language::en);
    CHECK_FALSE(parse_language("enx").has_value());
    CHECK_FALSE(parse_language("C").has_value());
    CHECK_FALSE(parse_language("").has_value());
}

TEST_CASE("a Chinese character takes two columns") {
    CHECK(columns("park") == 4);
    CHECK(columns("景区") == 4);
    CHECK(columns("景区（A）") == 9);
}

TEST_SUITE_END();
