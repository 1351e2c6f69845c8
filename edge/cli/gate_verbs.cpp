// scan, lane, emergency
#include <boost/json.hpp>
#include <cstdio>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"

namespace gatehouse::cli {

namespace {

namespace json = boost::json;

struct ScanArguments {
    std::string lane;
    std::string code;
    std::string id;
    std::optional<unsigned> persons;
    std::optional<unsigned> companions;
    std::string direction;
    bool let_through = false;
};

Text reason_text(std::string_view word) {
    for (unsigned i = 0; i < enum_count(Reason{}); ++i)
        if (to_string(static_cast<Reason>(i)) == word) return text_of(static_cast<Reason>(i));
    return Text::reason_unknown;
}

std::optional<Text> note_text(std::string_view word) {
    for (unsigned i = 0; i < enum_count(Note{}); ++i)
        if (to_string(static_cast<Note>(i)) == word) return text_of(static_cast<Note>(i));
    return std::nullopt;
}

int scan(const Options& options, const ScanArguments& wanted) {
    Client client{options};
    json::object body{
        {"id", wanted.id.empty() ? new_client_id() : wanted.id}, {"lane", wanted.lane}, {"code", wanted.code}};
    if (wanted.persons) body["persons"] = *wanted.persons;
    if (wanted.companions) body["companions"] = *wanted.companions;
    if (!wanted.direction.empty()) body["direction"] = wanted.direction;
    if (wanted.let_through) body["let_through"] = true;
    return client.call("POST", "/api/v1/scans", json::serialize(body), [&](const json::value& answer) {
        std::printf("%s\n", verdict_words(answer, options.language).c_str());
    });
}

void show_done(const Client& client, const json::value& answer) {
    std::printf("%s\n",
                client.word(answer.at("recorded").as_bool() ? Text::cli_recorded : Text::cli_not_recorded).c_str());
}

}  // namespace

std::string verdict_words(const json::value& answer, Language language) {
    const auto word = [&](Text key) { return std::string{text(key, language)}; };
    const std::string reason = text_at(answer, "reason");
    const bool admitted = text_at(answer, "verdict") == "admit";
    std::string said =
        words(admitted ? Text::cli_admit : Text::cli_refuse, language, {{"persons", number_at(answer, "persons")}});
    if (flag_at(answer, "busy"))
        said += "  " + word(Text::gate_wait) + " (busy)";
    else if (!admitted)
        said += "  " + word(reason_text(reason)) + " (" + reason + ")";
    if (text_at(answer, "hint") == "ask") said += "\n  " + word(Text::cli_scan_ask);
    for (const json::value& note : answer.at("notes").as_array()) {
        const std::string name{note.as_string()};
        const auto known = note_text(name);
        said += "\n  " + (known ? word(*known) + " (" + name + ")" : name);
    }
    if (const auto* left = answer.as_object().if_contains("left"))
        said += "\n  " + words(Text::cli_left, language, {{"left", json::serialize(*left)}});
    if (const auto* first = answer.as_object().if_contains("first_admission"))
        said += "\n  " + text_at(*first, "time") + "  " + text_at(*first, "node") + "  " + text_at(*first, "gate") +
                " / " + text_at(*first, "lane");
    return said;
}

void add_gate_verbs(const Tree& tree) {
    auto wanted = std::make_shared<ScanArguments>();
    CLI::App* scanning =
        tree.verb(tree.app, "scan", [&options = tree.options, wanted] { return scan(options, *wanted); });
    scanning->add_option("lane", wanted->lane)->required();
    scanning->add_option("code", wanted->code)->required();
    scanning->add_option("--persons", wanted->persons);
    scanning->add_option("--companions", wanted->companions);
    scanning->add_option("--direction", wanted->direction);
    scanning->add_option("--id", wanted->id);
    scanning->add_flag("--let-through", wanted->let_through);

    struct LaneArguments {
        std::string name;
        std::string word;
        std::string mode;
        std::string reason;
    };
    auto lane = std::make_shared<LaneArguments>();
    CLI::App* setting = tree.verb(tree.app, "lane", [&options = tree.options, lane] {
        Client client{options};
        return client.call("PUT", "/api/v1/lanes/" + lane->name + "/mode",
                           json::serialize(json::object{{"mode", lane->mode}, {"reason", lane->reason}}),
                           [&](const json::value& answer) { show_done(client, answer); });
    });
    setting->add_option("name", lane->name)->required();
    setting->add_option("what", lane->word)->required()->check(CLI::IsMember({"mode"}));
    setting->add_option("mode", lane->mode)->required()->check(CLI::IsMember({"normal", "green", "free", "closed"}));
    setting->add_option("--reason", lane->reason);

    auto what = std::make_shared<std::string>();
    tree.verb(tree.app, "emergency",
              [&options = tree.options, what] {
                  Client client{options};
                  return client.call("POST", "/api/v1/emergency",
                                     json::serialize(json::object{{"open", *what == "open"}}),
                                     [&](const json::value& answer) { show_done(client, answer); });
              })
        ->add_option("what", *what)
        ->required()
        ->check(CLI::IsMember({"open", "close"}));
}

}  // namespace gatehouse::cli
