// gatehouse-central: the server of a venue. See sync/central/README.md.
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <iostream>

#include "schemas/command/command_line.hpp"
#include "schemas/config/start.hpp"
#include "schemas/crypto/crypto.hpp"
#include "sync/central/central.hpp"
#include "sync/central/init.hpp"
#include "sync/link/log.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::central;

// Said in the log in both languages: who reads it need not be who wrote the file.
constexpr Language both[] = {Language::zh, Language::en};

struct Arguments {
    std::string config;
    bool check = false;
    bool print = false;
    bool init = false;
    bool json = false;
    Language language = Language::en;
};

int fail_with(const Error& error, Language language) {
    const auto line = told_at_start("gatehouse-central", error, FaultText::start_no_venue, language);
    std::fprintf(stderr, "%s\n", line.c_str());
    return exit_at_start(error.code);
}

// Settings, or the exit code after the faults were told.
int read_settings(const Arguments& arguments, Settings& settings) {
    const auto loaded = load_settings(arguments.config);
    for (const auto& fault : loaded.faults) std::fprintf(stderr, "%s\n", told(fault, arguments.language).c_str());
    if (loaded.faults.empty()) {
        settings = loaded.settings;
        return EX_OK;
    }
    return loaded.faults.front().what.text == FaultText::file_unreadable ? EX_NOINPUT : EX_CONFIG;
}

int run_init(const Settings& settings, const Arguments& arguments) {
    const auto made = init_venue(settings);
    if (!made) return fail_with(made.error(), arguments.language);
    if (arguments.json) {
        const boost::json::object out{
            {"operator", made->operator_name}, {"pin", made->pin}, {"fingerprint", made->fingerprint}};
        std::cout << boost::json::serialize(out) << '\n';
        return EX_OK;
    }
    std::cout << words(Text::cli_venue_made, arguments.language,
                       {{"operator", made->operator_name}, {"pin", made->pin}, {"fingerprint", made->fingerprint}})
              << '\n';
    return EX_OK;
}

// The server as it runs, and what the signals do to it.
class Running {
public:
    Running(const Arguments& arguments, Settings settings) : arguments_(arguments), settings_(std::move(settings)) {}

    Result<void> start() { return start_with(settings_); }
    int serve();

private:
    Result<void> start_with(const Settings& settings);
    void reload();

    const Arguments& arguments_;
    Settings settings_;
    boost::asio::io_context io_{1};
    // Caught before the server says that it is ready: whoever reads that may signal at once.
    boost::asio::signal_set signals_{io_, SIGTERM, SIGINT, SIGHUP};
    std::unique_ptr<Central> central_;
    bool broken_ = false;
};

Result<void> Running::start_with(const Settings& settings) {
    auto started = Central::start(settings, [this] {
        boost::asio::post(io_, [this] {
            broken_ = true;
            io_.stop();
        });
    });
    if (!started) return started.error();
    central_ = std::move(*started);
    return {};
}

// SIGHUP: the file is judged as a whole; a server that cannot start with it goes back to what it had.
void Running::reload() {
    const auto loaded = load_settings(arguments_.config);
    for (const auto& fault : loaded.faults)
        for (const Language language : both)
            log::error("{}: {}", said({FaultText::reload_kept, {}}, language), told(fault, language));
    if (!loaded.faults.empty()) return;
    if (loaded.settings == settings_) return log::info("the configuration is unchanged");
    central_.reset();
    const auto started = start_with(loaded.settings);
    if (started) {
        settings_ = loaded.settings;
        return log::info("the new configuration holds");
    }
    const auto again = start_with(settings_);
    const auto what = again ? FaultText::reload_kept : FaultText::reload_no_way_back;
    for (const Language language : both)
        log::error("{}",
                   told_at_start(said({what, {}}, language), started.error(), FaultText::start_no_venue, language));
    if (!again) {
        log::error("{}", again.error().detail);
        broken_ = true;
        io_.stop();
    }
}

int Running::serve() {
    std::function<void(const boost::system::error_code&, int)> heard = [&](const auto& failed, int signal) {
        if (failed) return;
        if (signal != SIGHUP) return io_.stop();
        reload();
        signals_.async_wait(heard);
    };
    signals_.async_wait(heard);
    io_.run();
    central_.reset();
    if (!broken_) log::info("stopped in order");
    return broken_ ? EX_IOERR : EX_OK;
}

int run_server(const Arguments& arguments, const Settings& settings) {
    Running running{arguments, settings};
    if (const auto started = running.start(); !started) return fail_with(started.error(), arguments.language);
    return running.serve();
}

int run(const Arguments& arguments) {
    if (arguments.config.empty()) {
        std::fprintf(stderr, "%s\n",
                     words(Text::cli_usage_missing, arguments.language, {{"option", "--config"}}).c_str());
        return EX_USAGE;
    }
    Settings settings;
    if (const auto bad = read_settings(arguments, settings); bad != EX_OK) return bad;
    if (arguments.print) std::cout << print_settings(settings);
    if (arguments.check || arguments.print) return EX_OK;
    crypto_start();
    if (arguments.init) return run_init(settings, arguments);
    log::start();
    return run_server(arguments, settings);
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    CLI::App app;
    app.name("gatehouse-central");
    app.add_option("--config", arguments.config);
    app.add_flag("--check-config", arguments.check);
    app.add_flag("--print-config", arguments.print);
    app.set_version_flag("--version", "gatehouse-central " GATEHOUSE_VERSION);
    auto* init = app.add_subcommand("init");
    init->add_option("--config", arguments.config);
    init->add_flag("--json", arguments.json);
    arguments.language = language_of_environment();
    if (const auto ended = parse_command_line(app, argc, argv, arguments.language)) return *ended;
    arguments.init = init->parsed();
    try {
        return run(arguments);
    } catch (const std::exception& fault) {
        return fail_with(fail(ErrorCode::internal, fault.what()), arguments.language);
    }
}
