#include "sync/central/exchange.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>
#include <utility>

#include "schemas/base/match.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/link/log.hpp"
#include "sync/link/sync_links.hpp"
#include "sync/replication/batch_loading.hpp"

namespace gatehouse::central {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t announced_step = 64;  // records

}  // namespace

class Exchange::Inner : public std::enable_shared_from_this<Inner> {
public:
    Inner(asio::io_context& io, VenueStore& store, const Identity& identity, sync::EnrolmentDesk& desk,
          ExchangeOptions options)
        : io_(io),
          store_(store),
          identity_(identity),
          desk_(desk),
          options_(std::move(options)),
          replicator_(replicator_options()),
          timer_(io) {}

    Result<std::string> listen();
    void stop();
    void journals_grown(const std::vector<sync::HeldJournal>& held) {
        carry_out(replicator_.journals_grown(held, now()));
    }
    void revocations_changed(std::vector<sync::Revocation> revocations) {
        carry_out(replicator_.revocations_changed(std::move(revocations), now()));
    }
    asio::io_context& io() { return io_; }
    Presence presence;

private:
    [[nodiscard]] sync::ReplicatorOptions replicator_options() const;
    [[nodiscard]] sync::LinkCallbacks link_callbacks();
    [[nodiscard]] static Instant now() { return read_clock({}).now; }
    void opened(const sync::LinkOpened& link);
    void closed(sync::LinkId link, const std::string& why);
    void tell(sync::LinkId link, const sync::Event& event) { carry_out(replicator_.step(link, event, now())); }
    void carry_out(sync::LinkEffects effects);
    void carry_out_one(sync::LinkId link, sync::Effect& effect);
    void store_batch(sync::LinkId link, sync::StoreBatch batch);
    void note_announced(sync::LinkId link);
    void keep_announced(sync::LinkId link, std::uint64_t at_least);
    void note_catalogue(sync::LinkId link);
    void report_peer(sync::LinkId link, const sync::ReportPeer& peer);
    void keep_evidence(const sync::ReportFork& fork);
    void compare(const SignedHead& head);
    void forked(JournalId journal);
    [[nodiscard]] bool read_failed() const;
    void arm();

    asio::io_context& io_;
    VenueStore& store_;
    const Identity& identity_;
    sync::EnrolmentDesk& desk_;
    ExchangeOptions options_;
    sync::Replicator replicator_;
    std::optional<ledger::LedgerReader> reader_;
    std::optional<sync::SyncLinks> links_;
    std::map<sync::LinkId, std::string> addresses_;
    std::map<sync::LinkId, ConnectedNode> peers_;
    std::map<sync::LinkId, std::uint64_t> noted_;  // of a session's news
    std::map<JournalId, Seq> kept_announced_;
    std::map<sync::LinkId, Seq> copied_;  // of central's journal, by what the peer said
    asio::steady_timer timer_;
    std::optional<Instant> armed_;
    bool stopped_ = false;
};

sync::ReplicatorOptions Exchange::Inner::replicator_options() const {
    sync::ReplicatorOptions options;
    options.session.venue = identity_.venue;
    options.session.authority = identity_.authority.public_key();
    options.session.self = central_node;
    options.session.certificate = identity_.certificate;
    options.session.software = GATEHOUSE_VERSION;
    return options;
}

sync::LinkCallbacks Exchange::Inner::link_callbacks() {
    const auto weak = weak_from_this();
    sync::LinkCallbacks callbacks;
    callbacks.opened = [weak](const sync::LinkOpened& link) {
        if (const auto self = weak.lock()) self->opened(link);
    };
    callbacks.received = [weak](sync::LinkId link, Bytes frame) {
        const auto self = weak.lock();
        if (!self) return;
        self->tell(link, sync::FrameReceived{std::move(frame)});
        if (const auto peer = self->peers_.find(link); peer != self->peers_.end())
            self->presence.heard(peer->second.node, read_clock({}).wall);
        self->note_announced(link);
        self->note_catalogue(link);
    };
    callbacks.sent = [weak](sync::LinkId link, std::size_t octets) {
        if (const auto self = weak.lock()) self->tell(link, sync::FrameSent{octets});
    };
    callbacks.closed = [weak](sync::LinkId link, const std::string& why) {
        if (const auto self = weak.lock()) self->closed(link, why);
    };
    callbacks.dial_failed = [](const std::string&, const std::string&, std::uint32_t) {};  // central never dials
    return callbacks;
}

