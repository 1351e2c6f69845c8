#include "sync/central/venue_store.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "sync/central/machine_clock.hpp"
#include "sync/central/secret_file.hpp"
#include "sync/central/write_queue.hpp"
#include "sync/ledger/disk_failure.hpp"
#include "sync/ledger/verifier.hpp"
#include "sync/link/log.hpp"

namespace gatehouse::central {

struct VenueStore::Inner {
    StoreOptions options;
    const Identity& identity;
    ledger::Ledger ledger;
    ledger::LedgerReader reader;
    CentralJournal journal;
    std::map<NodeId, Bytes> certificates;
    WallTime floor;
    StoreCallbacks callbacks;
    WriteQueue queue;
    std::thread thread;
    std::atomic<bool> writable{true};
    std::atomic<bool> behind{false};
    mutable std::mutex published_mutex;
    std::shared_ptr<const Catalogue> published;

    Inner(StoreOptions o, const Identity& i, ledger::Ledger l, Epoch epoch)
        : options(std::move(o)),
          identity(i),
          ledger(std::move(l)),
          reader(ledger.database()),
          journal(epoch, identity.signing, options.calendar) {
        load_certificates();
        refresh_catalogue();
    }

    void load_certificates() {
        for (auto& node : reader.nodes()) certificates[node.node] = std::move(node.certificate);
        certificates[central_node] = identity.certificate;
    }
    bool refresh_catalogue();
    void run();
    void tell_everything();
    void work(std::vector<Waiting> group);
    std::optional<Committed> perform(Waiting& waiting, std::vector<Ingested>& taken);
    Committed perform_command(const WriteJob& job);
    [[nodiscard]] Result<void> commit();
    void settle(const Result<void>& outcome, const std::vector<Ingested>& taken);
    void tell_revocations();
    void checkpoint();
    [[nodiscard]] Clock clock() { return read_clock(floor); }
};

bool VenueStore::Inner::refresh_catalogue() {
    const auto version = reader.catalogue_version();
    {
        const std::scoped_lock lock{published_mutex};
        if (published && published->version == version) return false;
    }
    auto next = std::make_shared<const Catalogue>(reader.catalogue().value_or(Catalogue{}));
    const std::scoped_lock lock{published_mutex};
    published = std::move(next);
    return true;
}

void VenueStore::Inner::tell_revocations() {
    std::vector<sync::Revocation> all;
    for (const auto& revocation : reader.revocations())
        all.push_back({revocation.body.node, revocation.body.epoch, revocation.body.last});
    callbacks.revoked(std::move(all));
}

void VenueStore::Inner::tell_everything() {
    std::vector<sync::HeldJournal> held;
    for (const auto& state : reader.journals()) held.push_back(held_journal(state, certificates[state.journal.node]));
    callbacks.grown(std::move(held));
    tell_revocations();
}

void VenueStore::Inner::run() {
    while (true) {
        auto group = queue.take(options.records_at_once);
        if (group.empty()) break;
        work(std::move(group));
        if (writable) checkpoint();
    }
    if (writable && !ledger.database().checkpoint(true))
        log::warning("central.db was not checkpointed at the stop; the next start reads its log");
}

Committed VenueStore::Inner::perform_command(const WriteJob& job) {
    Writing writing{ledger, reader, journal, clock()};
    return job(writing);
}

std::optional<Committed> VenueStore::Inner::perform(Waiting& waiting, std::vector<Ingested>& taken) {
    if (waiting.job) {
        if (!behind) return perform_command(waiting.job);
        return waiting.refuse(
            fail(ErrorCode::storage_unavailable, "this database is older than the venue knows; restore the newer one"));
    }
    const auto result = ingest(ledger, identity.signing, waiting.batch);
    if (!result) return std::nullopt;
    certificates.try_emplace(result->journal.node, waiting.batch.certificate);
    taken.push_back(*result);
    return [done = waiting.done, answer = *result](const Result<void>& outcome) {
        done(outcome ? Result<Ingested>{answer} : Result<Ingested>{outcome.error()});
    };
}

Result<void> VenueStore::Inner::commit() {
    if (auto sign = journal.sign(ledger); !sign) return sign;
    return ledger.commit();
}

// One transaction. When it fails, all that was in it fails.
void VenueStore::Inner::work(std::vector<Waiting> group) {
    std::vector<Committed> answers;
    std::vector<Ingested> taken;
    Result<void> outcome = writable ? ledger.begin() : fail(ErrorCode::storage_unavailable, "the store is closed");
    std::size_t done = 0;
    for (; outcome && done < group.size(); ++done) {
        if (auto answer = perform(group[done], taken))
            answers.push_back(std::move(*answer));
        else
            outcome = fail(ErrorCode::storage_unavailable, "a batch could not be written");
        // The ledger has rolled back: there is nothing to commit, whatever the command answered.
        if (outcome && ledger.fault() != ledger::Fault::none)
            outcome = fail(ErrorCode::storage_unavailable, "a command could not be written");
        if (!outcome) break;
    }
    if (outcome) outcome = commit();
    if (!outcome) ledger.rollback();
    settle(outcome, taken);
    for (const auto& answer : answers) answer(outcome);
    for (std::size_t i = answers.size(); i < group.size(); ++i)
        group[i].refuse(outcome ? fail(ErrorCode::storage_unavailable, "not written") : outcome.error())(outcome);
}

void VenueStore::Inner::settle(const Result<void>& outcome, const std::vector<Ingested>& taken) {
    const bool own = journal.settled();
    if (!outcome) {
        const auto fault = ledger.fault();
        log::error("nothing was written: {} ({})", outcome.error().detail, to_string(fault));
        if (fault == ledger::Fault::space) ledger.database().space_made();
        if (fault != ledger::Fault::none && fault != ledger::Fault::space && writable.exchange(false)) {
            ledger::DiskFailure{options.database}.note();
            callbacks.broken(outcome.error());
        }
        return;
    }
    std::set<JournalId> changed;
    if (own) changed.insert(journal.id());
    for (const auto& one : taken) {
        changed.insert(one.journal);
        callbacks.ingested(one);
    }
    std::vector<sync::HeldJournal> held;
    for (const auto id : changed)
        if (const auto state = reader.journal(id)) held.push_back(held_journal(*state, certificates[id.node]));
    if (own) {
        load_certificates();
        tell_revocations();
        if (refresh_catalogue()) callbacks.catalogue_published(published->version);
        if (!held.empty()) floor = std::max(floor, reader.journal(journal.id())->last_wall);
    }
    if (!held.empty()) callbacks.grown(std::move(held));
}

// Moves the log into the database while nobody waits; see the store's rule in the architecture's section on writing.
void VenueStore::Inner::checkpoint() {
    const auto pages = ledger.database().log_pages();
    if (pages < options.checkpoint_pages || (pages < options.checkpoint_forced && !queue.is_empty())) return;
    if (ledger.database().checkpoint(false)) return;
    log::warning("a checkpoint of central.db failed; it is tried again");
    ledger.database().space_made();  // it took nobody's: the next command need not be refused
}

namespace {

// Every journal read back from its first record on.
Result<void> verify_all(ledger::Ledger& ledger) {
    log::warning("the disk failed under the former run: every journal is read back before anything is served");
    ledger::LedgerReader reader{ledger.database()};
    for (const auto& state : reader.journals()) {
        ledger::Verifier verifier{reader, ledger.venue().id, state, Seq{0}, {}};
        while (verifier.step(1000)) {
        }
        if (const auto fault = verifier.fault())
            return fail(ErrorCode::chain_broken, to_string(fault->at) + ": " + fault->what);
    }
    if (reader.fault() != ledger::Fault::none) return fail(ErrorCode::io, "the database cannot be read back");
    return {};
}

}  // namespace

VenueStore::VenueStore(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}

VenueStore::~VenueStore() { stop(); }

Result<std::unique_ptr<VenueStore>> VenueStore::open(StoreOptions options, const Identity& identity) {
    ledger::LedgerOptions ledger_options;
    ledger_options.venue = options.venue;
    const ledger::DiskFailure failure{options.database};
    const bool after_failure = failure.has_failed();
    if (after_failure) failure.drop_page_cache();
    auto ledger = ledger::Ledger::open(options.database, ledger_options);
    if (!ledger) return ledger.error();
    if (after_failure) {
        if (auto whole = verify_all(*ledger); !whole) return whole.error();
        failure.set_aside();
    }
    std::optional<ledger::JournalState> own;
    {
        ledger::LedgerReader reader{ledger->database()};
        own = reader.latest_journal(central_node);
    }
    if (!own) return fail(ErrorCode::not_found, "the database is empty: run gatehouse-central init first");
    auto inner = std::make_unique<Inner>(std::move(options), identity, std::move(*ledger), own->journal.epoch);
    inner->floor = own->last_wall;
    std::unique_ptr<VenueStore> store{new VenueStore{std::move(inner)}};
    store->recall_behind();
    return store;
}

void VenueStore::start(StoreCallbacks callbacks) {
    inner_->callbacks = std::move(callbacks);
    inner_->tell_everything();
    inner_->thread = std::thread{[inner = inner_.get()] { inner->run(); }};
}

void VenueStore::stop() {
    inner_->queue.close();
    if (inner_->thread.joinable()) inner_->thread.join();
}

void VenueStore::submit(WriteJob job, std::function<void(const Error&)> refused) {
    Waiting waiting;
    waiting.job = std::move(job);
    waiting.refused = refused;
    if (!inner_->queue.put(std::move(waiting))) refused(fail(ErrorCode::storage_unavailable, "the server is stopping"));
}

void VenueStore::take(sync::StoreBatch batch, std::function<void(Result<Ingested>)> done) {
    Waiting waiting;
    waiting.batch = std::move(batch);
    waiting.done = done;
    if (!inner_->queue.put(std::move(waiting))) done(fail(ErrorCode::storage_unavailable, "the server is stopping"));
}

void VenueStore::fell_behind(const RecordRef& known, const Hash& hash) {
    if (inner_->behind.exchange(true)) return;
    log::error(
        "a node holds record {} of this server's own journal, which this database does not: it is an older copy. "
        "Nothing is published, granted or enrolled until the newer database is back",
        to_string(known));
    const auto& note = inner_->options.behind_note;
    if (note.empty() || std::filesystem::exists(note)) return;
    if (const auto kept = write_secret(note, view_of(to_string(known) + ' ' + to_hex(hash))); !kept)
        log::error("this could not be noted for the next start: {}", kept.error().detail);
}

// The note of a former run: it holds until the database has that very record.
void VenueStore::recall_behind() {
    const auto& path = inner_->options.behind_note;
    const auto bytes = read_secret(path);
    if (!bytes) return;
    const auto text = text_of(*bytes);
    const auto blank = text.find(' ');
    const auto known = parse_record_ref(text.substr(0, blank));
    if (!known || blank == std::string::npos) return log::error("{} cannot be read; remove it", path.string());
    const auto record = inner_->reader.record(*known);
    Hash hash{};
    if (const auto octets = from_hex(text.substr(blank + 1)); octets && octets->size() == hash.size())
        std::copy(octets->begin(), octets->end(), hash.begin());
    if (!record || record->hash != hash) return fell_behind(*known, hash);
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

std::shared_ptr<const Catalogue> VenueStore::catalogue() const {
    const std::scoped_lock lock{inner_->published_mutex};
    return inner_->published;
}

std::size_t VenueStore::waiting_octets() const { return inner_->queue.octets(); }
bool VenueStore::is_writable() const { return inner_->writable && !inner_->behind; }
JournalId VenueStore::own_journal() const { return inner_->journal.id(); }
const StoreOptions& VenueStore::options() const { return inner_->options; }

sync::HeldJournal held_journal(const ledger::JournalState& state, Bytes certificate) {
    return {state.journal,          state.head,  state.hash, state.signed_head, state.receipt,
            std::move(certificate), state.forked};
}

}  // namespace gatehouse::central
