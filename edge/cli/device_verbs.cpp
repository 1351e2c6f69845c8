// devices list, test, record, replay, adopt
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "drivers/port/plugged_in.hpp"
#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"
#include "schemas/base/ids.hpp"

namespace gatehouse::cli {

namespace json = boost::json;

Result<std::string> content_of(const std::string& path) {
    std::ifstream file(path);
    if (!file) return fail(ErrorCode::not_found, path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

namespace {

std::string counted(const Client& client, const json::value& device) {
    std::string text;
    for (const auto& [what, count] : device.at("counters").as_object()) {
        const auto known = text_of_device_count(what);
        text += (text.empty() ? "" : ", ") + (known ? client.word(*known) : std::string(what)) + ' ' +
                json::serialize(count);
    }
    return text;
}

std::string last_trouble(const Client& client, const json::value& device) {
    const auto known = text_of_trouble(text_at(device, "last_trouble"));
    return known ? client.word(*known) : text_at(device, "last_error");
}

// What to do about the present trouble; what the system said of it, where that is more than the trouble's word, behind.
std::string advice(const Client& client, const json::value& device) {
    const auto error = text_at(device, "last_error");
    const auto fix = client.word(device_advice(text_at(device, "trouble")));
    return text_of_trouble(error) ? fix : with_remark(fix, error, client.options().language);
}

std::string answered(const json::value& device) {
    const json::value& answers = device.at("answers");
    if (answers.at("count").to_number<std::uint64_t>() == 0) return "";
    return "p50 " + number_at(answers, "p50_ms") + " ms, p99 " + number_at(answers, "p99_ms") + " ms";
}

// A printer may take its time before it is out or given up.
constexpr std::chrono::seconds longest_test{20};

int test(const Options& options, const std::string& name) {
    Client client{options, longest_test};
    int exit = Exit::ok;
    const auto body = client.fetch("POST", "/api/v1/devices/" + name + "/test", "{}", exit);
    if (!body) return exit;
    const auto outcome = text_at(json::parse(*body), "outcome");
    const auto said = words(test_words(outcome), options.language, {{"device", name}});
    std::printf("%s\n", options.json ? body->c_str() : said.c_str());
    const bool failed = outcome == "not_printed" || outcome == "print_unknown";
    return failed ? Exit::unavailable : Exit::ok;
}

// Takes the signals that end a program from its construction on: what is begun after it is ended by them, not left.
class UntilTold {
public:
    UntilTold() {
        signals_.async_wait([this](const boost::system::error_code&, int) { io_.stop(); });
    }
    // Until a signal, one that came before among them, or `seconds` have passed.
    void wait(std::optional<unsigned> seconds) {
        if (seconds) {
            limit_.expires_after(std::chrono::seconds(*seconds));
            limit_.async_wait([this](const boost::system::error_code&) { io_.stop(); });
        }
        io_.run();
    }

private:
    boost::asio::io_context io_;
    boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
    boost::asio::steady_timer limit_{io_};
};

int record(const Options& options, const std::string& name, std::optional<unsigned> seconds) {
    Client client{options};
    const std::string target = "/api/v1/devices/" + name + "/record";
    int exit = Exit::ok;
    UntilTold told;
    const auto begun = client.ask("POST", target, R"({"on":true})", exit);
    if (!begun) return exit;
    const auto file = text_at(*begun, "file");
    const auto beginning = begun->as_object().contains("running") ? Text::cli_recording_already : Text::cli_recording;
    if (!options.json)
        std::fprintf(stderr, "%s\n", words(beginning, options.language, {{"device", name}, {"file", file}}).c_str());
    told.wait(seconds);
    const auto ended = client.ask("POST", target, R"({"on":false})", exit);
    if (!ended) return exit;
    const auto end = ended->as_object().contains("file") ? Text::cli_recording_ended : Text::cli_recording_over;
    if (options.json)
        std::printf("%s\n", json::serialize(*begun).c_str());
    else
        std::printf("%s\n", words(end, options.language, {{"file", file}}).c_str());
    return Exit::ok;
}

struct AdoptArguments {
    std::string name;
    std::string rules = "/etc/udev/rules.d/70-gatehouse.rules";
    std::string group = "gatehouse";
    std::string node;  // one that is plugged in already
    unsigned seconds = 60;
};

Result<drivers::PluggedDevice> found_device(const Client& client, const AdoptArguments& wanted) {
    if (wanted.node.empty()) {
        std::fprintf(
            stderr, "%s\n",
            words(Text::cli_plug_in, client.options().language, {{"seconds", std::to_string(wanted.seconds)}}).c_str());
        auto came = drivers::wait_for_plug(std::chrono::seconds(wanted.seconds));
        if (!came) return came.error();
        return std::move(came->front());
    }
    const auto devices = drivers::list_plugged_in();
    if (!devices) return devices.error();
    std::error_code error;
    const auto node = std::filesystem::canonical(wanted.node, error).string();
    for (const auto& device : *devices)
        if (device.node == node) return device;
    return fail(ErrorCode::not_found, "");
}

// What is in the file already stays in it: one that is there and cannot be read is left alone.
Result<void> write_rule(const AdoptArguments& wanted, const std::string& rule) {
    std::error_code error;
    const auto before = content_of(wanted.rules);
    if (!before && std::filesystem::exists(wanted.rules, error)) return before.error();
    const auto fresh = wanted.rules + ".new";
    std::ofstream file(fresh, std::ios::trunc);
    file << drivers::with_rule(before ? *before : "", wanted.name, rule) << std::flush;
    if (file) std::filesystem::rename(fresh, wanted.rules, error);
    if (!file || error) return fail(ErrorCode::forbidden, error ? error.message() : "");
    return {};
}

int adopt(const Options& options, const AdoptArguments& wanted) {
    const Client client{options};
    if (!is_name(wanted.name))
        return client.fail(fail(ErrorCode::invalid_body, ""), {FaultText::command_device_name, {}});
    const auto device = found_device(client, wanted);
    if (!device && device.error().code == ErrorCode::not_found)
        return client.fail(device.error(), {FaultText::command_not_adoptable, {{"node", wanted.node}}});
    if (!device) return client.fail(device.error());
    const auto rule = drivers::udev_rule(*device, wanted.name, wanted.group);
    if (rule.empty())
        return client.fail(fail(ErrorCode::not_found, ""), {FaultText::command_no_place, {{"node", device->node}}});
    if (const auto written = write_rule(wanted, rule); !written)
        return client.fail(written.error(), {FaultText::command_not_written, {{"file", wanted.rules}}});
    const auto name = drivers::stable_name(wanted.name);
    if (options.json) {
        std::printf("%s\n", json::serialize(json::object{{"node", device->node},
                                                         {"name", name},
                                                         {"rule", rule},
                                                         {"file", wanted.rules},
                                                         {"by_serial", drivers::is_bound_by_serial(*device)}})
                                .c_str());
        return Exit::ok;
    }
    const Text bound = drivers::is_bound_by_serial(*device) ? Text::cli_adopted : Text::cli_adopted_by_socket;
    std::printf("%s\n%s\n\n%s", words(bound, options.language, {{"node", device->node}, {"name", name}}).c_str(),
                words(Text::cli_reload_rules, options.language, {{"file", wanted.rules}}).c_str(),
                drivers::device_settings(*device, wanted.name).c_str());
    return Exit::ok;
}

}  // namespace

std::string state_word(const Client& client, const std::string& state) {
    if (state == "online") return client.word(Text::cli_up);
    return client.word(state == "offline" ? Text::cli_down : Text::cli_fault);
}

void show_devices(const Client& client, const json::value& status) {
    std::vector<std::vector<std::string>> rows{{client.word(Text::cli_device), client.word(Text::cli_driver),
                                                client.word(Text::cli_state), client.word(Text::cli_counts),
                                                client.word(Text::cli_answers), client.word(Text::cli_last_error),
                                                client.word(Text::cli_last_error_at)}};
    for (const json::value& device : status.at("devices").as_array())
        rows.push_back({text_at(device, "name"), text_at(device, "driver"),
                        state_word(client, text_at(device, "state")), counted(client, device), answered(device),
                        last_trouble(client, device), text_at(device, "last_error_at")});
    std::fputs(table(rows).c_str(), stdout);
    for (const json::value& device : status.at("devices").as_array())
        if (!text_at(device, "trouble").empty())
            std::printf("%s: %s\n", text_at(device, "name").c_str(), advice(client, device).c_str());
    for (const json::value& device : status.at("devices").as_array())
        if (const auto* recording = device.as_object().if_contains("recording"); recording && recording->is_object())
            std::printf("%s\n", words(Text::cli_is_recorded, client.options().language,
                                      {{"device", text_at(device, "name")},
                                       {"since", text_at(*recording, "since")},
                                       {"file", text_at(*recording, "file")},
                                       {"octets", number_at(*recording, "octets")}})
                                    .c_str());
}

void add_device_verbs(const Tree& tree) {
    CLI::App* devices = tree.app.add_subcommand("devices");
    devices->require_subcommand(1);
    tree.verb(*devices, "list", [&options = tree.options] {
        Client client{options};
        return client.call("GET", "/api/v1/status", "",
                           [&](const json::value& answer) { show_devices(client, answer); });
    });
    auto tested = std::make_shared<std::string>();
    tree.verb(*devices, "test", [&options = tree.options, tested] { return test(options, *tested); })
        ->add_option("name", *tested)
        ->required();

    auto recorded = std::make_shared<std::string>();
    auto seconds = std::make_shared<std::optional<unsigned>>();
    CLI::App* recording = tree.verb(*devices, "record", [&options = tree.options, recorded, seconds] {
        return record(options, *recorded, *seconds);
    });
    recording->add_option("name", *recorded)->required();
    recording->add_option("--seconds", *seconds);

    auto file = std::make_shared<std::string>();
    tree.verb(*devices, "replay", [&options = tree.options, file] { return replay_recording(options, *file); })
        ->add_option("file", *file)
        ->required();

    auto wanted = std::make_shared<AdoptArguments>();
    CLI::App* adopting =
        tree.verb(*devices, "adopt", [&options = tree.options, wanted] { return adopt(options, *wanted); });
    adopting->add_option("name", wanted->name)->required();
    adopting->add_option("--node", wanted->node);
    adopting->add_option("--rules", wanted->rules)->capture_default_str();
    adopting->add_option("--group", wanted->group)->capture_default_str();
    adopting->add_option("--seconds", wanted->seconds)->capture_default_str();
}

}  // namespace gatehouse::cli
