// The command lines of all programs in the person's language. CLI11 has the grammar, schemas/words the texts: verbs and
// options are added to a CLI::App without descriptions, which are found by their place in the tree.
#pragma once

#include <optional>

#include "schemas/words/text.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): its name
class App;
class ParseError;
}  // namespace CLI

namespace gatehouse {

// By $LC_ALL, $LC_MESSAGES, $LANG; English when they say nothing known.
[[nodiscard]] Language language_of_environment();
// What `--lang` says, wherever it stands; else the environment.
[[nodiscard]] Language language_of(int argc, const char* const* argv);

// Gives the whole tree its texts. Precondition: it is complete, has a name, and schemas/words has a text for each verb
// and option.
void speak(CLI::App& app, Language language);

// What a person reads of a command line that cannot be taken. `root` is the tree that was to take it.
[[nodiscard]] std::string usage_fault(const CLI::ParseError& fault, const CLI::App& root, Language language);

// Speaks, then takes the arguments. Nothing when the program is to go on; else the exit code (sysexits), after help,
// version or fault was printed.
[[nodiscard]] std::optional<int> parse_command_line(CLI::App& app, int argc, const char* const* argv,
                                                    Language language);

}  // namespace gatehouse
