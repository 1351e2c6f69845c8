// The whole command: what holds for every verb, and the verbs.
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "edge/cli/verbs.hpp"

namespace gatehouse::cli {

void add_command(const Tree& tree) {
    CLI::App& app = tree.app;
    app.name("gatehouse");
    app.set_version_flag("--version", "gatehouse " GATEHOUSE_VERSION);
    app.add_option("--url", tree.options.url)->capture_default_str();
    app.add_option("--socket", tree.options.socket);
    app.add_option("--token-file", tree.options.token_file);
    app.add_flag("--json", tree.options.json);
    // Read before the parser is made, which speaks in that language: language_of.
    app.add_option_function<std::string>("--lang", [](const std::string&) {})
        ->check(CLI::IsMember({"en", "zh", "zh-CN"}));
    app.require_subcommand(1);
    app.fallthrough();  // global options may follow the verb
    add_status_verbs(tree);
    add_device_verbs(tree);
    add_people_verbs(tree);
    add_window_verbs(tree);
    add_report_verbs(tree);
    add_gate_verbs(tree);
    add_ticket_verbs(tree);
    add_journal_verbs(tree);
    add_completion_verb(tree);
}

int run_chosen(const Options& options, const std::function<int()>& chosen) {
    const int exit = chosen();
    // What is still in the buffer may be what does not fit. Of an earlier write it is known that it failed, not why.
    errno = 0;
    const bool flushed = std::fflush(stdout) == 0;
    const int why = errno;
    if (flushed && std::ferror(stdout) == 0) return exit;
    return Client{options}.fail(fail(ErrorCode::io, why != 0 ? std::strerror(why) : ""),
                                {FaultText::command_output, {}});
}

}  // namespace gatehouse::cli
