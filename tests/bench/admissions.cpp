#include "tests/bench/admissions.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "edge/daemon/signature_checks.hpp"
#include "edge/desk/desk.hpp"
#include "edge/journal/journal_thread.hpp"
#include "schemas/base/match.hpp"
#include "tests/bench/box_office.hpp"

namespace gatehouse::bench {

namespace {

constexpr NodeId gate{1};

Clock clock_now() {
    Clock clock;
    clock.now = Instant{std::chrono::steady_clock::now().time_since_epoch()};
    clock.wall = bench_noon;
    return clock;
}

// What the deciding thread has to do next.
class Inbox {
public:
    void post(std::function<void()> work) {
        {
            const std::lock_guard lock{mutex_};
            work_.push_back(std::move(work));
        }
        waiting_.notify_one();
    }
    // `idle` is for when nothing waits, and says whether it found something to do.
    void run_one(const std::function<bool()>& idle) {
        std::unique_lock lock{mutex_};
        while (work_.empty()) {
            lock.unlock();
            if (idle()) return;
            lock.lock();
            waiting_.wait(lock, [this] { return !work_.empty(); });
        }
        auto work = std::move(work_.front());
        work_.pop_front();
        lock.unlock();
        work();
    }

private:
    std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<std::function<void()>> work_;
};

Result<edge::Journal> open_journal(const std::filesystem::path& folder) {
    edge::JournalOptions options;
    options.node = gate;
    options.ledger.venue.id = bench_venue;
    return edge::Journal::open(folder, options);
}

// The box office's records come as batches of another node do. Leaves a copy of the database as it is then.
Result<void> prepare(const std::filesystem::path& folder, const BoxOffice& office, std::size_t records) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::filesystem::path database;
    {
        auto journal = open_journal(folder);
        if (!journal) return journal.error();
        database = journal->database_path();
        for (std::size_t first = 0; first < records; first += edge::bulk_transaction) {
            const auto last = std::min(first + edge::bulk_transaction, records);
            std::vector<ledger::Record> batch(office.records().begin() + static_cast<std::ptrdiff_t>(first),
                                              office.records().begin() + static_cast<std::ptrdiff_t>(last));
            const auto head = office.head_at(batch.back());
            edge::Work work;
            work.foreign = {{1, std::make_shared<const std::vector<ledger::Record>>(std::move(batch)), head}};
            const auto done = journal->commit(work);
            if (!done) return done.error();
            const auto& result = done->foreign.at(0);
            if (result.stored != last - first || result.parked > 0)
                return fail(ErrorCode::internal, "the box office's records were not taken");
            journal->checkpoint(true);
        }
    }
    for (const std::string suffix : {"", "-wal"})
        if (std::filesystem::exists(database.string() + suffix))
            std::filesystem::copy_file(database.string() + suffix, (folder / "before.db").string() + suffix);
    return {};
}

edge::DeskOptions desk_options(std::shared_ptr<const SigningKey> key, JournalId journal, std::size_t lanes) {
    edge::DeskOptions options;
    options.venue = bench_venue;
    options.venue_name = "Bench";
    options.node_name = NodeName{"gate"};
    options.journal = journal;
    options.key = std::move(key);
    options.authority = bench_authority().public_key();
    options.built = WallTime{bench_noon.value - 1};
    options.software = "bench";
    options.checks_apart = true;
    for (std::size_t i = 0; i < lanes; ++i) {
        const auto n = std::to_string(i);
        options.lanes.push_back({LaneName{"lane-" + n},
                                 GateName{"south"},
                                 bench_zone,
                                 Direction::entry,
                                 {{DeviceName{"scan-" + n}, std::nullopt}},
                                 DeviceName{"turn-" + n}});
    }
    return options;
}

// The shell's loop: carries effects out, lets a guest walk through each barrier as soon as it opens, and scans the next
// ticket on a lane once the former passage is on disk.
class Node {
public:
    Node(const std::shared_ptr<const SigningKey>& key, edge::Journal journal, ledger::LedgerReader reader,
         std::vector<std::string> codes, std::size_t lanes)
        : codes_(std::move(codes)),
          reader_(std::move(reader)),
          head_(journal.own_head()),
          desk_(desk_options(key, {gate, head_.next_epoch}, lanes), reader_),
          checks_(
              bench_venue, [this](std::function<void()> work) { inbox_.post(std::move(work)); },
              [this](const edge::SignatureChecked& outcome, Instant /*asked*/) { step(outcome); }),
          journal_(
              std::move(journal), *key, [this](std::function<void()> work) { inbox_.post(std::move(work)); },
              journal_events()) {
        EpochOpened opening;
        opening.certificate = bench_certificate(gate, "gate", key->public_key());
        opening.software = "bench";
        const auto genesis = genesis_hash(bench_venue, {gate, head_.next_epoch});
        step(edge::JournalOpened{head_.seq, genesis, true, std::move(opening)});
        step(edge::PeersChanged{{box_office}});
        for (std::size_t lane = 0; lane < lanes; ++lane)
            step(edge::TurnstileReported{DeviceName{"turn-" + std::to_string(lane)}, drivers::ReportOnline{}});
    }

