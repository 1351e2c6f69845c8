// gatehouse: the operator's command. See `gatehouse --help`.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "edge/cli/verbs.hpp"
#include "schemas/crypto/crypto.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::cli;

int run(int argc, char** argv) {
    CLI::App app{"Gatehouse: speaks to the daemon of this node."};
    app.name("gatehouse");
    Options options;
    options.language = default_language();
    std::function<int()> chosen;
    std::string language;
    app.set_version_flag("--version", "gatehouse " GATEHOUSE_VERSION);
    app.add_option("--url", options.url, "http://HOST:PORT of the daemon")->capture_default_str();
    app.add_option("--socket", options.socket, "the daemon's unix socket, in place of --url");
    app.add_option("--token-file", options.token_file, "where the token of 'gatehouse login' is kept");
    app.add_flag("--json", options.json, "print answers as the daemon gives them");
    app.add_option("--lang", language, "en or zh-CN")->check(CLI::IsMember({"en", "zh", "zh-CN"}));
    app.require_subcommand(1);
    app.fallthrough();  // global options may follow the verb
    const Tree tree{app, options, chosen};
    add_status_verbs(tree);
    add_device_verbs(tree);
    add_people_verbs(tree);
    add_window_verbs(tree);
    add_gate_verbs(tree);
    add_ticket_verbs(tree);
    add_journal_verbs(tree);
    add_completion_verb(tree);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? Exit::ok : Exit::usage;
    }
    if (!language.empty()) options.language = parse_language(language).value_or(Language::en);
    return chosen ? chosen() : Exit::usage;
}

}  // namespace

int main(int argc, char** argv) {
    gatehouse::crypto_start();
    return run(argc, argv);
}
