// The inside of SyncPump: everything here runs on the sync thread. See sync_pump.hpp.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <set>
#include <thread>

#include "edge/daemon/sync_pump.hpp"
#include "sync/link/beacon_socket.hpp"
#include "sync/replication/discovery.hpp"

namespace gatehouse::edge {

class SyncPump::Loop {
public:
    Loop(SyncOptions options, ledger::LedgerReader reader, SyncOutlets outlets);
    ~Loop();

    [[nodiscard]] Result<std::string> listen();
    void run();  // starts the thread
    void stop();
    [[nodiscard]] boost::asio::io_context& io() { return io_; }

    void head_signed(const SignedHead& head);
    void foreign_stored(std::uint64_t batch, const std::optional<ForeignResult>& result);
    void resync(const StartResync& order);

private:
    // Whom we dial: central by any of its addresses, or one peer.
    struct Dialled {
        explicit Dialled(std::vector<std::string> urls);
        sync::DialSession session;
        bool central = false;
        std::optional<NodeId> discovered;  // its beacons say where it is
        std::string dialling;              // the attempt that is under way
        std::optional<sync::LinkId> link;  // while one is up
        bool accepted = false;             // its hello was
        bool answered = false;             // heads came, or it cannot be reached: for `compared`
    };
    struct Ending {
        sync::HangUpReason reason{};
        std::uint32_t retry_after_s = 0;
    };
    struct Taken {
        sync::LinkId link;
        std::uint32_t generation = 0;
        SignedHead head;
        Bytes certificate;
        std::size_t octets = 0;
    };
    struct Order {
        StartResync order;
        JobView job;
        std::optional<sync::LinkId> link;  // asked over it
    };

    // sync_loop.cpp
    [[nodiscard]] static double jitter();  // 0 to 1
    void begin();
    [[nodiscard]] sync::LinkCallbacks callbacks();
    void opened(const sync::LinkOpened& link);
    void closed(sync::LinkId link, const std::string& why);
    void dial_failed(const std::string& url, const std::string& why, std::uint32_t retry_after_s);
    void dial_step(Dialled& dialled, const sync::DialEvent& event);
    [[nodiscard]] Dialled* dialled_by(const std::string& url);
    [[nodiscard]] Dialled* dialled_over(sync::LinkId link);
    void judge_compared();
    void tick();
    void arm_timer();
    // sync_discovery.cpp
    void begin_discovery();
    void carry_out(const sync::DiscoveryEffects& effects);
    void dial_discovered(const sync::DialPeer& peer);
    void forget(NodeId node);
    // sync_effects.cpp
    void carry_out(sync::LinkEffects effects);
    void carry_out(sync::LinkId link, sync::Effect& effect);
    void load(sync::LinkId link, const sync::LoadBatch& wanted);
    void take(sync::LinkId link, sync::StoreBatch& batch);
    void take_receipt(const Receipt& receipt);
    [[nodiscard]] bool is_ours(JournalId journal, Seq seq, const Hash& hash);
    void report_peer(sync::LinkId link, const sync::ReportPeer& peer);
    void report_copied(sync::LinkId link, const sync::ReportCopied& copied);
    void report_time(const sync::ReportTime& time);
    void report_resync(const sync::ReportResync& report);
    void ask_resyncs();
    // sync_held.cpp
    [[nodiscard]] std::vector<sync::HeldJournal> load_held();
    [[nodiscard]] std::vector<sync::Revocation> load_revocations();
    [[nodiscard]] sync::HeldJournal held(JournalId journal) const;
    void show_central(const std::string& error);
    void show_peers();

    SyncOptions options_;
    ledger::LedgerReader reader_;
    SyncOutlets outlets_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer timer_;
    std::optional<Instant> armed_for_;
    sync::Replicator replicator_;
    sync::SyncLinks links_;
    std::vector<Dialled> dialled_;
    std::string listening_;  // HOST:PORT, when we do
    const sync::Discovery::Linked linked_ = [this](NodeId node) { return replicator_.link_to(node).has_value(); };
    std::optional<sync::Discovery> discovery_;
    std::optional<sync::BeaconSocket> beacons_;
    Bytes beacon_;
    std::map<sync::LinkId, Ending> endings_;
    std::deque<sync::LinkEffect> effects_;
    bool carrying_ = false;
    std::map<std::uint64_t, Taken> taken_;
    std::size_t waiting_ = 0;  // octets of those
    std::uint64_t next_batch_ = 1;
    std::map<std::uint64_t, Order> orders_;
    std::uint64_t next_order_ = 1;
    PeerViews peers_;
    CentralView central_;
    bool compared_ = false;
    Instant compare_until_{};
    std::optional<Instant> discover_until_;  // none: it is over, or nobody is to be discovered
    std::thread thread_;
};

}  // namespace gatehouse::edge
