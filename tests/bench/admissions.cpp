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
#include "schemas/crypto/certificate.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::bench {

namespace {

constexpr WallTime noon{1'795'233'600'000};
constexpr Date today{20'778};
const ZoneId park{"park"};

Clock clock_now() {
    Clock clock;
    clock.now = Instant{std::chrono::steady_clock::now().time_since_epoch()};
    clock.wall = noon;
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

struct Venue {
    VenueId id{1, 2, 3};
    SigningKey authority = SigningKey::from_seed(Seed{1});
    std::shared_ptr<const SigningKey> key = std::make_shared<const SigningKey>(SigningKey::from_seed(Seed{2}));

    [[nodiscard]] Bytes certificate() const {
        return issue_certificate(
            authority,
            Certificate{id, NodeId{1}, NodeName{"gate"}, key->public_key(), {}, WallTime{0}, WallTime{noon.value * 2}});
    }
};

Result<edge::Journal> fresh_journal(const Venue& venue, const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    edge::JournalOptions options;
    options.node = NodeId{1};
    options.ledger.venue.id = venue.id;
    return edge::Journal::open(folder, options);
}

std::vector<std::string> sign_tickets(const Venue& venue, std::size_t count) {
    std::vector<std::string> codes;
    TicketPayload payload;
    payload.product = ProductId{"adult"};
    payload.valid_from = payload.valid_to = today;
    payload.zones = {park};
    for (std::size_t i = 0; i < count; ++i) {
        payload.id = {{NodeId{1}, Epoch{1}, Seq{1'000'000 + i}}, 1};
        codes.push_back(issue_code(*venue.key, venue.id, encode_payload(payload).value()));
    }
    return codes;
}

edge::DeskOptions desk_options(const Venue& venue, JournalId journal, std::size_t lanes) {
    edge::DeskOptions options;
    options.venue = venue.id;
    options.venue_name = "Bench";
    options.node_name = NodeName{"gate"};
    options.journal = journal;
    options.key = venue.key;
    options.authority = venue.authority.public_key();
    options.built = WallTime{noon.value - 1};
    options.software = "bench";
    options.checks_apart = true;
    for (std::size_t i = 0; i < lanes; ++i) {
        const auto n = std::to_string(i);
        options.lanes.push_back({LaneName{"lane-" + n},
                                 GateName{"south"},
                                 park,
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
    Node(const Venue& venue, edge::Journal journal, ledger::LedgerReader reader, std::vector<std::string> codes,
         std::size_t lanes)
        : codes_(std::move(codes)),
          reader_(std::move(reader)),
          head_(journal.own_head()),
          desk_(desk_options(venue, {NodeId{1}, head_.next_epoch}, lanes), reader_),
          checks_(
              venue.id, [this](std::function<void()> work) { inbox_.post(std::move(work)); },
              [this](const edge::SignatureChecked& outcome, Instant /*asked*/) { step(outcome); }),
          journal_(
              std::move(journal), *venue.key, [this](std::function<void()> work) { inbox_.post(std::move(work)); },
              journal_events()) {
        EpochOpened opening;
        opening.certificate = venue.certificate();
        opening.software = "bench";
        const auto genesis = genesis_hash(venue.id, {NodeId{1}, head_.next_epoch});
        step(edge::JournalOpened{head_.seq, genesis, true, std::move(opening)});
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
                                        std::size_t in_flight) {
    const Venue venue;
    auto journal = fresh_journal(venue, folder);
    if (!journal) return journal.error();
    auto reader = ledger::LedgerReader::open(journal->database_path());
    if (!reader) return reader.error();
    Node node{venue, std::move(*journal), std::move(*reader), sign_tickets(venue, admissions), in_flight};
    const auto timed = node.run(in_flight);
    if (node.failed()) return fail(ErrorCode::storage_unavailable, "the journal failed: " + *node.failed());
    return timed;
}

}  // namespace gatehouse::bench
