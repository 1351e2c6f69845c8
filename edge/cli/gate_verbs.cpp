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

void show_verdict(const Client& client, const json::value& answer) {
    const std::string reason = text_at(answer, "reason");
    const bool admitted = text_at(answer, "verdict") == "admit";
    const std::string verdict = words(admitted ? Text::cli_admit : Text::cli_refuse, client.options().language,
                                      {{"persons", number_at(answer, "persons")}});
    if (admitted)
        std::printf("%s\n", verdict.c_str());
    else
        std::printf("%s  %s (%s)\n", verdict.c_str(), client.word(reason_text(reason)).c_str(), reason.c_str());
    if (const auto* left = answer.as_object().if_contains("left"))
        std::printf("  %s\n",
                    words(Text::cli_left, client.options().language, {{"left", json::serialize(*left)}}).c_str());
    if (const auto* first = answer.as_object().if_contains("first_admission"))
        std::printf("  %s  %s  %s / %s\n", text_at(*first, "time").c_str(), text_at(*first, "node").c_str(),
                    text_at(*first, "gate").c_str(), text_at(*first, "lane").c_str());
}

int scan(const Options& options, const ScanArguments& wanted) {
    Client client{options};
    json::object body{
        {"id", wanted.id.empty() ? new_client_id() : wanted.id}, {"lane", wanted.lane}, {"code", wanted.code}};
    if (wanted.persons) body["persons"] = *wanted.persons;
    if (wanted.companions) body["companions"] = *wanted.companions;
    if (!wanted.direction.empty()) body["direction"] = wanted.direction;
    if (wanted.let_through) body["let_through"] = true;
    return client.call("POST", "/api/v1/scans", json::serialize(body),
                       [&](const json::value& answer) { show_verdict(client, answer); });
}

void show_done(const Client& client, const json::value& answer) {
    std::printf("%s\n",
                client.word(answer.at("recorded").as_bool() ? Text::cli_recorded : Text::cli_not_recorded).c_str());
}

}  // namespace

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