    AdmissionsTimed run(std::size_t lanes) {
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t lane = 0; lane < lanes; ++lane) scan(std::to_string(lane));
        const auto check = [this] {
            const auto done = checks_.check_one();
            if (done) step(done->first);
            return done.has_value();
        };
        while (timed_.admissions < codes_.size() && !failed_) inbox_.run_one(check);
        timed_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        journal_.stop();
        return timed_;
    }
    [[nodiscard]] const std::optional<std::string>& failed() const { return failed_; }

private:
    edge::JournalEvents journal_events() {
        edge::JournalEvents on;
        on.own_synced = [this](Seq up_to) { step(edge::RecordsSynced{up_to}); };
        on.own_failed = [this](const Error& error, const edge::OwnHead& /*head*/) { failed_ = error.detail; };
        on.foreign_stored = [](const edge::ForeignResult& /*result*/) {};
        on.head_signed = [](const SignedHead& /*head*/) {};
        on.storage_changed = [](const edge::StorageState& /*state*/, const edge::OwnHead& /*head*/) {};
        on.stopped = [this](const Error& error) { failed_ = error.detail; };
        return on;
    }

    void scan(const std::string& lane) {
        if (next_ == codes_.size()) return;
        step(edge::ScanRead{DeviceName{"scan-" + lane}, codes_[next_++]});
    }

    // All effects of one event are carried out before the next event is taken.
    void step(edge::Event event) {
        events_.push_back(std::move(event));
        if (stepping_) return;
        stepping_ = true;
        for (; !events_.empty(); events_.pop_front())
            for (const auto& effect : desk_.step(events_.front(), clock_now())) carry_out(effect);
        stepping_ = false;
    }

    void carry_out(const edge::Effect& effect) {
        if (const auto* append = std::get_if<edge::AppendRecord>(&effect)) {
            journal_.append(append->record);
        } else if (const auto* check = std::get_if<edge::CheckSignature>(&effect)) {
            checks_.add(*check, {});
        } else if (const auto* open = std::get_if<edge::OpenBarrier>(&effect)) {
            step(edge::TurnstileReported{open->turnstile, drivers::ReportOpened{open->id}});
            step(edge::TurnstileReported{open->turnstile, drivers::ReportPassed{open->direction}});
        } else if (const auto* show = std::get_if<edge::ShowVerdict>(&effect)) {
            if (show->reply.decision == Decision::refuse)
                failed_ = "refused: " + std::string{to_string(show->reply.reason)};
        } else if (const auto* published = std::get_if<edge::PublishRecord>(&effect)) {
            note(published->record->header.kind, published->record->body);
        }
    }

    void note(Kind kind, const Body& body) {
        if (kind != Kind::passage) {
            if (const auto* verdict = std::get_if<Verdict>(&body)) lanes_.push_back(verdict->lane.value.substr(5));
            return;
        }
        ++timed_.admissions;
        if (lanes_.empty()) return;
        const auto lane = std::move(lanes_.front());
        lanes_.pop_front();
        inbox_.post([this, lane] { scan(lane); });
    }

    std::vector<std::string> codes_;
    std::size_t next_ = 0;
    std::deque<std::string> lanes_;  // of verdicts whose passage is on its way, in the order of the journal
    AdmissionsTimed timed_;
    std::optional<std::string> failed_;
    std::deque<edge::Event> events_;
    bool stepping_ = false;
    Inbox inbox_;
    ledger::LedgerReader reader_;
    edge::OwnHead head_;
    edge::Desk desk_;
    edge::SignatureChecks checks_;
    edge::JournalThread journal_;
};

}  // namespace

Result<AdmissionsTimed> time_admissions(const std::filesystem::path& folder, std::size_t admissions,
                                        std::size_t in_flight, SalesHeld held) {
    const BoxOffice office{admissions};
    const auto records = held == SalesHeld::yes ? office.records().size() : 1;
    if (const auto prepared = prepare(folder, office, records); !prepared) return prepared.error();
    auto journal = open_journal(folder);
    if (!journal) return journal.error();
    auto reader = ledger::LedgerReader::open(journal->database_path());
    if (!reader) return reader.error();
    const auto key = std::make_shared<const SigningKey>(SigningKey::from_seed(Seed{2}));
    Node node{key, std::move(*journal), std::move(*reader), office.codes(), in_flight};
    const auto timed = node.run(in_flight);
    if (node.failed()) return fail(ErrorCode::storage_unavailable, "the journal failed: " + *node.failed());
    return timed;
}

}  // namespace gatehouse::bench
