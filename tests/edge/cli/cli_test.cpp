#include <doctest/doctest.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"

using namespace gatehouse;
using namespace gatehouse::cli;

TEST_CASE("columns line up also in Chinese") {
    CHECK(columns("park") == 4);
    CHECK(columns("景区") == 4);
    CHECK(table({{"a", "x"}, {"景区", "y"}}) == "a     x\n景区  y\n");
}

TEST_CASE("money has two digits of minor units") {
    CHECK(money(123456) == "1234.56");
    CHECK(money(-5) == "-0.05");
    CHECK(money(-1205) == "-12.05");
}

TEST_CASE("a bar is full when all is done, and when there is nothing to do") {
    CHECK(progress_bar(0, 10) == "[" + std::string(40, '.') + "]   0 %");
    CHECK(progress_bar(5, 10).ends_with(" 50 %"));
    CHECK(progress_bar(0, 0).ends_with("100 %"));
    CHECK(progress_bar(20, 10).ends_with("100 %"));
}

TEST_CASE("exit codes are sysexits") {
    CHECK(exit_of_status(201) == Exit::ok);
    CHECK(exit_of_status(401) == Exit::denied);
    CHECK(exit_of_status(409) == Exit::bad_data);
    CHECK(exit_of_status(404) == Exit::no_input);
    CHECK(exit_of_status(503) == Exit::try_again);
    CHECK(exit_of_status(500) == Exit::internal);
    CHECK(exit_of(ErrorCode::unavailable) == Exit::unavailable);
    CHECK(exit_of(ErrorCode::config) == Exit::config);
}

TEST_CASE("an error's detail stands in its sentence, or behind one that has no place for it") {
    CHECK(sentence_of({ErrorCode::config, "not a URL", 0}, Language::en) == "The configuration is wrong: not a URL");
    CHECK(sentence_of({ErrorCode::id_reused, "x", 0}, Language::en) ==
          "This id belongs to another command; use a new one (x)");
    CHECK(sentence_of({ErrorCode::locked_out, "", 4}, Language::zh) == "口令错误次数过多，请 4 秒后再试");
}

TEST_CASE("completion knows every verb and its options") {
    CLI::App app{"test"};
    Options options;
    std::function<int()> chosen;
    const Tree tree{app, options, chosen};
    add_status_verbs(tree);
    add_window_verbs(tree);
    add_completion_verb(tree);
    const std::string bash = completion_script(app, "bash");
    CHECK(bash.find("\"shift\") words=\"open close report") != std::string::npos);
    CHECK(bash.find("\"resync\") words=\"--help --from --to --all --dry-run --wait\"") != std::string::npos);
    CHECK(completion_script(app, "zsh").starts_with("#compdef gatehouse"));
    CHECK(completion_script(app, "fish").find("complete -c gatehouse -n '__fish_use_subcommand'") != std::string::npos);
}
