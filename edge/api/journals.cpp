// The journals held here: how far they reach, their records, and whether they are whole.
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "schemas/crypto/certificate.hpp"
#include "sync/ledger/export.hpp"
#include "sync/ledger/verifier.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

constexpr std::uint64_t page = 1000;         // records of one answer
constexpr std::size_t judged_at_once = 500;  // between two of them other calls are answered
constexpr std::uint64_t any_node = 65536;

std::string name_of(JournalId id) { return std::to_string(id.node.value) + "-" + std::to_string(id.epoch.value); }

void heads(Call call) {
    const auto node = query_number(*call, "node", 0, 65535, any_node);
    auto* reader = node ? reader_of(*call) : nullptr;
    if (reader == nullptr) return;
    json::array all;
    for (const ledger::JournalState& journal : reader->journals()) {
        if (*node != any_node && journal.journal.node.value != *node) continue;
        all.push_back(json::object{{"node", journal.journal.node.value},
                                   {"epoch", journal.journal.epoch.value},
                                   {"head", journal.head.value},
                                   {"hash", to_hex(journal.hash)},
                                   {"acked", journal.receipt ? journal.receipt->seq.value : 0},
                                   {"forked", journal.forked}});
    }
    if (!read_failed(*call)) answer_json(*call, 200, json::object{{"journals", std::move(all)}});
}

void records(Call call) {
    const auto node = query_number(*call, "node", 0, 65535, 0);
    const auto epoch = node ? query_number(*call, "epoch", 1, ledger::largest_epoch, 1) : std::nullopt;
    const auto from = epoch ? query_number(*call, "from", 1, ledger::largest_seq, 1) : std::nullopt;
    auto* reader = from ? reader_of(*call) : nullptr;
    if (reader == nullptr) return;
    const ledger::ExportRange range{NodeId{static_cast<std::uint16_t>(*node)},
                                    Epoch{static_cast<std::uint32_t>(*epoch)}, Seq{*from}, Seq{*from + page - 1}};
    std::string lines;
    const auto done = ledger::export_journals(*reader, range, [&](std::string_view line) {
        lines += line;
        lines += '\n';
        return true;
    });
    if (!done) return answer_problem(*call, done.error());
    call->answer(sync::http_response(200, "application/x-ndjson", std::move(lines)));
}

std::optional<PublicKey> owner_key(ApiServices& services, NodeId node) {
    if (!services.reader) return std::nullopt;
    for (const Bytes& certificate : services.reader->certificates(node)) {
        const auto read = verify_certificate(services.facts.authority, services.facts.venue, certificate);
        if (read && read->node == node) return read->signing_key;
    }
    return std::nullopt;
}

// Journal after journal, a slice at a time, so that nobody waits for it.
struct Verification {
    Call call;
    bool all = false;  // not those of one node alone, and from their first record
    Seq after{0};
    std::uint64_t records = 0;
    std::string fault;  // the first
    std::vector<ledger::JournalState> journals;
    std::size_t next = 0;
    std::unique_ptr<ledger::Verifier> verifier;
    json::array done;
};

void go_on(const std::shared_ptr<Verification>& run);

void judged(Verification& run) {
    const auto& fault = run.verifier->fault();
    json::object one{{"journal", name_of(run.journals[run.next].journal)},
                     {"head", run.journals[run.next].head.value},
                     {"verified", run.verifier->position().value},
                     {"signatures", run.verifier->signatures_judged()},
                     {"ok", !fault}};
    if (fault) one["fault"] = to_string(fault->at) + ": " + fault->what;
    if (fault && run.fault.empty()) run.fault = to_string(fault->at) + ": " + fault->what;
    run.records += run.verifier->position().value;
    run.done.push_back(std::move(one));
    run.verifier.reset();
    ++run.next;
}

void go_on(const std::shared_ptr<Verification>& run) {
    ApiServices& services = *run->call->services;
    auto* reader = reader_of(*run->call);
    if (reader == nullptr) return;
    if (run->next == run->journals.size()) {
        if (run->all || !run->fault.empty())
            services.judged = JournalsJudged{services.outlets.now(), run->records, run->fault};
        return answer_json(*run->call, 200, json::object{{"journals", std::move(run->done)}});
    }
    if (!run->verifier) {
        const auto& journal = run->journals[run->next];
        run->verifier = std::make_unique<ledger::Verifier>(
            *reader, services.facts.venue, journal, std::min(run->after, journal.head),
            [&services](NodeId node) { return owner_key(services, node); });
    }
    if (!run->verifier->step(judged_at_once)) judged(*run);
    services.outlets.later([run] { go_on(run); });
}

void verify(Call call) {
    const auto node = query_number(*call, "node", 0, 65535, any_node);
    const auto from = node ? query_number(*call, "from", 1, ledger::largest_seq, 1) : std::nullopt;
    auto* reader = from ? reader_of(*call) : nullptr;
    if (reader == nullptr) return;
    auto run = std::make_shared<Verification>();
    for (ledger::JournalState& journal : reader->journals())
        if (*node == any_node || journal.journal.node.value == *node) run->journals.push_back(std::move(journal));
    const auto of = *node == any_node ? std::nullopt : std::optional{NodeId{static_cast<std::uint16_t>(*node)}};
    if (const auto unlisted = ledger::unlisted_record(*reader, of)) {
        run->fault = to_string(unlisted->at) + ": " + unlisted->what;
        run->done.push_back(json::object{{"journal", name_of(unlisted->at.journal())},
                                         {"head", 0},
                                         {"verified", 0},
                                         {"signatures", 0},
                                         {"ok", false},
                                         {"fault", run->fault}});
    }
    run->call = std::move(call);
    run->all = *node == any_node && *from == 1;
    run->after = Seq{*from - 1};
    go_on(run);
}

}  // namespace

void add_journal_routes(Router& router) {
    router.add("GET", "/api/v1/journals", Access::named, heads);
    router.add("GET", "/api/v1/journals/records", Access::named, records);
    router.add("POST", "/api/v1/journals/verify", Access::named, verify);
}

}  // namespace gatehouse::edge
