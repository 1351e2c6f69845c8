#include "edge/daemon/node.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "edge/daemon/desk_pump.hpp"
#include "edge/daemon/node_options.hpp"
#include "schemas/words/fault_words.hpp"
#include "sync/link/log.hpp"
#include "sync/link/thread_urgency.hpp"

namespace gatehouse::edge {

namespace {

constexpr std::chrono::seconds reopen_after{5};
constexpr std::chrono::seconds closing_within{5};
constexpr std::chrono::milliseconds offering_within{200};

// The epoch that will be written, as far as it is known before the journal is opened for writing: the devices and an
// emergency do not wait for that.
Epoch likely_epoch(const std::filesystem::path& database, NodeId node) {
    std::error_code ignored;
    if (!std::filesystem::exists(database, ignored)) return Epoch{1};
    auto reader = ledger::LedgerReader::open(database);
    if (!reader) return Epoch{1};
    const auto latest = reader->latest_journal(node);
    return latest ? latest->journal.epoch : Epoch{1};
}

}  // namespace

class Node::Threads {
public:
    Threads(Settings settings, Identity identity, const VenueCalendar& calendar, std::function<void(NodeEnd)> ended)
        : settings_(std::move(settings)),
          identity_(std::move(identity)),
          calendar_(calendar),
          ended_(std::move(ended)),
          work_(io_.get_executor()) {}
    ~Threads() { stop(); }

    [[nodiscard]] Result<void> start() {
        auto api = ApiServer::start(api_options(settings_, identity_), api_facts(settings_, identity_, calendar_),
                                    api_outlets());
        if (!api) return api.error();
        api_ = std::move(*api);
        const Epoch likely = likely_epoch(settings_.data_dir / "journal.db", identity_.grant.node);
        pump_ = std::make_unique<DeskPump>(io_, desk_options(settings_, identity_, calendar_, likely), settings_,
                                           identity_.grant.venue.pepper, desk_outlets());
        deciding_ = std::thread{[this] {
            describe_thread("deciding", Urgency::live);
            run();
        }};
        opener_ = std::thread{[this] {
            describe_thread("opener", Urgency::ordinary);
            open_journal();
        }};
        return {};
    }

    void stop() {
        if (!deciding_.joinable()) return;
        {
            const std::lock_guard held{mutex_};
            stopping_ = true;
        }
        changed_.notify_all();
        opener_.join();
        boost::asio::post(io_, [this] { pump_->stop(); });
        wait(closing_within, [this] { return closed_.has_value(); });
        wait(offering_within, [this] { return !central_up_ || (closed_ && acked_ >= *closed_); });
        if (relay_) relay_->stop();  // destroying it may wait for the system's resolver
        api_->stop();
        if (sync_) sync_->stop();
        boost::asio::post(io_, [this] {
            pump_.reset();
            work_.reset();
            io_.stop();
        });
        deciding_.join();
        if (sync_) sync_->stop();  // where it was handed over only now
    }

    [[nodiscard]] const std::string& api_address() const { return api_->address(); }
    [[nodiscard]] std::string peer_address() const {
        const std::lock_guard held{mutex_};
        return peer_address_;
    }

private:
    template <class Done>
    void wait(std::chrono::milliseconds longest, Done done) {
        std::unique_lock held{mutex_};
        changed_.wait_for(held, longest, done);
    }

    template <class Change>
    void note(Change change) {
        {
            const std::lock_guard held{mutex_};
            change();
        }
        changed_.notify_all();
    }

    // Waiting for an event takes longer than deciding on it: with a scan under way the thread looks for it instead. It
    // gives way each time it finds none: whoever brings the event (the journal's thread, the kernel's worker of a
    // terminal) may wait for this very processor, and no kernel takes it from a thread that has just got it.
    void run() {
        while (!io_.stopped()) {
            if (!pump_ || boot_now() >= pump_->ready_until())
                io_.run_one();
            else if (io_.poll() == 0)
                std::this_thread::yield();
        }
    }

    void end(int exit, const std::string& why, std::optional<Error> settings_fault = std::nullopt) {
        log::error("{}", why);
        ended_({exit, why, std::move(settings_fault)});
    }

