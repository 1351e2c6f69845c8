// enrol, login
#include <termios.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "edge/cli/verbs.hpp"
#include "edge/config/reader.hpp"
#include "edge/daemon/identity.hpp"
#include "schemas/crypto/pin.hpp"

namespace gatehouse::cli {

namespace {

namespace json = boost::json;

struct EnrolArguments {
    std::string central;
    std::string token;
    std::string config;
};

// What an enrolment that failed tells the integrator.
FaultText why_not_enrolled(ErrorCode code) {
    if (code == ErrorCode::forbidden) return FaultText::enrol_other_name;
    if (code == ErrorCode::config) return FaultText::enrol_already;
    if (code == ErrorCode::unavailable) return FaultText::enrol_unreachable;
    return code == ErrorCode::io || code == ErrorCode::storage_unavailable ? FaultText::start_io
                                                                           : FaultText::enrol_refused;
}

int enrol(const Options& options, const EnrolArguments& wanted) {
    Client client{options};
    const auto loaded = edge::load_config(wanted.config);
    if (!loaded.faults.empty()) {
        for (const auto& fault : loaded.faults) std::fprintf(stderr, "%s\n", told(fault, options.language).c_str());
        const auto& first = loaded.faults.front();
        const bool absent = first.where.file == wanted.config && first.what.text == FaultText::file_unreadable;
        return absent ? Exit::no_input : Exit::config;
    }
    const auto token = sync::parse_enrolment_token(wanted.token);
    if (!token) return client.fail(fail(token.error().code, ""), {FaultText::command_token, {}});
    const auto identity = edge::enrol_node(loaded.settings.data_dir, wanted.central, *token, loaded.settings.node);
    // What TLS refused has words of its own: the token was not even shown.
    if (!identity && identity.error().why != Why::none) return client.fail(identity.error());
    if (!identity) return client.fail(identity.error(), {why_not_enrolled(identity.error().code), {}});
    if (options.json) {
        const json::object body{{"node", identity->grant.node.value},
                                {"name", identity->name.value},
                                {"venue", identity->grant.venue.name}};
        std::printf("%s\n", json::serialize(body).c_str());
        return Exit::ok;
    }
    std::printf("%s\n", words(Text::cli_enrolled, options.language,
                              {{"name", identity->name.value},
                               {"node", std::to_string(identity->grant.node.value)},
                               {"venue", identity->grant.venue.name}})
                            .c_str());
    return Exit::ok;
}

// One line of standard input; at a terminal it is asked for and not shown.
std::string typed_pin(Language language) {
    std::string pin;
    termios shown{};
    const bool terminal = ::tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        termios hidden = shown;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        std::fputs(said({FaultText::command_type_pin, {}}, language).c_str(), stderr);
    }
    std::getline(std::cin, pin);
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &shown);
        std::fputs("\n", stderr);
    }
    return pin;
}

int login(const Options& options, const std::string& name) {
    Client client{options};
    const std::string pin = typed_pin(options.language);
    if (!is_pin(pin)) return client.fail(fail(ErrorCode::invalid_body, ""), {FaultText::command_pin, {}});
    int exit = Exit::ok;
    const auto body =
        client.fetch("POST", "/api/v1/login", json::serialize(json::object{{"operator", name}, {"pin", pin}}), exit);
    if (!body) return exit;
    const json::value answer = json::parse(*body);
    if (auto kept = client.keep_token(std::string{answer.at("token").as_string()}); !kept)
        return client.fail(kept.error());
    if (options.json) {
        std::printf("%s\n", body->c_str());
    } else {
        std::printf("%s\n", words(Text::cli_logged_in, options.language,
                                  {{"name", name}, {"until", std::string{answer.at("expires_at").as_string()}}})
                                .c_str());
    }
    return Exit::ok;
}

}  // namespace

void add_people_verbs(const Tree& tree) {
    auto wanted = std::make_shared<EnrolArguments>();
    CLI::App* enrolling =
        tree.verb(tree.app, "enrol", [&options = tree.options, wanted] { return enrol(options, *wanted); });
    enrolling->add_option("--central", wanted->central)->required();
    enrolling->add_option("--token", wanted->token)->required();
    enrolling->add_option("--config", wanted->config)->required();
    auto name = std::make_shared<std::string>();
    tree.verb(tree.app, "login", [&options = tree.options, name] { return login(options, *name); })
        ->add_option("--operator", *name)
        ->required();
}

}  // namespace gatehouse::cli
