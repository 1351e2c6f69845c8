// A node as central sees it: enrolled, with a ledger and a journal of its own, on a real link.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <optional>

#include "schemas/base/match.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/ledger/reader.hpp"
#include "sync/link/enrolment.hpp"
#include "sync/link/sync_links.hpp"
#include "sync/link/x509.hpp"
#include "sync/replication/batch_loading.hpp"
#include "tests/sync/central/central_rig.hpp"

namespace gatehouse::central::testing {

class TestNode {
public:
    // Enrols over HTTPS, with a token that `central`'s logged-in client asks for.
    TestNode(TestCentral& central, const std::string& name) : central_(central) {
        const auto issued = central.call("POST", "enrolment-tokens", {{"name", name}});
        REQUIRE_MESSAGE(issued.status == 201, issued.text);
        token = *sync::parse_enrolment_token(json::value_to<std::string>(issued["token"]));
        auto granted =
            sync::enrol("https://" + central.central->sync_address(), token, NodeName{name}, signing, tls_key);
        REQUIRE_MESSAGE(granted, (granted ? "" : granted.error().detail));
        grant = std::move(*granted);
        ledger::LedgerOptions options;
        options.venue = {grant.venue.id, grant.venue.time_zone, std::chrono::minutes{grant.venue.cutover_min}};
        ledger_.emplace(std::move(*ledger::Ledger::open(folder_.path() / "node.db", options)));
        reader_.emplace(ledger_->database());
        open_epoch();
    }
    // Goes on in an epoch after the present one, as after a database was lost.
    void begin_next_epoch() {
        ++epoch_.value;
        open_epoch();
    }
    [[nodiscard]] JournalId journal() const { return {grant.node, epoch_}; }
    [[nodiscard]] ledger::LedgerReader& reader() { return *reader_; }

    ledger::Record append(Body body, OperatorName actor = {}) {
        REQUIRE(ledger_->begin());
        const auto head = ledger_->head(journal());
        REQUIRE(head);
        Header header;
        header.node = grant.node;
        header.epoch = epoch_;
        header.seq = Seq{head->seq.value + 1};
        header.prev = head->hash;
        const auto clock = read_clock({});
        header.wall = clock.wall;
        header.boot = clock.boot;
        header.boot_ns = header.seq.value;
        header.clock = clock_quality;
        header.business_date = business_date;
        header.actor = std::move(actor);
        auto record = ledger::make_record(std::move(header), std::move(body));
        const auto appended = ledger_->append(record);
        REQUIRE(appended);
        REQUIRE_MESSAGE(!appended->parked, appended->parked.value_or(""));
        const auto signed_head = sign_head(signing, grant.venue.id, journal(), record.header.seq, record.hash);
        REQUIRE(ledger_->store_head(signed_head));
        REQUIRE(ledger_->commit());
        if (replicator_) grown(journal());
        return record;
    }
    void connect() {
        sync::ReplicatorOptions options;
        options.session.venue = grant.venue.id;
        options.session.authority = grant.authority;
        options.session.self = grant.node;
        options.session.epoch = epoch_;
        options.session.certificate = grant.certificate;
        options.session.ask_time_every = std::chrono::seconds{30};
        replicator_.emplace(options);
        sync::LinkOptions link_options;
        link_options.tls = {{tls_key, grant.tls_certificate + grant.ca}, grant.ca};
        link_options.floor = [] { return WallTime{}; };
        links_.emplace(io_, link_options, callbacks());
        for (const auto& state : reader_->journals()) grown(state.journal);
        links_->dial("wss://" + central_.central->sync_address() + "/sync");
    }
    void disconnect() {
        links_.reset();
        replicator_.reset();
        io_.restart();
        io_.poll();
    }
    // Central's newest receipt for this node's journal.
    [[nodiscard]] Seq acknowledged() {
        const auto state = reader_->journal(journal());
        return state && state->receipt ? state->receipt->seq : Seq{};
    }
    // Asks central to take everything again.
    void resync(Seq to) { tell(*link_, sync::ResyncAsked{1, journal(), Seq{1}, to}); }