Result<std::string> Exchange::Inner::listen() {
    auto reader = ledger::LedgerReader::open(store_.options().database);
    if (!reader) return reader.error();
    reader_.emplace(std::move(*reader));
    sync::LinkOptions options;
    options.tls = {identity_.tls, identity_.ca.certificate};
    options.floor = [] { return read_clock({}).wall; };
    links_.emplace(io_, std::move(options), link_callbacks());
    sync::ListenOptions listen_options;
    listen_options.listen = options_.listen;
    listen_options.retry_after_s = options_.retry_after_s;
    listen_options.enrolment = &desk_;
    return links_->listen(std::move(listen_options));
}

void Exchange::Inner::stop() {
    // Links that end with this server are told of by nobody any more.
    if (!std::exchange(stopped_, true))
        for (const auto& [link, peer] : peers_) keep_announced(link, 1);
    timer_.cancel();
    if (links_) links_->stop();
}

void Exchange::Inner::opened(const sync::LinkOpened& link) {
    addresses_[link.link] = link.address;
    const auto clock = read_clock({});
    carry_out(replicator_.open(link.link, link.dialled(), sync::LinkUp{link.tls_key, clock.wall}, clock.now));
    if (store_.waiting_octets() > options_.most_waiting) tell(link.link, sync::Shed{options_.retry_after_s});
}

void Exchange::Inner::closed(sync::LinkId link, const std::string& why) {
    keep_announced(link, 1);
    tell(link, sync::LinkDown{});
    addresses_.erase(link);
    copied_.erase(link);
    noted_.erase(link);
    const auto peer = peers_.find(link);
    if (peer == peers_.end()) return;
    log::info("{} has gone: {}", peer->second.name.value, why);
    const auto gone = peer->second;
    peers_.erase(peer);
    // A second connection of the same node may have taken over.
    for (const auto& [other, node] : peers_)
        if (node.node == gone.node) return;
    presence.went(gone.node, read_clock({}).wall);
    options_.reported(gone, false);
}

void Exchange::Inner::carry_out(sync::LinkEffects effects) {
    if (stopped_) return;
    for (auto& [link, effect] : effects) carry_out_one(link, effect);
    arm();
}

void Exchange::Inner::carry_out_one(sync::LinkId link, sync::Effect& effect) {
    std::visit(
        Match{
            [&](sync::SendFrame& send) { links_->send(link, std::move(send.frame)); },
            [&](const sync::HangUp& hang_up) {
                links_->close(link, fmt::format("{}: {}", to_string(hang_up.reason), hang_up.detail));
            },
            [&](const sync::LoadBatch& load) {
                const bool own = load.journal.node == central_node;
                auto loaded = sync::load_batch(*reader_, identity_.venue, load, own ? &identity_.signing : nullptr);
                if (read_failed()) return;
                // Not from within the effects of another step: they must be carried out in order.
                asio::post(io_,
                           [self = shared_from_this(), link, event = std::move(loaded)] { self->tell(link, event); });
            },
            [&](sync::StoreBatch& batch) { store_batch(link, std::move(batch)); },
            [](const sync::StoreReceipt&) {},  // central's receipts are its own: it has them
            [&](const sync::ReportPeer& peer) { report_peer(link, peer); }, [](const sync::ReportCopied&) {},
            [&](const sync::ReportFork& fork) { keep_evidence(fork); },
            [&](const sync::CompareHead& told) { compare(told.head); },
            [&](const sync::ReportOwnHead& own) {
                store_.fell_behind({own.journal.node, own.journal.epoch, own.seq}, own.hash);
            },
            [&](const sync::TellTime& tell_time) {
                // Not from within the effects of another step, as above.
                asio::post(io_, [self = shared_from_this(), link, question = tell_time.question] {
                    self->tell(link, sync::TimeRead{question, read_clock({}).wall});
                });
            },
            [](const sync::ReportTime&) {},    // central asks nobody
            [](const sync::ReportResync&) {},  // central asks for none itself: nodes do, told by a record
        },
        effect);
}

