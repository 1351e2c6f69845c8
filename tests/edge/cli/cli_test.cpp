#include <doctest/doctest.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <set>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"
#include "schemas/command/command_line.hpp"
#include "schemas/words/help.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::cli;

TEST_CASE("columns line up also in Chinese") { CHECK(table({{"a", "x"}, {"景区", "y"}}) == "a     x\n景区  y\n"); }

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
    CHECK(exit_of_status(302) == Exit::bad_data);
    CHECK(exit_of_status(401) == Exit::denied);
    CHECK(exit_of_status(409) == Exit::bad_data);
    CHECK(exit_of_status(404) == Exit::no_input);
    CHECK(exit_of_status(503) == Exit::try_again);
    CHECK(exit_of_status(500) == Exit::internal);
    CHECK(exit_of(ErrorCode::unavailable) == Exit::unavailable);
    CHECK(exit_of(ErrorCode::config) == Exit::config);
}

TEST_CASE("an error is said in the person's language by its code, and its English detail is set apart behind") {
    CHECK(sentence_of(fail(ErrorCode::config, "not a URL"), Language::en) ==
          "The configuration is wrong; correct what is named (not a URL)");
    CHECK(sentence_of(fail(ErrorCode::not_found, "no such lane"), Language::zh) ==
          "没有找到，请核对名称或编号（技术说明：no such lane）");
    CHECK(sentence_of(fail(ErrorCode::invalid_body, "lines[0].quantity: is missing"), Language::zh,
                      "lines[0].quantity") ==
          "提交的内容有误：请改正 lines[0].quantity（技术说明：lines[0].quantity: is missing）");
    CHECK(sentence_of(fail(ErrorCode::id_reused, "x"), Language::en) ==
          "This id belongs to another command; use a new one (x)");
    CHECK(sentence_of({ErrorCode::locked_out, "", 4, Why::none, {}}, Language::zh) ==
          "口令错误次数过多，请 4 秒后再试");
}

TEST_CASE("why something was refused is said in the person's language") {
    const auto range = fail_at("tenders[0].amount_minor", Why::range, "out of range");
    CHECK(sentence_of(range, Language::zh, "tenders[0].amount_minor") ==
          "提交的内容有误：tenders[0].amount_minor 超出允许的范围");
    CHECK(sentence_of(range, Language::en, "tenders[0].amount_minor") ==
          "The request is not valid: tenders[0].amount_minor is out of range");
    const Error no_role =
        fail(ErrorCode::forbidden, Why::roles, "this is for {roles}", {{"roles", "operator, manager"}});
    CHECK(sentence_of(no_role, Language::zh) == "没有此操作的权限：须由系统管理员、值班经理办理");
    CHECK(sentence_of(no_role, Language::en) == "Your roles do not allow this; ask: Operator, Manager");
    const Error gone = fail(ErrorCode::no_units_left, Why::units_left, "{units} left", {{"units", "3"}});
    CHECK(sentence_of(gone, Language::zh) == "余量不足，只剩 3");
}

TEST_CASE("an answer that refuses is said by its reason, and a login that is over with what to do") {
    const test::ScratchDirectory scratch;
    Options options;
    options.language = Language::zh;
    options.token_file = (scratch.path() / "token").string();
    const Client client{options};
    const auto said = [&](unsigned status, const char* body, bool logging_in = false) {
        return client.sentence_of_answer({status, {}, body}, logging_in);
    };
    CHECK(said(422, R"({"code":"invalid_body","detail":"a: between","path":"a","reason":"between",
                        "reason_values":{"least":"1","most":"99"}})") ==
          "提交的内容有误：a 须为 1 至 99 [invalid_body]");
    CHECK(said(409, R"({"code":"ticket_used","detail":"x","reason":"of_a_newer_release"})") ==
          std::string{text(Text::error_ticket_used, Language::zh)} + "（技术说明：x） [ticket_used]");
    const char* const nobody = R"({"code":"unauthenticated"})";
    CHECK(said(401, nobody) == "还没有登录：请运行 gatehouse login --operator 姓名 [unauthenticated]");
    REQUIRE(client.keep_token("g1.old").has_value());
    CHECK(said(401, nobody) == "登录已过期或已失效：请重新运行 gatehouse login --operator 姓名 [unauthenticated]");
    CHECK(said(401, nobody, true) == "没有登录，或姓名、口令不对 [unauthenticated]");
    CHECK(said(502, "<html>") == "看不懂服务的应答（502）：请检查 --url 是否是终端服务的地址");
}

