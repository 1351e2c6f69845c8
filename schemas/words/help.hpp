// What `--help` says of programs, verbs and options, in both languages: one table, by the words that lead there.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "schemas/words/text.hpp"

namespace gatehouse {

struct HelpText {
    // "gatehouse shift open --window"; an option's name alone stands for it wherever its place has no line of its own.
    // "<lane>" is what an argument without dashes is called.
    std::string_view path;
    std::string_view zh;
    std::string_view en;
};
[[nodiscard]] std::span<const HelpText> help_texts();

// Of `name` under `path` ("gatehouse shift open"). Nothing when the table has neither.
[[nodiscard]] const HelpText* help_on(std::string_view path, std::string_view name);

}  // namespace gatehouse