void Exchange::Inner::store_batch(sync::LinkId link, sync::StoreBatch batch) {
    const auto generation = batch.generation;
    const auto journal = batch.journal;
    auto done = [weak = weak_from_this(), link, generation, journal](Result<Ingested> result) {
        const auto self = weak.lock();
        if (!self) return;
        sync::Event event = sync::BatchRefused{generation, journal, sync::Refusal::storage_unavailable};
        if (result) std::visit([&](const auto& answer) { event = answer; }, result->answer);
        asio::post(self->io_, [self, link, event = std::move(event)] { self->tell(link, event); });
    };
    store_.take(std::move(batch), std::move(done));
}

void Exchange::Inner::note_announced(sync::LinkId link) {
    const auto* session = replicator_.session(link);
    // Most messages announce nothing, and there may be thousands of journals.
    if (session == nullptr || std::exchange(noted_[link], session->news()) == session->news()) return;
    for (const auto journal : session->announced_journals())
        if (const auto seq = session->announced(journal)) presence.heard_of(journal, *seq);
    keep_announced(link, announced_step);
}

// So that central still says what is missing after a restart. Not each live batch: what comes within a message is here
// as soon as it is known of.
void Exchange::Inner::keep_announced(sync::LinkId link, std::uint64_t at_least) {
    const auto* session = replicator_.session(link);
    if (session == nullptr) return;
    std::erase_if(kept_announced_, [this](const auto& kept) { return !presence.remembers(kept.first); });
    for (const auto journal : session->announced_journals()) {
        if (!presence.remembers(journal)) continue;
        const auto head = session->announced_head(journal);
        const auto held = replicator_.held().find(journal);
        const Seq have = held == replicator_.held().end() ? Seq{0} : held->second.seq;
        auto& kept = kept_announced_[journal];
        if (!head || head->seq <= have || (kept.value > 0 && head->seq.value < kept.value + at_least)) continue;
        kept = head->seq;
        const auto keep = [head = *head](Writing& writing) -> Committed {
            const auto noted = writing.ledger.note_announced(head);
            return [ok = noted.has_value()](const Result<void>& outcome) {
                if (!ok || !outcome) log::warning("what a node announced could not be kept");
            };
        };
        store_.submit(keep,
                      [](const Error& why) { log::warning("what a node announced was not kept: {}", why.detail); });
    }
}

// A node sells and admits by the newest catalogue of the records that it holds: it acknowledges them when they are on
// its disk. Kept where it changes, so that it is known of a node that is away, and after a restart.
void Exchange::Inner::note_catalogue(sync::LinkId link) {
    const auto* session = replicator_.session(link);
    const auto peer = peers_.find(link);
    if (session == nullptr || peer == peers_.end()) return;
    const auto own = store_.own_journal();
    const auto seq = session->copied(own);
    if (std::exchange(copied_[link], seq) == seq) return;
    const auto node = peer->second.node;
    const auto version = reader_->catalogue_version_at({own.node, own.epoch, seq});
    const auto kept = reader_->node_catalogues()[node].version;
    if (read_failed() || version == 0 || kept == version) return;
    const auto keep = [node, version](Writing& writing) -> Committed {
        const auto noted = writing.ledger.note_node_catalogue(node, version, writing.clock.wall);
        return [ok = noted.has_value()](const Result<void>& outcome) {
            if (!ok || !outcome) log::warning("which catalogue a node holds could not be kept");
        };
    };
    store_.submit(keep,
                  [](const Error& why) { log::warning("which catalogue a node holds was not kept: {}", why.detail); });
}

