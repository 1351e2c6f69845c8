#include "schemas/words/fault_words.hpp"

#include <doctest/doctest.h>

#include "schemas/words/replay_words.hpp"
#include "tests/schemas/words/parameters.hpp"

using namespace gatehouse;

namespace {

bool is_chinese(std::string_view text) { return text.find_first_of("\xe4\xe5\xe6\xe7\xe8\xe9") != text.npos; }

}  // namespace

TEST_SUITE_BEGIN("schemas/words");

TEST_CASE("every fault is there in both languages, with the same parameters") {
    for (std::size_t i = 0; i < fault_text_count; ++i) {
        const auto key = static_cast<FaultText>(i);
        CAPTURE(text_name(key));
        const auto zh = text(key, Language::zh);
        const auto en = text(key, Language::en);
        CHECK_FALSE(zh.empty());
        CHECK_FALSE(en.empty());
        CHECK(parameters(zh) == parameters(en));
        CHECK_FALSE(is_chinese(en));
        CHECK((is_chinese(zh) || key == FaultText::remark));
    }
}

TEST_CASE("every word of a replay is there in both languages, with the same parameters") {
    for (std::size_t i = 0; i < replay_text_count; ++i) {
        const auto key = static_cast<ReplayText>(i);
        CAPTURE(text_name(key));
        CHECK(parameters(text(key, Language::zh)) == parameters(text(key, Language::en)));
        CHECK_FALSE(text(key, Language::en).empty());
        CHECK_FALSE(is_chinese(text(key, Language::en)));
        CHECK(is_chinese(text(key, Language::zh)));
    }
}

TEST_CASE("a parameter is filled in wherever it stands, and what it brings along is left alone") {
    const std::vector<TextParameter> with{{"a", "{b}"}, {"b", "2"}};
    CHECK(filled("{a} {b} {a}", with) == "{b} 2 {b}");
    CHECK(filled("{c} {", with) == "{c} {");
    CHECK(filled("{ open = 4 } {b}", with) == "{ open = 4 } 2");
    CHECK(filled("", with).empty());
}

TEST_CASE("what a fault names cannot steer the terminal") {
    const FaultWords fault{FaultText::unknown_key, {{"key", "a\x1b[31mb\n"}}};
    CHECK(said(fault, Language::en) == "unknown key 'a?[31mb?'");
    CHECK(said(fault, Language::zh) == "没有 'a?[31mb?' 这个设置项");
}

TEST_SUITE_END();
