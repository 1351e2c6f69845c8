// The whole command: what holds for every verb, and the verbs.
#include <boost/exception/exception.hpp>
#include <boost/json/error.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "edge/cli/verbs.hpp"

namespace gatehouse::cli {

namespace {

// What Boost.JSON throws at a text that is none, or a value of another shape than was asked for. Boost's others throw
// system_error too, and we nothing of Boost's.
bool is_of_json(const std::exception& fault) {
    if (const auto* refused = dynamic_cast<const boost::system::system_error*>(&fault))
        return refused->code().category() == make_error_code(boost::json::error::syntax).category();
    return dynamic_cast<const boost::exception*>(&fault) != nullptr;
}

// The verbs ask an answer for what the daemon's has: another server's, or another release's, may have none of it.
int run_verb(const Options& options, const std::function<int()>& verb) {
    try {
        return verb();
    } catch (const std::exception& fault) {
        if (!is_of_json(fault)) throw;
        return Client{options}.not_ours(fail(ErrorCode::invalid_body, fault.what()));
    }
}

}  // namespace

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
    const int exit = run_verb(options, chosen);
    // What is still in the buffer may be what does not fit. Of an earlier write it is known that it failed, not why.
    errno = 0;
    const bool flushed = std::fflush(stdout) == 0;
    const int why = errno;
    if (flushed && std::ferror(stdout) == 0) return exit;
    return Client{options}.fail(fail(ErrorCode::io, why != 0 ? std::strerror(why) : ""),
                                {FaultText::command_output, {}});
}

}  // namespace gatehouse::cli
