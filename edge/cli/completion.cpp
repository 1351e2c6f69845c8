// Completion scripts, made by walking the tree of verbs.
#include <cstdio>

#include "edge/cli/verbs.hpp"

namespace gatehouse::cli {

namespace {

struct Words {
    std::string path;   // "", "shift", "shift open"
    std::string words;  // what may come next
};

void collect(const CLI::App& app, const std::string& path, std::vector<Words>& all) {
    std::string words;
    const auto add = [&](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
    for (const CLI::App* sub : app.get_subcommands({})) add(sub->get_name());
    for (const CLI::Option* option : app.get_options({}))
        for (const std::string& name : option->get_lnames()) add("--" + name);
    all.push_back({path, words});
    for (const CLI::App* sub : app.get_subcommands({}))
        collect(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), all);
}

// The verbs typed so far, and the words that may follow them; for bash, and for zsh through bashcompinit.
std::string bash_script(const std::vector<Words>& all) {
    std::string out =
        "_gatehouse() {\n"
        "    local path=\"\" word i\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        word=${COMP_WORDS[i]}\n"
        "        [[ $word == -* ]] || path=\"${path:+$path }$word\"\n"
        "    done\n"
        "    local words=\"\"\n"
        "    while :; do\n"
        "        case \"$path\" in\n";
    for (const Words& one : all) out += "            \"" + one.path + "\") words=\"" + one.words + "\"; break ;;\n";
    out +=
        "        esac\n"
        "        [[ $path == *\" \"* ]] && path=${path% *} || path=\"\"\n"
        "    done\n"
        "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
        "}\n"
        "complete -o default -F _gatehouse gatehouse\n";
    return out;
}

std::string fish_script(const std::vector<Words>& all) {
    std::string out = "complete -c gatehouse -f\n";
    for (const Words& one : all) {
        const std::string last = one.path.substr(one.path.rfind(' ') + 1);
        const std::string when = one.path.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + last;
        if (!one.words.empty()) out += "complete -c gatehouse -n '" + when + "' -a '" + one.words + "'\n";
    }
    return out;
}

}  // namespace

std::string completion_script(const CLI::App& app, const std::string& shell) {
    std::vector<Words> all;
    collect(app, "", all);
    if (shell == "fish") return fish_script(all);
    if (shell == "zsh") return "#compdef gatehouse\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(all);
    return bash_script(all);
}

void add_completion_verb(const Tree& tree) {
    auto shell = std::make_shared<std::string>();
    tree.verb(tree.app, "completion",
              [&app = tree.app, shell] {
                  std::fputs(completion_script(app, *shell).c_str(), stdout);
                  return static_cast<int>(Exit::ok);
              })
        ->add_option("shell", *shell)
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

}  // namespace gatehouse::cli
