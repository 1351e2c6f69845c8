// journal verify, export, head, rebuild: through the daemon, or on the files of a stopped node.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <map>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"
#include "edge/daemon/identity.hpp"
#include "schemas/crypto/certificate.hpp"
#include "sync/ledger/export.hpp"
#include "sync/ledger/lock_file.hpp"
#include "sync/ledger/verifier.hpp"

namespace gatehouse::cli {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Reading a journal of millions of records takes its time.
constexpr std::chrono::minutes longest_reading{10};

struct JournalArguments {
    std::string data_dir;
    std::optional<unsigned> node;
    std::uint64_t from = 1;
};

std::string name_of(JournalId id) { return std::to_string(id.node.value) + "-" + std::to_string(id.epoch.value); }

// The database of a stopped node, or of central: whichever of the two files is there.
fs::path database_of(const std::string& data_dir) {
    const fs::path node = fs::path{data_dir} / "journal.db";
    std::error_code ignored;
    return fs::exists(node, ignored) ? node : fs::path{data_dir} / "central.db";
}

std::string query_of(const JournalArguments& wanted) {
    return "?from=" + std::to_string(wanted.from) + (wanted.node ? "&node=" + std::to_string(*wanted.node) : "");
}

bool concerns(const JournalArguments& wanted, JournalId id) { return !wanted.node || *wanted.node == id.node.value; }

// --- on files ---

struct Files {
    ledger::LedgerReader reader;
    VenueId venue{};
    std::optional<PublicKey> authority;
};

// Never writes: a reader of its own, also beside a running daemon.
Result<Files> files_in(const std::string& data_dir) {
    const fs::path path = database_of(data_dir);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return fail(ErrorCode::not_found, "");
    auto reader = ledger::LedgerReader::open(path);
    if (!reader) return reader.error();
    Files files{std::move(*reader), {}, std::nullopt};
    if (const auto identity = edge::load_identity(data_dir)) {
        files.venue = identity->grant.venue.id;
        files.authority = identity->grant.authority;
    } else {
        // Without the identity the venue is taken from a certificate that the journals hold themselves.
        for (const auto& node : files.reader.nodes())
            if (const auto certificate = parse_certificate(node.certificate)) files.venue = certificate->venue;
    }
    return files;
}

// The files, or nothing after it was said why not; `exit` then says how to end.
std::optional<Files> open_files(const Client& client, const std::string& data_dir, int& exit) {
    auto files = files_in(data_dir);
    if (files) return std::move(*files);
    const bool absent = files.error().code == ErrorCode::not_found;
    std::error_code unread;
    fs::directory_iterator{data_dir, unread};
    const FaultText why = unread ? FaultText::command_no_folder : FaultText::command_no_journal;
    exit = absent ? client.fail(files.error(), {why, {{"dir", data_dir}}}) : client.fail(files.error());
    return std::nullopt;
}

// Ends 65 after the first fault of a journal was told: what it means, then what was found and where.
int tell_broken(const Client& client, const std::string& fault) {
    return client.fail(fail(ErrorCode::chain_broken, fault), {FaultText::command_broken_journal, {}});
}

std::optional<PublicKey> owner_key(Files& files, NodeId node) {
    for (const Bytes& certificate : files.reader.certificates(node)) {
        const auto read = files.authority ? verify_certificate(*files.authority, files.venue, certificate)
                                          : parse_certificate(certificate);
        if (read && read->node == node) return read->signing_key;
    }
    return std::nullopt;
}

Error unread(const JournalArguments& wanted) {
    return fail(ErrorCode::io, "the database cannot be read: " + database_of(wanted.data_dir).string());
}

// The journals that are asked for, or nothing after it was said why not: a list that cannot be read is not a short one.
std::optional<std::vector<ledger::JournalState>> listed(const Client& client, Files& files,
                                                        const JournalArguments& wanted, int& exit) {
    auto journals = files.reader.journals();
    std::erase_if(journals, [&](const auto& one) { return !concerns(wanted, one.journal); });
    const auto fault = files.reader.fault();
    if (fault != ledger::Fault::none || journals.empty()) {
        exit = fault != ledger::Fault::none ? client.fail(unread(wanted)) : tell_broken(client, "no journal is held");
        return std::nullopt;
    }
    return journals;
}

int verify_files(const Options& options, const JournalArguments& wanted) {
    const Client client{options};
    int exit = Exit::ok;
    auto files = open_files(client, wanted.data_dir, exit);
    if (!files) return exit;
    const auto journals = listed(client, *files, wanted, exit);
    if (!journals) return exit;
    const auto of = wanted.node ? std::optional{NodeId{static_cast<std::uint16_t>(*wanted.node)}} : std::nullopt;
    if (const auto unlisted = ledger::unlisted_record(files->reader, of))
        return tell_broken(client, to_string(unlisted->at) + ": " + unlisted->what);
    for (const auto& journal : *journals) {
        ledger::Verifier verifier{files->reader, files->venue, journal, std::min(Seq{wanted.from - 1}, journal.head),
                                  [&](NodeId node) { return owner_key(*files, node); }};
        while (verifier.step(10'000)) continue;
        const auto& fault = verifier.fault();
        if (options.json) {
            json::object body{{"journal", name_of(journal.journal)},
                              {"head", journal.head.value},
                              {"verified", verifier.position().value},
                              {"signatures", verifier.signatures_judged()},
                              {"ok", !fault}};
            if (fault) body["fault"] = to_string(fault->at) + ": " + fault->what;
            std::printf("%s\n", json::serialize(body).c_str());
        } else if (!fault) {
            std::printf("%s\n", words(Text::cli_verified, options.language,
                                      {{"journal", name_of(journal.journal)},
                                       {"head", std::to_string(journal.head.value)},
                                       {"signatures", std::to_string(verifier.signatures_judged())}})
                                    .c_str());
        }
        if (fault) return tell_broken(client, to_string(fault->at) + ": " + fault->what);
    }
    if (files->reader.fault() != ledger::Fault::none) return client.fail(unread(wanted));
    return Exit::ok;
}

int export_files(const Options& options, const JournalArguments& wanted) {
    const Client client{options};
    int exit = Exit::ok;
    auto files = open_files(client, wanted.data_dir, exit);
    if (!files) return exit;
    if (!listed(client, *files, wanted, exit)) return exit;
    ledger::ExportRange range;
    if (wanted.node) range.node = NodeId{static_cast<std::uint16_t>(*wanted.node)};
    range.from = Seq{wanted.from};
    const auto done = ledger::export_journals(files->reader, range, [](std::string_view line) {
        std::fwrite(line.data(), 1, line.size(), stdout);
        std::fputc('\n', stdout);
        return std::ferror(stdout) == 0;
    });
    return done ? static_cast<int>(Exit::ok) : client.fail(done.error());
}

json::array heads_json(const std::vector<ledger::JournalState>& journals) {
    json::array all;
    for (const auto& journal : journals)
        all.push_back(json::object{{"node", journal.journal.node.value},
                                   {"epoch", journal.journal.epoch.value},
                                   {"head", journal.head.value},
                                   {"hash", to_hex(journal.hash)},
                                   {"acked", journal.receipt ? journal.receipt->seq.value : 0},
                                   {"forked", journal.forked}});
    return all;
}

void show_heads(const Client& client, const json::value& answer) {
    std::vector<std::vector<std::string>> rows{{client.word(Text::cli_node), client.word(Text::cli_epoch),
                                                client.word(Text::cli_head), client.word(Text::cli_acked),
                                                client.word(Text::cli_hash)}};
    for (const json::value& journal : answer.at("journals").as_array())
        // Central acknowledges nothing of its own.
        rows.push_back({number_at(journal, "node"), number_at(journal, "epoch"), number_at(journal, "head"),
                        number_at(journal, "node") == "0" ? "-" : number_at(journal, "acked"),
                        text_at(journal, "hash")});
    std::fputs(table(rows).c_str(), stdout);
}

int head(const Options& options, const JournalArguments& wanted) {
    Client client{options};
    if (wanted.data_dir.empty()) {
        const std::string query = wanted.node ? "?node=" + std::to_string(*wanted.node) : "";
        return client.call("GET", "/api/v1/journals" + query, "",
                           [&](const json::value& answer) { show_heads(client, answer); });
    }
    int exit = Exit::ok;
    auto files = open_files(client, wanted.data_dir, exit);
    if (!files) return exit;
    const auto journals = listed(client, *files, wanted, exit);
    if (!journals) return exit;
    const json::object body{{"journals", heads_json(*journals)}};
    if (options.json) {
        std::printf("%s\n", json::serialize(body).c_str());
    } else {
        show_heads(client, body);
    }
    return Exit::ok;
}

int rebuild(const Options& options, const JournalArguments& wanted) {
    const Client client{options};
    const auto lock = ledger::LockFile::acquire(fs::path{wanted.data_dir} / "lock");
    if (!lock) return client.fail(lock.error());
    const auto identity = edge::load_identity(wanted.data_dir);
    if (!identity) return client.fail(identity.error());
    ledger::LedgerOptions ledger_options;
    ledger_options.venue = {identity->grant.venue.id, identity->grant.venue.time_zone,
                            std::chrono::minutes{identity->grant.venue.cutover_min}};
    auto opened = ledger::Ledger::open(fs::path{wanted.data_dir} / "journal.db", ledger_options);
    if (!opened) return client.fail(opened.error());
    const auto before = ledger::state_hash(opened->database());
    const bool bar = ::isatty(2) == 1;
    const auto done = opened->rebuild([&](std::uint64_t records) {
        if (bar) std::fprintf(stderr, "\r%llu", static_cast<unsigned long long>(records));
    });
    if (bar) std::fprintf(stderr, "\n");
    if (!done) return client.fail(done.error());
    const auto after = ledger::state_hash(opened->database());
    const bool same = before && after && *before == *after;
    if (options.json)
        std::printf("%s\n", json::serialize(json::object{{"same", same}}).c_str());
    else
        std::printf("%s\n", client.word(same ? Text::cli_rebuilt_same : Text::cli_rebuilt_other).c_str());
    return same ? Exit::ok : Exit::bad_data;
}

// --- through the daemon ---

int verify(const Options& options, const JournalArguments& wanted) {
    if (!wanted.data_dir.empty()) return verify_files(options, wanted);
    Client client{options, longest_reading};
    int exit = Exit::ok;
    const auto body = client.fetch("POST", "/api/v1/journals/verify" + query_of(wanted), "{}", exit);
    if (!body) return exit;
    if (options.json) std::printf("%s\n", body->c_str());
    const json::value answer = json::parse(*body);
    for (const json::value& journal : answer.at("journals").as_array()) {
        const std::string fault = text_at(journal, "fault");
        if (!fault.empty()) return tell_broken(client, fault);
        if (!options.json)
            std::printf("%s\n", words(Text::cli_verified, options.language,
                                      {{"journal", text_at(journal, "journal")},
                                       {"head", number_at(journal, "head")},
                                       {"signatures", number_at(journal, "signatures")}})
                                    .c_str());
    }
    return Exit::ok;
}

// Page after page of each journal.
int export_all(const Options& options, const JournalArguments& wanted) {
    if (!wanted.data_dir.empty()) return export_files(options, wanted);
    Client client{options, longest_reading};
    int exit = Exit::ok;
    const auto heads = client.ask("GET", "/api/v1/journals", "", exit);
    if (!heads) return exit;
    for (const json::value& journal : heads->at("journals").as_array()) {
        const auto node = journal.at("node").to_number<unsigned>();
        if (wanted.node && *wanted.node != node) continue;
        const auto head = journal.at("head").to_number<std::uint64_t>();
        for (std::uint64_t from = wanted.from; from <= head;) {
            const auto lines = client.fetch("GET",
                                            "/api/v1/journals/records?node=" + std::to_string(node) + "&epoch=" +
                                                number_at(journal, "epoch") + "&from=" + std::to_string(from),
                                            "", exit);
            if (!lines) return exit;
            std::fwrite(lines->data(), 1, lines->size(), stdout);
            if (std::ferror(stdout) != 0) return Exit::io;
            const auto count = static_cast<std::uint64_t>(std::count(lines->begin(), lines->end(), '\n'));
            if (count == 0)
                return tell_broken(
                    client, to_string(RecordRef{NodeId{static_cast<std::uint16_t>(node)},
                                                Epoch{journal.at("epoch").to_number<std::uint32_t>()}, Seq{from}}) +
                                ": the record is missing");
            from += count;
        }
    }
    return Exit::ok;
}

}  // namespace

void add_journal_verbs(const Tree& tree) {
    CLI::App* journal = tree.app.add_subcommand("journal");
    journal->require_subcommand(1);
    auto wanted = std::make_shared<JournalArguments>();
    const auto common = [&](CLI::App* verb, bool needs_files) {
        auto* files = verb->add_option("--data-dir", wanted->data_dir);
        if (needs_files) files->required();
        return verb;
    };
    const auto of_node = [&](CLI::App* verb) {
        verb->add_option("--node", wanted->node)->check(CLI::Range(0U, 65535U));
        return verb;
    };
    const auto from = [&](CLI::App* verb) {
        return verb->add_option("--from", wanted->from)->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32U));
    };
    auto& options = tree.options;
    auto* verifying =
        of_node(common(tree.verb(*journal, "verify", [&options, wanted] { return verify(options, *wanted); }), false));
    from(verifying);
    from(of_node(
        common(tree.verb(*journal, "export", [&options, wanted] { return export_all(options, *wanted); }), false)));
    of_node(common(tree.verb(*journal, "head", [&options, wanted] { return head(options, *wanted); }), false));
    common(tree.verb(*journal, "rebuild", [&options, wanted] { return rebuild(options, *wanted); }), true);
}

}  // namespace gatehouse::cli