    // In both languages: who reads the log need not be who wrote the configuration.
    void tell_peers_closed(const Error& error) const {
        if (error.code != ErrorCode::io) return log::error("peers: {}", error.detail);
        for (const Language language : {Language::zh, Language::en})
            log::error("{}",
                       with_remark(said({FaultText::peers_closed, {{"address", settings_.peers.listen}}}, language),
                                   error.detail, language));
    }

    // --- what leaves the deciding thread ---
    DeskOutlets desk_outlets() {
        DeskOutlets outlets;
        outlets.publish = [this](Published published) { api_->publish(std::move(published)); };
        outlets.board = [this](BoardPart part) { api_->put(std::move(part)); };
        outlets.resync = [this](StartResync order) {
            if (sync_) sync_->resync(order);
        };
        outlets.foreign_stored = [this](std::uint64_t batch, std::optional<ForeignResult> result) {
            if (sync_) sync_->foreign_stored(batch, std::move(result));
        };
        outlets.head_signed = [this](SignedHead head) {
            if (sync_) sync_->head_signed(head);
        };
        outlets.storage_stopped = [this](const Error& error) { end(74, "the disk failed: " + error.detail); };
        outlets.closing_synced = [this](Seq head) { note([&] { closed_ = head; }); };
        return outlets;
    }

    ApiOutlets api_outlets() {
        ApiOutlets outlets;
        outlets.read_failed = [this](ledger::Fault fault) { read_failed(fault); };
        outlets.now = [clock = MachineClock{}] { return clock.read().wall; };
        outlets.command = [this](Actor actor, Command command, std::string pin, Answered answered) {
            boost::asio::post(io_, [this, actor = std::move(actor), command = std::move(command), pin = std::move(pin),
                                    answered = std::move(answered)]() mutable {
                pump_->command(std::move(actor), std::move(command), std::move(pin), std::move(answered));
            });
        };
        outlets.desk_status = [this](std::function<void(DeskStatus)> answered) {
            boost::asio::post(io_, [this, answered = std::move(answered)] {
                pump_->show_devices();
                answered(pump_->status());
            });
        };
        return outlets;
    }

    // On the deciding thread, in order; not before the journal can store it.
    void when_open(std::function<void()> run) {
        boost::asio::post(io_, [this, run = std::move(run)] {
            if (open_) return run();
            early_.push_back(run);
        });
    }

    SyncOutlets sync_outlets() {
        SyncOutlets outlets;
        outlets.received = [this](std::uint64_t batch, std::shared_ptr<const std::vector<ledger::Record>> records,
                                  SignedHead head, bool live) {
            when_open([this, batch, records, head, live] { pump_->foreign_received(batch, records, head, live); });
        };
        outlets.receipt = [this](Receipt receipt, bool own) {
            if (own) note([&] { acked_ = receipt.seq; });
            when_open([this, receipt, own] { pump_->store_receipt(receipt, own); });
        };
        outlets.heard = [this](std::vector<NodeId> heard) {
            boost::asio::post(io_, [this, heard = std::move(heard)] { pump_->feed(PeersChanged{heard}); });
        };
        outlets.copied = [this](NodeId peer, Seq seq) {
            boost::asio::post(io_, [this, peer, seq] { pump_->feed(CopyAcknowledged{peer, seq}); });
        };
        outlets.time_told = [this](std::int64_t offset_ms) {
            when_open([this, offset_ms] { pump_->feed(TrustedTimeLearned{offset_ms}); });
        };
        outlets.board = [this](BoardPart part) {
            if (const auto* view = std::get_if<CentralView>(&part)) note([&] { central_up_ = view->connected; });
            api_->put(std::move(part));
        };
        outlets.own_elsewhere = [this](const OwnElsewhere& known) { own_elsewhere(known); };
        outlets.read_failed = [this](ledger::Fault fault) { read_failed(fault); };
        outlets.compared = [this](std::optional<SignedHead> past) {
            note([this, past] {
                compared_ = true;
                past_ = past;
            });
        };
        return outlets;
    }

