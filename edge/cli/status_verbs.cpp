// status, peers, resync
#include <boost/json.hpp>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"

namespace gatehouse::cli {

namespace {

namespace json = boost::json;

using Rows = std::vector<std::vector<std::string>>;

// A pause that ends early when the process is told to stop: the default action of the signal does that.
void pause(std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock held{mutex};
    never.wait_for(held, time);
}

std::string up_or_down(const Client& client, bool up) { return client.word(up ? Text::cli_up : Text::cli_down); }

std::string clock_word(const Client& client, const std::string& quality) {
    if (quality == "synced") return client.word(Text::cli_clock_synced);
    if (quality == "holdover") return client.word(Text::cli_clock_holdover);
    return client.word(Text::cli_clock_suspect);
}

Text mode_text(std::string_view word) {
    if (word == "normal") return Text::mode_normal;
    if (word == "green") return Text::mode_green;
    return word == "free" ? Text::mode_free : Text::mode_closed;
}

std::string lane_state(const Client& client, const std::string& state) {
    const auto known = text_of_lane_state(state);
    return known ? client.word(*known) : state;
}

// "Default route up 3 ms", each way to central behind the other.
std::string links_line(const Client& client, const json::value& status) {
    std::string line;
    for (const json::value& link : status.at("links").as_array()) {
        const auto name = text_at(link, "name");
        const bool up = text_at(link, "state") == "up";
        line += (line.empty() ? "" : "  ") + (name == "default" ? client.word(Text::ops_link_default) : name) + ' ' +
                up_or_down(client, up);
        if (up && link.at("rtt_ms").is_number()) line += ' ' + number_at(link, "rtt_ms") + " ms";
    }
    return line;
}

void show_peers(const Client& client, const json::value& status) {
    Rows rows{{client.word(Text::cli_peer), "", client.word(Text::cli_copied), client.word(Text::cli_lag)}};
    for (const json::value& peer : status.at("peers").as_array())
        rows.push_back({text_at(peer, "name"), up_or_down(client, flag_at(peer, "connected")),
                        number_at(peer, "copied_seq"), number_at(peer, "lag")});
    std::fputs(table(rows).c_str(), stdout);
}

void show_lanes(const Client& client, const json::value& status) {
    Rows rows{{client.word(Text::cli_lane), client.word(Text::cli_mode), client.word(Text::cli_state),
               client.word(Text::cli_admitted)}};
    for (const json::value& lane : status.at("lanes").as_array())
        rows.push_back({text_at(lane, "name"), client.word(mode_text(text_at(lane, "mode"))),
                        lane_state(client, text_at(lane, "state")), number_at(lane, "admitted_today")});
    std::fputs(table(rows).c_str(), stdout);
}

void show_status(const Client& client, const json::value& status) {
    const json::value& central = status.at("central");
    const json::value& journal = status.at("journal");
    const json::value& clock = status.at("clock");
    const json::value& disk = status.at("disk");
    const auto free_mb = disk.at("free_bytes").to_number<std::uint64_t>() / 1'000'000;
    const Rows rows{
        {client.word(Text::cli_node),
         text_at(status, "name") + " (" + number_at(status, "node") + "-" + number_at(status, "epoch") + ")"},
        {client.word(Text::cli_central),
         up_or_down(client, flag_at(central, "connected")) + "  " + text_at(central, "url")},
        {client.word(Text::cli_links), links_line(client, status)},
        {client.word(Text::cli_journal), words(Text::cli_journal_line, client.options().language,
                                               {{"head", number_at(journal, "head")},
                                                {"acked", number_at(journal, "acked")},
                                                {"backlog", number_at(journal, "backlog")}})},
        {client.word(Text::cli_clock), clock_word(client, text_at(clock, "quality"))},
        {client.word(Text::cli_disk), std::to_string(free_mb) + " MB" +
                                          (flag_at(disk, "reserve_ok") ? "" : "  " + client.word(Text::cli_disk_low))}};
    std::fputs(table(rows).c_str(), stdout);
    if (flag_at(status, "emergency")) std::printf("%s\n", client.word(Text::cli_emergency_open).c_str());
    if (!status.at("peers").as_array().empty()) show_peers(client, status);
    if (!status.at("devices").as_array().empty()) show_devices(client, status);
    if (!status.at("lanes").as_array().empty()) show_lanes(client, status);
}

int status(const Options& options, bool watch) {
    Client client{options};
    const auto once = [&] {
        return client.call("GET", "/api/v1/status", "", [&](const json::value& answer) {
            if (watch) std::fputs("\x1b[H\x1b[2J", stdout);
            show_status(client, answer);
        });
    };
    if (!watch) return once();
    while (true) {
        (void)once();  // a daemon that restarts is told once a second until it is back
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return Exit::io;
        pause(std::chrono::seconds{1});
    }
}

struct ResyncArguments {
    std::optional<std::uint64_t> from;
    std::optional<std::uint64_t> to;
    bool all = false;
    bool dry_run = false;
    bool wait = false;
};

void show_job(const Client& client, const json::value& job) {
    std::printf("%s\n", words(Text::cli_resync_result, client.options().language,
                              {{"sent", number_at(job, "sent")},
                               {"accepted", number_at(job, "accepted")},
                               {"duplicate", number_at(job, "duplicate")},
                               {"parked", number_at(job, "parked")},
                               {"conflicts", number_at(job, "conflicts")}})
                            .c_str());
}

int follow(Client& client, const std::string& id) {
    bool told = false;
    while (true) {
        int exit = Exit::ok;
        const auto body = client.fetch("GET", "/api/v1/jobs/" + id, "", exit);
        if (!body) return exit;
        const json::value job = json::parse(*body);
        const std::string state = text_at(job, "state");
        if (state == "waiting" && !told) {
            // A job that was only just ordered waits too: central is what the status says.
            const auto status = client.ask("GET", "/api/v1/status", "", exit);
            if (!status) return exit;
            told = !flag_at(status->at("central"), "connected");
            if (told) std::fprintf(stderr, "gatehouse: %s\n", client.word(Text::cli_resync_waits).c_str());
        }
        const bool bar = !client.options().json && ::isatty(1) == 1;
        const auto from = job.at("from").to_number<std::uint64_t>();
        const auto done = job.at("up_to").to_number<std::uint64_t>();
        const auto to = job.at("to").to_number<std::uint64_t>();
        if (bar) {
            std::printf("\r%s",
                        progress_bar(done >= from ? done - from + 1 : 0, to >= from ? to - from + 1 : 0).c_str());
            std::fflush(stdout);
        }
        if (state == "done" || state == "failed") {
            if (bar) std::printf("\n");
            if (client.options().json) {
                std::printf("%s\n", body->c_str());
            } else {
                show_job(client, job);
            }
            return state == "done" ? Exit::ok : Exit::try_again;
        }
        pause(std::chrono::milliseconds{200});
    }
}

int resync(const Options& options, const ResyncArguments& wanted) {
    Client client{options};
    json::object body;
    if (wanted.from) body["from"] = *wanted.from;
    if (wanted.to) body["to"] = *wanted.to;
    if (wanted.all) body["all"] = true;
    if (wanted.dry_run) body["dry_run"] = true;
    const std::string text = json::serialize(body);
    if (!wanted.wait || wanted.dry_run)
        return client.call("POST", "/api/v1/resync", text, [&](const json::value& answer) {
            if (wanted.dry_run) {
                std::printf("%s\n", words(Text::cli_resync_preview, options.language,
                                          {{"records", number_at(answer, "records")},
                                           {"from", number_at(answer, "from")},
                                           {"to", number_at(answer, "to")}})
                                        .c_str());
            } else {
                std::printf("%s\n", words(Text::cli_resync_started, options.language,
                                          {{"job", text_at(answer, "id")},
                                           {"from", number_at(answer, "from")},
                                           {"to", number_at(answer, "to")}})
                                        .c_str());
            }
        });
    int exit = Exit::ok;
    const auto job = client.ask("POST", "/api/v1/resync", text, exit);
    return job ? follow(client, text_at(*job, "id")) : exit;
}

}  // namespace

void add_status_verbs(const Tree& tree) {
    auto watch = std::make_shared<bool>(false);
    tree.verb(tree.app, "status", [&options = tree.options, watch] { return status(options, *watch); })
        ->add_flag("--watch", *watch);

    tree.verb(tree.app, "peers", [&options = tree.options] {
        Client client{options};
        return client.call("GET", "/api/v1/status", "", [&](const json::value& answer) { show_peers(client, answer); });
    });

    auto wanted = std::make_shared<ResyncArguments>();
    CLI::App* replay =
        tree.verb(tree.app, "resync", [&options = tree.options, wanted] { return resync(options, *wanted); });
    replay->add_option("--from", wanted->from);
    replay->add_option("--to", wanted->to);
    replay->add_flag("--all", wanted->all);
    replay->add_flag("--dry-run", wanted->dry_run);
    replay->add_flag("--wait", wanted->wait);
}

}  // namespace gatehouse::cli
