// gatehouse: the operator's command. See `gatehouse --help`.
#include <CLI/CLI.hpp>

#include "edge/cli/verbs.hpp"
#include "schemas/command/command_line.hpp"
#include "schemas/crypto/crypto.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::cli;

int run(int argc, char** argv) {
    CLI::App app;
    Options options;
    options.language = language_of(argc, argv);
    std::function<int()> chosen;
    add_command({app, options, chosen});
    if (const auto ended = parse_command_line(app, argc, argv, options.language)) return *ended;
    return chosen ? run_chosen(options, chosen) : Exit::usage;
}

}  // namespace

int main(int argc, char** argv) {
    gatehouse::crypto_start();
    return run(argc, argv);
}