    // Once, and with what is to be done about the data directory: what was written here may exist nowhere else.
    void own_elsewhere(const OwnElsewhere& known) {
        std::optional<Seq> appended;
        {
            const std::lock_guard held{mutex_};
            if (std::exchange(behind_, true)) return;
            appended = handed_over_;
        }
        FaultWords what{
            FaultText::journal_ahead,
            {{"journal", std::to_string(known.journal.node.value) + "-" + std::to_string(known.journal.epoch.value)},
             {"record", std::to_string(known.seq.value)}}};
        if (known.differs) {
            what.text = FaultText::journal_differs;
        } else if (appended) {
            what.text = FaultText::journal_ahead_appended;
            what.with.push_back({"first", std::to_string(appended->value + 1)});
        }
        log::error("{}", said(what, Language::zh));
        end(65, said(what, Language::en));
        changed_.notify_all();
    }

    void read_failed(ledger::Fault fault) {
        boost::asio::post(io_, [this, fault] { pump_->read_failed(fault); });
    }

    // --- the opener's thread ---
    void open_journal() {
        while (true) {
            auto journal = Journal::open(settings_.data_dir, journal_options(identity_));
            if (journal) {
                relay_.reset();
                return use_journal(std::move(*journal));
            }
            const Error& error = journal.error();
            if (error.code == ErrorCode::unavailable) return end(75, error.detail, error);
            log::error("the journal cannot be opened: {}", error.detail);
            api_->put(ReadyView{false, "the journal cannot be opened: " + error.detail});
            if (!relay_) begin_relay();
            const bool hopeless = error.code != ErrorCode::io && error.code != ErrorCode::storage_unavailable;
            std::unique_lock held{mutex_};
            if (hopeless) changed_.wait(held, [this] { return stopping_; });
            if (changed_.wait_for(held, reopen_after, [this] { return stopping_; })) return;
        }
    }

    // The disk takes no writes, or is trusted with none: what it still has goes to whoever asks, and can be read.
    void begin_relay() {
        const auto path = settings_.data_dir / "journal.db";
        auto for_sync = ledger::LedgerReader::open(path);
        auto for_api = ledger::LedgerReader::open(path);
        if (!for_sync || !for_api) return;
        const auto latest = for_sync->latest_journal(identity_.grant.node);
        if (!latest) return;
        auto options = sync_options(settings_, identity_, latest->journal, built_at());
        options.pulls = false;
        SyncOutlets outlets;
        outlets.received = [](std::uint64_t, const auto&, const SignedHead&, bool) {};
        outlets.receipt = [](const Receipt&, bool) {};
        outlets.heard = [](const std::vector<NodeId>&) {};
        outlets.copied = [](NodeId, Seq) {};
        outlets.time_told = [](std::int64_t) {};
        outlets.board = [this](BoardPart part) { api_->put(std::move(part)); };
        outlets.own_elsewhere = [](const OwnElsewhere&) {};
        // The journal is closed already, and is opened again as soon as the disk allows.
        outlets.read_failed = [](ledger::Fault fault) {
            log::error("read-only: the journal cannot be served any further, a read failed: {}", to_string(fault));
        };
        outlets.compared = [](std::optional<SignedHead>) {};
        auto sync = SyncPump::make(std::move(options), std::move(*for_sync), std::move(outlets));
        if (!sync) return tell_peers_closed(sync.error());
        {
            const std::lock_guard held{mutex_};
            peer_address_ = (*sync)->address();
        }
        relay_ = std::move(*sync);
        relay_->begin();
        api_->journal_opened(std::move(*for_api), false);
        log::warning("read-only: the journal up to record {} is served to central and peers", latest->head.value);
    }

