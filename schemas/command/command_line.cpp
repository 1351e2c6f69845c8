#include "schemas/command/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "schemas/base/check.hpp"
#include "schemas/config/fault.hpp"
#include "schemas/words/columns.hpp"
#include "schemas/words/help.hpp"

namespace gatehouse {

namespace {

constexpr int exit_usage = 64;  // sysexits: EX_USAGE

std::string_view said(const HelpText& help, Language language) { return language == Language::zh ? help.zh : help.en; }

// What a person calls an argument that has no dashes: "通道" for `lane`. Its own name where the table has none.
std::string argument_word(const std::string& name, Language language) {
    const auto* const help = help_on("", '<' + name + '>');
    return help == nullptr ? name : std::string{said(*help, language)};
}

// CLI11's own counts octets where columns are wanted, and says types in its own words.
class Speaking : public CLI::Formatter {
public:
    explicit Speaking(Language language) : language_(language) {
        label("Usage", word(Text::cli_usage));
        label("OPTIONS", word(Text::cli_options));
        label("SUBCOMMAND", word(Text::cli_verb));
        label("Positionals", word(Text::cli_arguments));
        label("REQUIRED", word(Text::cli_required));
    }

    std::string make_option(const CLI::Option* option, bool positional) const override {
        return line(make_option_name(option, positional) + make_option_opts(option), make_option_desc(option));
    }
    std::string make_subcommand(const CLI::App* verb) const override {
        return line(verb->get_display_name(true), verb->get_description());
    }
    std::string make_option_name(const CLI::Option* option, bool positional) const override {
        return positional ? argument_word(option->get_name(true, false), language_) : option->get_name(false, true);
    }
    std::string make_option_opts(const CLI::Option* option) const override {
        std::string said;
        if (const auto type = type_of(*option); !type.empty()) said += ' ' + type;
        if (!option->get_default_str().empty()) said += '=' + option->get_default_str();
        if (option->get_expected_max() == CLI::detail::expected_max_vector_size) said += " ...";
        if (option->get_required()) said += ' ' + get_label("REQUIRED");
        return said;
    }

private:
    [[nodiscard]] std::string word(Text key) const { return std::string{text(key, language_)}; }

    // What it may be where that is a list or a range; else text or number.
    [[nodiscard]] std::string type_of(const CLI::Option& option) const {
        const std::string type = option.get_type_name();
        if (type.empty()) return "";
        if (const auto list = type.find_first_of("{["); list != std::string::npos) return type.substr(list);
        return word(type.starts_with("TEXT") ? Text::cli_type_text : Text::cli_type_number);
    }
    [[nodiscard]] std::string line(const std::string& name, const std::string& description) const {
        std::string out = "  " + name;
        const auto wide = columns(out);
        const auto column = get_column_width();
        out += wide + 2 > column ? '\n' + std::string(column, ' ') : std::string(column - wide, ' ');
        return out + description + '\n';
    }

    Language language_;
};

void speak_at(CLI::App& app, const std::string& path, const std::string& parent, Language language) {
    const auto* const help = help_on(parent, app.get_name());
    check(help != nullptr, "every verb has its help");
    app.description(std::string{said(*help, language)});
    app.formatter(std::make_shared<Speaking>(language));
    app.group(std::string{text(Text::cli_verbs, language)});
    for (auto* option : app.get_options({})) {
        const auto name = option->get_positional() ? option->get_name(true, false) : "--" + option->get_lnames().at(0);
        const auto* const text_of_option = help_on(path, name);
        check(text_of_option != nullptr, "every option has its help");
        option->description(std::string{said(*text_of_option, language)});
        if (option->nonpositional()) option->group(std::string{text(Text::cli_options, language)});
    }
    for (auto* verb : app.get_subcommands({})) speak_at(*verb, path + ' ' + verb->get_name(), path, language);
}

std::string after(const std::string& whole, std::string_view mark) {
    const auto at = whole.find(mark);
    return at == std::string::npos ? whole : whole.substr(at + mark.size());
}

std::string before(const std::string& whole, std::string_view mark) { return whole.substr(0, whole.find(mark)); }

// "--lang: fr not in {en,zh}", "--node: Value 70000 not in range 0 to 65535"
std::string value_fault(const std::string& told, Language language) {
    const auto option = argument_word(before(told, ": "), language);
    const auto rest = after(told, ": ");
    if (rest.find(" not in ") == std::string::npos)
        return words(Text::cli_usage_value, language, {{"option", option}, {"value", rest}});
    const auto value = before(rest, " not in ");
    auto allowed = after(rest, " not in ");
    if (allowed.starts_with("range "))
        allowed = before(after(allowed, "range "), " to ") + " - " + after(allowed, " to ");
    return words(Text::cli_usage_allowed, language,
                 {{"option", option},
                  {"value", value.starts_with("Value ") ? after(value, "Value ") : value},
                  {"allowed", allowed}});
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

Language language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const auto tag = environment(name); !tag.empty()) return parse_language(tag).value_or(Language::en);
    return Language::en;
}

Language language_of(int argc, const char* const* argv) {
    std::optional<Language> wanted;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        constexpr std::string_view option = "--lang";
        if (argument == option && i + 1 < argc) wanted = parse_language(argv[i + 1]);
        if (argument.starts_with("--lang=")) wanted = parse_language(argument.substr(option.size() + 1));
    }
    return wanted ? *wanted : language_of_environment();
}

