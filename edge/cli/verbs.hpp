// The verbs of the operator's command. Each function adds its verbs to the tree; a chosen verb leaves what is to be run
// in `chosen`, which answers the exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "edge/cli/client.hpp"

namespace gatehouse::cli {

struct Tree {
    CLI::App& app;
    Options& options;
    std::function<int()>& chosen;
    // The verb's arguments live as long as the tree. What it is for is schemas/words' (help.hpp).
    CLI::App* verb(CLI::App& parent, const std::string& name, std::function<int()> run) const {
        CLI::App* added = parent.add_subcommand(name);
        added->callback([&chosen = chosen, run = std::move(run)] { chosen = run; });
        return added;
    }
};

void add_people_verbs(const Tree& tree);   // enrol, login
void add_status_verbs(const Tree& tree);   // status, peers, resync
void add_device_verbs(const Tree& tree);   // devices list, test, record, replay, adopt
void add_window_verbs(const Tree& tree);   // sell, refund, reprint, shift
void add_report_verbs(const Tree& tree);   // report day
void add_gate_verbs(const Tree& tree);     // scan, lane, emergency
void add_ticket_verbs(const Tree& tree);   // ticket decode
void add_journal_verbs(const Tree& tree);  // journal verify, export, head, rebuild
void add_completion_verb(const Tree& tree);
void add_command(const Tree& tree);  // all of them, and the options that hold for each

// Runs the chosen verb. Ends 65 where it was answered as no daemon of ours answers, 74 where what it said could not be
// written whole.
[[nodiscard]] int run_chosen(const Options& options, const std::function<int()>& chosen);

// devices replay; what the command ends with.
[[nodiscard]] int replay_recording(const Options& options, const std::string& path);

// The whole of a text file. Errors: not_found.
[[nodiscard]] Result<std::string> content_of(const std::string& path);

// The devices of a status, with what to do about those in trouble.
void show_devices(const Client& client, const boost::json::value& status);

// What a scan came to, with what the attendant is to look at.
[[nodiscard]] std::string verdict_words(const boost::json::value& answer, Language language);

// A kind of tender in the person's language.
[[nodiscard]] std::string tender_word(const Client& client, const std::string& kind);

// What a shell completes, from the tree itself.
[[nodiscard]] std::string completion_script(const CLI::App& app, const std::string& shell);

}  // namespace gatehouse::cli