    bool run_until(const std::function<bool()>& there) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!there()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            io_.restart();
            io_.run_for(std::chrono::milliseconds{20});
            if (replicator_) carry_out(replicator_->tick(now()));
        }
        return true;
    }

    SigningKey signing = SigningKey::generate();
    std::string tls_key = sync::make_tls_key();
    sync::EnrolmentToken token;
    sync::EnrolmentGrant grant;
    Date business_date{20'000};
    ClockQuality clock_quality = Header{}.clock;
    std::optional<sync::ReportResync> resync_result;
    std::optional<sync::ReportTime> time;
    bool serving = true;                  // false: it announces, and brings nothing
    std::optional<SignedHead> pretended;  // announced at the next connect instead of what is held
    std::string closed;

private:
    static Instant now() { return read_clock({}).now; }
    void open_epoch() {
        EpochOpened opened;
        opened.certificate = grant.certificate;
        append(opened);
    }
    sync::LinkCallbacks callbacks() {
        sync::LinkCallbacks c;
        c.opened = [this](const sync::LinkOpened& link) {
            link_ = link.link;
            carry_out(replicator_->open(link.link, true, sync::LinkUp{link.tls_key, WallTime{}}, now()));
        };
        c.received = [this](sync::LinkId link, Bytes frame) { tell(link, sync::FrameReceived{std::move(frame)}); };
        c.sent = [this](sync::LinkId link, std::size_t octets) { tell(link, sync::FrameSent{octets}); };
        c.closed = [this](sync::LinkId link, const std::string& why) {
            closed = why;
            tell(link, sync::LinkDown{});
        };
        c.dial_failed = [this](const std::string&, const std::string& why, std::uint32_t) { closed = why; };
        return c;
    }
    void tell(sync::LinkId link, const sync::Event& event) { carry_out(replicator_->step(link, event, now())); }
    void grown(JournalId id) {
        const auto state = reader_->journal(id);
        const auto certificate = id.node == grant.node ? grant.certificate : grant.central_certificate;
        auto held = held_journal(*state, certificate);
        if (pretended && id == journal()) {
            held.head = pretended;
            held.seq = pretended->seq;
            held.hash = pretended->hash;
        }
        carry_out(replicator_->journals_grown({held}, now()));
    }
    void store(sync::LinkId link, const sync::StoreBatch& batch) {
        sync::BatchStored stored{batch.generation, batch.journal, {}, 0, 0, 0, 0, {}, {}};
        REQUIRE(ledger_->begin());
        for (const auto& bytes : batch.records) {
            const auto record = ledger::read_record(bytes);
            REQUIRE(record);
            const auto appended = ledger_->append(*record);
            REQUIRE(appended);
            (appended->kind == ledger::AppendKind::duplicate ? stored.duplicate : stored.accepted) += 1;
            stored.up_to = record->header.seq;
        }
        REQUIRE(ledger_->store_head(batch.head));
        REQUIRE(ledger_->commit());
        boost::asio::post(io_, [this, link, stored, id = batch.journal] {
            tell(link, stored);
            grown(id);
        });
    }
    void carry_out(const sync::LinkEffects& effects) {
        for (const auto& [link, effect] : effects)
            std::visit(Match{[&](const sync::SendFrame& send) { links_->send(link, send.frame); },
                             [&](const sync::HangUp& hang) { links_->close(link, hang.detail); },
                             [&](const sync::LoadBatch& load) {
                                 if (!serving) return;
                                 const bool own = load.journal == journal();
                                 auto loaded =
                                     sync::load_batch(*reader_, grant.venue.id, load, own ? &signing : nullptr);
                                 boost::asio::post(io_, [this, l = link, loaded] { tell(l, loaded); });
                             },
                             [&](const sync::StoreBatch& batch) { store(link, batch); },
                             [&](const sync::StoreReceipt& receipt) {
                                 REQUIRE(ledger_->begin());
                                 REQUIRE(ledger_->store_receipt(receipt.receipt));
                                 REQUIRE(ledger_->commit());
                             },
                             [&](const sync::ReportTime& told) { time = told; },
                             [&](const sync::ReportResync& report) { resync_result = report; }, [](const auto&) {}},
                       effect);
    }

    TestCentral& central_;
    Epoch epoch_{1};
    Folder folder_;
    std::optional<ledger::Ledger> ledger_;
    std::optional<ledger::LedgerReader> reader_;
    boost::asio::io_context io_;
    std::optional<sync::Replicator> replicator_;
    std::optional<sync::SyncLinks> links_;
    std::optional<sync::LinkId> link_;
};

}  // namespace gatehouse::central::testing