void speak(CLI::App& app, Language language) { speak_at(app, app.get_name(), "", language); }

// The verb that stands where none is known, and the verbs that might. CLI11 says no more than that one is missing.
std::string verb_fault(const CLI::App& root, Language language) {
    const CLI::App* at = &root;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
    const auto left = root.remaining(true);
    const auto typed = std::ranges::find_if(left, [](const std::string& word) { return !word.starts_with('-'); });
    if (typed == left.end()) return std::string{text(Text::cli_usage_verb, language)};
    std::vector<std::string> names;
    for (const auto* verb : at->get_subcommands({})) names.push_back(verb->get_name());
    const std::vector<std::string_view> known{names.begin(), names.end()};
    const auto meant = nearest(*typed, known);
    std::string verbs;
    for (const auto& name : names) verbs += (verbs.empty() ? "" : ", ") + name;
    return meant.empty()
               ? words(Text::cli_usage_unknown_verb, language, {{"verb", *typed}, {"verbs", verbs}})
               : words(Text::cli_usage_unknown_verb_near, language, {{"verb", *typed}, {"meant", std::string{meant}}});
}

// CLI11 says what is wrong in English sentences alone; what they name is cut out of them.
std::string usage_fault(const CLI::ParseError& fault, const CLI::App& root, Language language) {
    const std::string told = fault.what();
    const int kind = fault.get_exit_code();
    const auto is = [kind](CLI::ExitCodes code) { return kind == static_cast<int>(code); };
    if (is(CLI::ExitCodes::RequiredError) && told == "A subcommand is required") return verb_fault(root, language);
    if (is(CLI::ExitCodes::RequiredError) && told.ends_with(" is required"))
        return words(Text::cli_usage_missing, language,
                     {{"option", argument_word(before(told, " is required"), language)}});
    if (is(CLI::ExitCodes::RequiresError))
        return words(Text::cli_usage_missing, language, {{"option", after(told, " requires ")}});
    if (is(CLI::ExitCodes::ExtrasError))
        return words(Text::cli_usage_unexpected, language, {{"arguments", after(told, "not expected: ")}});
    if (is(CLI::ExitCodes::ArgumentMismatch) &&
        (told.ends_with(" missing") || told.find(": At least ") != std::string::npos))
        return words(Text::cli_usage_no_value, language, {{"option", before(told, ": ")}});
    if (is(CLI::ExitCodes::ConversionError) && told.starts_with("Could not convert: ")) {
        const auto rest = after(told, ": ");
        return words(Text::cli_usage_value, language, {{"option", before(rest, " = ")}, {"value", after(rest, " = ")}});
    }
    if (is(CLI::ExitCodes::ValidationError)) return value_fault(told, language);
    return words(Text::cli_usage_other, language, {{"fault", told}});
}

std::optional<int> parse_command_line(CLI::App& app, int argc, const char* const* argv, Language language) {
    speak(app, language);
    app.failure_message([language](const CLI::App* root, const CLI::Error& fault) {
        const auto* const parsing = dynamic_cast<const CLI::ParseError*>(&fault);
        check(parsing != nullptr && root != nullptr, "only parsing fails");
        return usage_fault(*parsing, *root, language) + '\n' + std::string{text(Text::cli_usage_help, language)} + '\n';
    });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& fault) {
        return app.exit(fault) == 0 ? 0 : exit_usage;
    }
    return std::nullopt;
}

}  // namespace gatehouse