    void use_journal(Journal journal) {
        const auto path = journal.database_path();
        const OwnHead own = journal.own_head();
        const Epoch epoch = own.epoch();
        if (journal.report().quarantined)
            log::error("the journal could not be trusted and was moved to {}", journal.report().quarantined->string());
        auto for_desk = ledger::LedgerReader::open(path);
        auto for_api = ledger::LedgerReader::open(path);
        auto for_sync = ledger::LedgerReader::open(path);
        if (!for_desk || !for_api || !for_sync) return end(74, "the journal cannot be read: " + path.string());
        const WallTime floor{
            std::max(built_at().value, for_sync->trusted_wall(identity_.grant.node).value_or(WallTime{}).value)};
        auto sync = SyncPump::make(sync_options(settings_, identity_, {identity_.grant.node, epoch}, floor),
                                   std::move(*for_sync), sync_outlets());
        if (!sync) {
            tell_peers_closed(sync.error());
            const Error fault = fail(sync.error().code, "peers: " + sync.error().detail);
            return end(fault.code == ErrorCode::config ? 78 : 74, fault.detail, fault);
        }
        {
            const std::lock_guard held{mutex_};
            peer_address_ = (*sync)->address();
        }
        SyncPump* const pump = sync->get();
        auto handed = std::make_shared<std::unique_ptr<SyncPump>>(std::move(*sync));
        boost::asio::post(io_, [this, handed] { sync_ = std::move(*handed); });
        pump->begin();  // what it posts comes after
        wait(std::chrono::seconds{10}, [this] { return compared_ || behind_ || stopping_; });
        std::optional<SignedHead> past;
        {
            const std::lock_guard held{mutex_};
            if (behind_ || stopping_) return;
            past = past_;
            handed_over_ = own.seq;
        }
        api_->journal_opened(std::move(*for_api), true);  // before it is told that the node is ready
        auto shared = std::make_shared<Opened>(Opened{std::move(journal), std::move(*for_desk), epoch, past});
        boost::asio::post(io_, [this, shared] { take(*shared); });
        log::info("ready: node {} epoch {} from record {}", identity_.grant.node.value, epoch.value, own.seq.value);
    }

    struct Opened {
        Journal journal;
        ledger::LedgerReader reader;
        Epoch epoch;
        std::optional<SignedHead> past;  // how far others know the journal before it
    };

    // On the deciding thread.
    void take(Opened& opened) {
        std::optional<EpochOpened> opening;
        if (opened.journal.own_head().seq.value == 0) {
            opening.emplace();
            opening->certificate = identity_.grant.certificate;
            opening->software = "gatehouse " GATEHOUSE_VERSION;
            opening->prev_epoch = Epoch{opened.epoch.value - 1};
            if (opened.past && opened.past->journal.epoch == opening->prev_epoch) {
                opening->prev_head = opened.past->seq;
                opening->prev_hash = opened.past->hash;
            }
        }
        pump_->journal_opened(std::move(opened.journal), std::move(opened.reader), *identity_.signing, opening);
        open_ = true;
        for (const auto& run : std::exchange(early_, {})) run();
        api_->put(ReadyView{true, ""});
    }

    Settings settings_;
    Identity identity_;
    VenueCalendar calendar_;
    std::function<void(NodeEnd)> ended_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::unique_ptr<ApiServer> api_;
    std::unique_ptr<DeskPump> pump_;            // deciding thread
    std::unique_ptr<SyncPump> sync_;            // deciding thread
    std::unique_ptr<SyncPump> relay_;           // opener's thread: while there is no journal to write
    std::vector<std::function<void()>> early_;  // deciding thread: until `open_`
    bool open_ = false;                         // deciding thread
    std::thread deciding_;
    std::thread opener_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool compared_ = false;
    bool behind_ = false;
    std::optional<Seq> handed_over_;  // where the journal stood when the desk got it
    std::optional<SignedHead> past_;
    std::optional<Seq> closed_;  // everything decided is on disk, up to here
    bool central_up_ = false;
    Seq acked_;
    std::string peer_address_;
};

Result<std::unique_ptr<Node>> Node::start(Settings settings, std::function<void(NodeEnd)> ended) {
    if (::mkdir(settings.data_dir.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(ErrorCode::io, settings.data_dir.string() + ": " + std::strerror(errno));
    auto identity = load_identity(settings.data_dir);
    if (!identity) return identity.error();
    if (identity->name != settings.node)
        return fail(ErrorCode::config, "this machine is enrolled as '" + identity->name.value +
                                           "', but the configuration names it '" + settings.node.value + "'");
    const auto calendar = venue_calendar(*identity);
    if (!calendar) return calendar.error();
    std::unique_ptr<Node> node{new Node};
    node->threads_ = std::make_unique<Threads>(std::move(settings), std::move(*identity), *calendar, std::move(ended));
    if (auto started = node->threads_->start(); !started) return started.error();
    return node;
}

Node::~Node() = default;

std::string Node::api_address() const { return threads_->api_address(); }
std::string Node::peer_address() const { return threads_->peer_address(); }
void Node::stop() { threads_->stop(); }

}  // namespace gatehouse::edge
