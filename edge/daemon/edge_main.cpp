// gatehouse-edge --config FILE [--check-config] [--print-config] [--version]
#include <CLI/CLI.hpp>
#include <boost/system/system_error.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "edge/config/reader.hpp"
#include "edge/daemon/node.hpp"
#include "schemas/command/command_line.hpp"
#include "schemas/config/start.hpp"
#include "schemas/crypto/crypto.hpp"
#include "sync/link/log.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::edge;

// sysexits(3)
constexpr int exit_ok = 0;
constexpr int exit_no_input = 66;
constexpr int exit_system = 71;
constexpr int exit_config = 78;

// Said in the log in both languages: who reads it need not be who wrote the file.
constexpr Language both[] = {Language::zh, Language::en};

// Asio says it in its own exception.
std::error_code code_of(const std::exception& fault) {
    if (const auto* refused = dynamic_cast<const std::system_error*>(&fault)) return refused->code();
    if (const auto* refused = dynamic_cast<const boost::system::system_error*>(&fault)) return refused->code();
    return {};
}

// A thread that the system refuses, at the start or later, ends the program wherever it was wanted, as a kill would:
// what was answered is on disk. Said on standard error, because the log may have a thread to wait for.
[[noreturn]] void end_without_thread() {
    try {
        if (const auto fault = std::current_exception()) std::rethrow_exception(fault);
    } catch (const std::exception& fault) {
        const auto code = code_of(fault);
        if (code == std::errc::resource_unavailable_try_again || code == std::errc::not_enough_memory) {
            for (const Language language : both) {
                const auto line = with_remark(said({FaultText::start_no_thread, {}}, language), fault.what(), language);
                std::fprintf(stderr, "gatehouse-edge: %s\n", line.c_str());
            }
            std::_Exit(exit_system);
        }
        std::fprintf(stderr, "gatehouse-edge: %s\n", fault.what());
    } catch (...) {
    }
    std::abort();
}

// Signals as values: a thread of its own waits for them, so that no handler runs anywhere.
class Signals {
public:
    Signals() {
        ::sigemptyset(&set_);
        for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR2}) ::sigaddset(&set_, number);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);  // before any other thread is made: they inherit it
        std::signal(SIGPIPE, SIG_IGN);
    }
    int wait() const {
        int number = 0;
        ::sigwait(&set_, &number);
        return number;
    }

private:
    sigset_t set_{};
};

// 66 when the main file is not to be had.
int report(const ConfigFaults& faults, const std::string& main_file, Language language) {
    for (const ConfigFault& fault : faults) std::fprintf(stderr, "%s\n", told(fault, language).c_str());
    const ConfigFault& first = faults.front();
    const bool missing = first.where.file == main_file && first.what.text == FaultText::file_unreadable;
    return missing ? exit_no_input : exit_config;
}

// Runs one node after the other, a new one at each SIGHUP whose configuration has no fault; the former one again when
// none starts with the new.
class Daemon {
public:
    Daemon(std::string file, Settings settings) : file_(std::move(file)), settings_(std::move(settings)) {}

    int run(const Signals& signals, Language language) {
        if (const auto started = start(); !started) {
            const auto line = told_at_start("gatehouse-edge", started.error(), FaultText::start_not_enrolled, language);
            std::fprintf(stderr, "%s\n", line.c_str());
            return exit_at_start(started.error().code);
        }
        while (true) {
            const int number = signals.wait();
            const auto over = number == SIGHUP ? reload() : number == SIGUSR2 ? ended() : stop();
            if (over) return *over;
        }
    }

private:
    Result<void> start() {
        auto node = Node::start(settings_, [this](NodeEnd end) {
            {
                const std::lock_guard held{mutex_};
                if (!ended_) ended_ = std::move(end);
            }
            ::kill(::getpid(), SIGUSR2);
        });
        if (!node) return node.error();
        node_ = std::move(*node);
        log::info("gatehouse-edge {} serves http on {}", GATEHOUSE_VERSION, node_->api_address());
        return {};
    }

    int stop() {
        log::info("stopping");
        node_->stop();
        const std::lock_guard held{mutex_};
        return ended_ ? ended_->exit : exit_ok;
    }

    // The exit code when nothing runs any more.
    std::optional<int> reload() {
        Loaded loaded = load_config(file_);
        if (!loaded.faults.empty()) {
            for (const ConfigFault& fault : loaded.faults)
                for (const Language language : both)
                    log::error("{}: {}", said({FaultText::reload_kept, {}}, language), told(fault, language));
            return std::nullopt;
        }
        log::info("new configuration");
        end_node();
        former_ = std::exchange(settings_, std::move(loaded.settings));
        if (const auto started = start(); !started) return go_back(started.error());
        return std::nullopt;
    }

    // A node that finds out by and by that it cannot run as it is told makes room for the former one, too.
    std::optional<int> ended() {
        std::optional<Error> fault;
        {
            const std::lock_guard held{mutex_};
            if (!ended_) return std::nullopt;  // of a node that is gone
            fault = ended_->settings_fault;
        }
        if (!fault || !former_) return stop();
        end_node();
        return go_back(*fault);
    }

    std::optional<int> go_back(const Error& why) {
        settings_ = std::move(*former_);
        former_.reset();
        const auto started = start();
        const auto what = started ? FaultText::reload_kept : FaultText::reload_no_way_back;
        for (const Language language : both)
            log::error("{}", told_at_start(said({what, {}}, language), why, FaultText::start_not_enrolled, language));
        if (started) return std::nullopt;
        log::error("{}", started.error().detail);
        return exit_at_start(started.error().code);
    }

    void end_node() {
        node_->stop();
        // Lock, listeners, devices and journal are let go of. What is left may have to wait until the system's resolver
        // gives a name up, which takes it many seconds where no server answers: the next node starts meanwhile.
        std::thread{[former = std::move(node_)]() mutable { former.reset(); }}.detach();
        const std::lock_guard held{mutex_};
        if (ended_ && ended_->settings_fault) ended_.reset();  // it ended for settings that are given up
    }

    std::string file_;
    Settings settings_;
    std::optional<Settings> former_;  // before the last reload
    std::unique_ptr<Node> node_;
    std::mutex mutex_;
    std::optional<NodeEnd> ended_;
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app;
    app.name("gatehouse-edge");
    std::string config;
    bool check_only = false;
    bool print_only = false;
    app.set_version_flag("--version", "gatehouse-edge " GATEHOUSE_VERSION);
    app.add_option("--config", config)->required();
    app.add_flag("--check-config", check_only);
    app.add_flag("--print-config", print_only);
    const Language language = language_of_environment();
    if (const auto ended = parse_command_line(app, argc, argv, language)) return *ended;
    std::set_terminate(end_without_thread);
    Signals signals;
    Loaded loaded = load_config(config);
    if (!loaded.faults.empty()) return report(loaded.faults, config, language);
    if (print_only) std::fputs(printed(loaded.settings).c_str(), stdout);
    if (check_only || print_only) return exit_ok;
    log::start();
    crypto_start();
    return Daemon{config, std::move(loaded.settings)}.run(signals, language);
}
