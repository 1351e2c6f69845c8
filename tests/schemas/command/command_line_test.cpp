#include "schemas/command/command_line.hpp"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <set>
#include <string>
#include <vector>

#include "schemas/words/columns.hpp"
#include "schemas/words/help.hpp"

using namespace gatehouse;

TEST_SUITE_BEGIN("schemas/command");

namespace {

// A few of the real verbs: the table has texts for no others.
struct Command {
    CLI::App app;
    std::string window;
    std::string shell;
    std::vector<std::string> lines;
    unsigned node = 0;
    unsigned from = 0;

    explicit Command(Language language) {
        app.name("gatehouse");
        app.require_subcommand(1);
        auto* sell = app.add_subcommand("sell");
        sell->add_option("--window", window)->required();
        sell->add_option("--line", lines)->required();
        auto* completion = app.add_subcommand("completion");
        completion->add_option("shell", shell)->required()->check(CLI::IsMember({"bash", "zsh"}));
        auto* journal = app.add_subcommand("journal");
        journal->add_option("--node", node)->check(CLI::Range(0U, 65535U));
        journal->add_option("--from", from);
        speak(app, language);
    }
    // What is wrong with these arguments.
    std::string fault(std::string arguments, Language language) {
        try {
            app.parse(std::move(arguments));
        } catch (const CLI::ParseError& wrong) {
            return usage_fault(wrong, app, language);
        }
        return "";
    }
};

std::string fault(const std::string& arguments, Language language) {
    return Command{language}.fault(arguments, language);
}

}  // namespace

TEST_CASE("help is in the language that is asked for, columns and all") {
    Command zh{Language::zh};
    CHECK(zh.app.help() ==
          "Gatehouse：操作本机的终端服务。\n"
          "用法: gatehouse [选项] 命令\n"
          "\n选项:\n"
          "  -h,--help                   显示本帮助\n"
          "\n命令:\n"
          "  sell                        在窗口售票\n"
          "  completion                  输出命令行补全脚本\n"
          "  journal                     查看本机持有的流水\n\n");
    CHECK(zh.app.get_subcommand("sell")->help() ==
          "在窗口售票\n"
          "用法: sell [选项]\n"
          "\n选项:\n"
          "  -h,--help                   显示本帮助\n"
          "  --window 文字 必填          窗口名称\n"
          "  --line 文字 ... 必填        票种[:数量[:时段]][:persons=人数][:concession=优惠/证件种类]，可写多个\n\n");
    Command en{Language::en};
    CHECK(en.app.get_subcommand("completion")->help() ==
          "a script that completes this command in your shell\n"
          "Usage: completion [Options] shell\n"
          "\nArguments:\n"
          "  shell {bash,zsh} REQUIRED   which shell\n"
          "\nOptions:\n"
          "  -h,--help                   show this help\n\n");
}

TEST_CASE("what is wrong with a command line is said in either language") {
    CHECK(fault("", Language::zh) == "缺少命令");
    CHECK(fault("", Language::en) == "A verb is missing");
    CHECK(fault("sell --line adult", Language::zh) == "缺少 --window");
    CHECK(fault("sell --line adult", Language::en) == "--window is missing");
    CHECK(fault("completion", Language::zh) == "缺少 外壳程序");
    CHECK(fault("sell --window w --line adult --lien", Language::zh) == "不认识：--lien");
    CHECK(fault("sell --window", Language::zh) == "--window 后面缺少值");
    CHECK(fault("sell --window", Language::en) == "--window needs a value");
    CHECK(fault("completion perl", Language::zh) == "外壳程序 只能是 {bash,zsh}，不能是 perl");
    CHECK(fault("journal --node 70000", Language::zh) == "--node 只能是 0 - 65535，不能是 70000");
    CHECK(fault("journal --node x", Language::en) == "--node takes 0 - 65535, not x");
    CHECK(fault("journal --from x", Language::zh) == "--from 的值不对：x");
    CHECK(fault("journal --from x", Language::en) == "--from cannot be x");
}

TEST_CASE("a verb that there is not is named, with the one that was probably meant, or with all that there are") {
    CHECK(fault("sel --window w", Language::en) == "There is no verb 'sel'; did you mean 'sell'?");
    CHECK(fault("sel", Language::zh) == "没有“sel”这个命令；是不是 sell？");
    CHECK(fault("frobnicate", Language::en) == "There is no verb 'frobnicate'; there are: sell, completion, journal");
    CHECK(fault("frobnicate", Language::zh) == "没有“frobnicate”这个命令，可用的有：sell, completion, journal");
}

TEST_CASE("an argument without dashes is called in the person's language, in its help and where it is missing") {
    Command zh{Language::zh};
    CHECK(zh.app.get_subcommand("completion")->help().find("用法: completion [选项] 外壳程序\n") != std::string::npos);
    CHECK(fault("completion", Language::en) == "shell is missing");
}

TEST_CASE("a fault of another kind is told whole") {
    const Command command{Language::zh};
    CHECK(usage_fault(CLI::RequiresError("--from", "--data-dir"), command.app, Language::zh) == "缺少 --data-dir");
    CHECK(usage_fault(CLI::ExcludesError("a", "b"), command.app, Language::zh) == "命令行有误：a excludes b");
}

TEST_CASE("--lang counts wherever it stands, the last one, else the environment") {
    const char* before[] = {"gatehouse", "--lang", "zh-CN", "status"};
    CHECK(language_of(4, before) == Language::zh);
    const char* after[] = {"gatehouse", "--lang=zh-CN", "status", "--lang=en"};
    CHECK(language_of(4, after) == Language::en);
    const char* unknown[] = {"gatehouse", "--lang"};
    CHECK(language_of(2, unknown) == language_of_environment());
}

TEST_CASE("every line of help is there in both languages, once, and no language has the other's") {
    std::set<std::string_view> paths;
    for (const auto& help : help_texts()) {
        CAPTURE(help.path);
        CHECK(paths.insert(help.path).second);
        CHECK_FALSE(help.en.empty());
        CHECK(columns(help.en) == help.en.size());
        CHECK(columns(help.zh) < help.zh.size());
    }
}

TEST_SUITE_END();