void Exchange::Inner::report_peer(sync::LinkId link, const sync::ReportPeer& peer) {
    const auto clock = read_clock({});
    ConnectedNode node{peer.certificate.node, peer.certificate.name, peer.software, addresses_[link], clock.wall};
    log::info("{} is connected from {} (node {}, {})", node.name.value, node.address, node.node.value, node.software);
    presence.came(node);
    options_.reported(node, true);
    peers_[link] = std::move(node);
}

void Exchange::Inner::keep_evidence(const sync::ReportFork& fork) {
    const RecordRef at{fork.head.journal.node, fork.head.journal.epoch, fork.head.seq};
    log::error("the owner of journal {} signed two histories; no more of this epoch is taken", to_string(at));
    if (!fork.record) return;
    const auto record = ledger::read_record(*fork.record);
    if (!record) return;
    const auto keep = [record = *record](Writing& writing) -> Committed {
        const auto kept = writing.ledger.append(record);
        return [ok = kept.has_value()](const Result<void>& outcome) {
            if (!ok || !outcome) log::error("the evidence of a forked journal could not be kept");
        };
    };
    store_.submit(keep, [](const Error& why) { log::error("the evidence of a fork was not kept: {}", why.detail); });
}

// A fork may show in a head alone: whoever signed it keeps the record to itself.
void Exchange::Inner::compare(const SignedHead& head) {
    const auto record = reader_->record({head.journal.node, head.journal.epoch, head.seq});
    if (read_failed() || !record || record->hash == head.hash) return;
    if (head.journal.node == central_node) return store_.fell_behind(record->ref(), head.hash);
    const auto keep = [weak = weak_from_this(), head](Writing& writing) -> Committed {
        const auto contradicts = writing.ledger.contradicts(head);
        return [weak, journal = head.journal, contradicts](const Result<void>& outcome) {
            if (!contradicts || !outcome) return log::error("the evidence of a forked journal could not be kept");
            const auto self = weak.lock();
            if (self && *contradicts) asio::post(self->io_, [self, journal] { self->forked(journal); });
        };
    };
    store_.submit(keep, [](const Error& why) { log::error("the evidence of a fork was not kept: {}", why.detail); });
}

void Exchange::Inner::forked(JournalId journal) {
    const auto found = replicator_.held().find(journal);
    if (stopped_ || found == replicator_.held().end() || found->second.forked) return;
    log::error("the owner of journal {}-{} signed two histories; no more of this epoch is taken", journal.node.value,
               journal.epoch.value);
    auto held = found->second;
    held.forked = true;
    journals_grown({held});
}

// What a failed read answers looks like "nothing there", and its connection does not mend.
bool Exchange::Inner::read_failed() const {
    if (reader_->fault() == ledger::Fault::none) return false;
    options_.read_failed(reader_->fault());
    return true;
}

void Exchange::Inner::arm() {
    const auto next = replicator_.deadline();
    if (next == armed_) return;
    armed_ = next;
    if (!next) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(std::max(*next - now(), Duration{0}));
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
        if (cancelled || self->stopped_) return;
        self->armed_.reset();
        self->carry_out(self->replicator_.tick(now()));
    });
}

Exchange::Exchange(asio::io_context& io, VenueStore& store, const Identity& identity, sync::EnrolmentDesk& desk,
                   ExchangeOptions options)
    : inner_(std::make_shared<Inner>(io, store, identity, desk, std::move(options))) {}

Exchange::~Exchange() { stop(); }

Result<std::string> Exchange::listen() { return inner_->listen(); }
void Exchange::stop() { inner_->stop(); }

void Exchange::journals_grown(std::vector<sync::HeldJournal> held) {
    asio::post(inner_->io(), [inner = inner_, held = std::move(held)] { inner->journals_grown(held); });
}

void Exchange::revocations_changed(std::vector<sync::Revocation> revocations) {
    asio::post(inner_->io(), [inner = inner_, list = std::move(revocations)] { inner->revocations_changed(list); });
}

Presence& Exchange::presence() { return inner_->presence; }

}  // namespace gatehouse::central