TEST_CASE("a verdict is told with its notes, and a lane that is busy as that") {
    const auto said = [](const char* body, Language language) {
        return verdict_words(boost::json::parse(body), language);
    };
    const char* const admitted =
        R"({"verdict":"admit","reason":"none","notes":["check_id","of_a_newer_release"],"persons":2,"left":0})";
    CHECK(said(admitted, Language::en) ==
          "Admit 2\n  Check the identity document (check_id)\n  of_a_newer_release\n  0 left");
    CHECK(said(admitted, Language::zh) == "放行 2 人\n  请核对证件 (check_id)\n  of_a_newer_release\n  还可入 0 人");
    const char* const busy = R"({"verdict":"refuse","reason":"lane_closed","notes":[],"persons":0,"busy":true})";
    CHECK(said(busy, Language::zh) == "拒绝  请稍候 (busy)");
    const char* const ask = R"({"verdict":"refuse","reason":"policy_isolated","notes":[],"persons":0,"hint":"ask"})";
    CHECK(said(ask, Language::en).ends_with("\n  Check by hand; to let in, scan again with --let-through"));
    const char* const used =
        R"({"verdict":"refuse","reason":"already_used","notes":[],"persons":0,
            "first_admission":{"time":"T","node":"gate-a","gate":"south","lane":"a-1"}})";
    CHECK(said(used, Language::en) == "Refuse  Ticket already used (already_used)\n  T  gate-a  south / a-1");
}

namespace {

struct TypedCommand {
    CLI::App app;
    Options options;
    std::function<int()> chosen;
    TypedCommand() { add_command({app, options, chosen}); }
};

// "gatehouse", "gatehouse sell", "gatehouse sell --window"…
std::set<std::string> places_in(const CLI::App& app, const std::string& path) {
    std::set<std::string> places{path};
    for (const auto* option : app.get_options({}))
        places.insert(path + ' ' +
                      (option->get_positional() ? option->get_name(true, false) : "--" + option->get_lnames().at(0)));
    for (const auto* verb : app.get_subcommands({})) places.merge(places_in(*verb, path + ' ' + verb->get_name()));
    return places;
}

}  // namespace

TEST_CASE("every verb and option has its help in both languages, and no help is for what is not there") {
    for (const auto language : {Language::zh, Language::en}) {
        TypedCommand command;
        speak(command.app, language);  // ends the program where a text is missing
        CHECK(command.app.get_subcommand("sell")->get_description() ==
              help_on("gatehouse", "sell")->*(language == Language::zh ? &HelpText::zh : &HelpText::en));
    }
    const TypedCommand command;
    const auto places = places_in(command.app, "gatehouse");
    for (const auto& help : help_texts())
        if (help.path.starts_with("gatehouse ")) CHECK_MESSAGE(places.contains(std::string{help.path}), help.path);
}

TEST_CASE(
    "an answer that is no JSON, or not the daemon's, ends a verb as wrong data; another exception is not hidden") {
    namespace json = boost::json;
    const Options options;
    const auto ends = [&](const std::function<int()>& verb) { return run_chosen(options, verb); };
    const json::value other = json::object{{"head", "seven"}};
    const auto read = [](const auto&) { return Exit::ok; };
    CHECK(ends([&] { return read(json::parse("<html>")); }) == Exit::bad_data);
    CHECK(ends([&] { return read(other.at("token")); }) == Exit::bad_data);
    CHECK(ends([&] { return read(other.at("head").as_array()); }) == Exit::bad_data);
    CHECK(ends([&] { return read(other.at("head").to_number<std::uint64_t>()); }) == Exit::bad_data);
    CHECK(ends([] { return Exit::denied; }) == Exit::denied);
    const auto wrong = []() -> int { throw std::out_of_range("of our own"); };
    CHECK_THROWS_AS(ends(wrong), std::out_of_range);
}

TEST_CASE("global options are taken after the verb, too") {
    TypedCommand command;
    command.app.parse("status --watch --json --url http://127.0.0.1:1 --lang zh-CN");
    CHECK(command.options.json);
    CHECK(command.options.url == "http://127.0.0.1:1");
    CHECK(command.chosen);
}

TEST_CASE("a journal's --from is taken where it acts alone") {
    const auto taken = [](const char* line) {
        TypedCommand command;
        try {
            command.app.parse(line);
        } catch (const CLI::ParseError&) {
            return false;
        }
        return true;
    };
    CHECK(taken("journal export --from 5"));
    CHECK(taken("journal verify --data-dir here --from 5"));
    CHECK(taken("journal verify --node 7"));
    CHECK(taken("journal verify --from 5"));
    CHECK_FALSE(taken("journal head --from 5"));
    CHECK_FALSE(taken("journal head --data-dir here --from 5"));
}

TEST_CASE("completion knows every verb and its options") {
    const TypedCommand command;
    const CLI::App& app = command.app;
    const std::string bash = completion_script(app, "bash");
    CHECK(bash.find("\"shift\") words=\"open close report") != std::string::npos);
    CHECK(bash.find("\"resync\") words=\"--help --from --to --all --dry-run --wait\"") != std::string::npos);
    CHECK(completion_script(app, "zsh").starts_with("#compdef gatehouse"));
    CHECK(completion_script(app, "fish").find("complete -c gatehouse -n '__fish_use_subcommand'") != std::string::npos);
}
