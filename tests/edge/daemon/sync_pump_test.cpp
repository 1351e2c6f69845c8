#include "edge/daemon/sync_pump.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <ctime>
#include <map>
#include <mutex>

#include "edge/daemon/node_options.hpp"
#include "tests/edge/daemon/test_venue.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

// All that a sync loop tells, unheard.
edge::SyncOutlets unheard() {
    edge::SyncOutlets outlets;
    outlets.received = [](std::uint64_t, const auto&, const SignedHead&, bool) {};
    outlets.receipt = [](const Receipt&, bool) {};
    outlets.heard = [](const std::vector<NodeId>&) {};
    outlets.copied = [](NodeId, Seq) {};
    outlets.time_told = [](std::int64_t) {};
    outlets.board = [](const edge::BoardPart&) {};
    outlets.own_elsewhere = [](const edge::OwnElsewhere&) {};
    outlets.read_failed = [](ledger::Fault) {};
    outlets.compared = [](const std::optional<SignedHead>&) {};
    return outlets;
}

// The sync loop of a node that holds nothing; `change` has the last word on its options.
std::unique_ptr<edge::SyncPump> pump_of(const edge::Settings& settings, const std::filesystem::path& empty,
                                        edge::SyncOutlets outlets,
                                        const std::function<void(edge::SyncOptions&)>& change) {
    const auto identity = edge::load_identity(settings.data_dir);
    REQUIRE(identity);
    REQUIRE(ledger::Ledger::open(empty, {{}, {identity->grant.venue.id, "UTC", {}}}));
    auto options = edge::sync_options(settings, *identity, JournalId{identity->grant.node, Epoch{1}}, WallTime{0});
    change(options);
    auto reader = ledger::LedgerReader::open(empty);
    REQUIRE(reader);
    auto pump = edge::SyncPump::make(std::move(options), std::move(*reader), std::move(outlets));
    REQUIRE(pump);
    return std::move(*pump);
}

struct Received {
    unsigned session = 0;
    JournalId journal;
};

// Such a loop over a real connection to `peer`. It cannot store central's journal: the test's ledger says that it is
// forked.
class Listening {
public:
    Listening(const edge::Settings& settings, const std::string& peer, const std::filesystem::path& empty) {
        pump_ = pump_of(settings, empty, outlets(), [&](edge::SyncOptions& options) { options.peers = {peer}; });
        pump_->begin();
    }
    ~Listening() { pump_->stop(); }

    [[nodiscard]] std::vector<Received> received() const {
        const std::scoped_lock lock{mutex_};
        return received_;
    }

private:
    edge::SyncOutlets outlets() {
        auto outlets = unheard();
        outlets.received = [this](std::uint64_t batch, const auto&, const SignedHead& head, bool) {
            const std::scoped_lock lock{mutex_};
            received_.push_back({sessions_, head.journal});
            if (head.journal.node != central_node) return;
            edge::ForeignResult forked;
            forked.token = batch;
            forked.journal = head.journal;
            forked.forked = true;
            pump_->foreign_stored(batch, forked);
        };
        outlets.heard = [this](const std::vector<NodeId>& heard) {
            const std::scoped_lock lock{mutex_};
            if (!std::exchange(connected_, !heard.empty()) && connected_) ++sessions_;
        };
        return outlets;
    }

    mutable std::mutex mutex_;
    std::vector<Received> received_;
    bool connected_ = false;
    unsigned sessions_ = 0;
    std::unique_ptr<edge::SyncPump> pump_;
};

}  // namespace

TEST_CASE("a forked journal costs one connection: the next one asks for the others alone") {
    TestVenue venue;
    auto booth = venue.add_node("booth");
    booth.peers.listen = "127.0.0.1:0";
    const auto node = TestVenue::start(booth);
    REQUIRE(eventually([&] { return !node->peer_address().empty(); }));
    Folder folder;
    const Listening gate{venue.add_node("gate"), node->peer_address(), folder.path() / "empty.db"};
    // Of one connection, what was wanted first comes first.
    REQUIRE(eventually([&] {
        const auto all = gate.received();
        return !all.empty() && all.back().session == 2 && all.back().journal.node != central_node;
    }));
    std::map<NodeId, unsigned> batches;
    for (const auto& one : gate.received()) ++batches[one.journal.node];
    CHECK(batches[central_node] == 1);
}

TEST_CASE("who accepts a call and says nothing is waited for, for so long and without work") {
    TestVenue venue;
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    Folder folder;
    std::atomic<bool> compared = false;
    auto outlets = unheard();
    outlets.compared = [&](const std::optional<SignedHead>& past) { compared = !past; };
    const auto gate = pump_of(venue.add_node("gate"), folder.path() / "empty.db", std::move(outlets),
                              [&](edge::SyncOptions& options) {
                                  options.peers = {"127.0.0.1:" + std::to_string(silent.local_endpoint().port())};
                                  options.compare_within = std::chrono::seconds{1};
                              });
    const auto worked = std::clock();  // by this process, not by the wall
    gate->begin();
    REQUIRE(eventually([&] { return compared.load(); }));
    CHECK(std::clock() - worked < CLOCKS_PER_SEC / 2);
}

TEST_CASE("newcomers are turned away while others' batches wait for the disk, whoever brought them") {
    TestVenue venue;
    auto booth = venue.add_node("booth");
    booth.peers.listen = "127.0.0.1:0";
    auto node = TestVenue::start(booth);
    REQUIRE(eventually([&] { return !node->peer_address().empty(); }));
    Folder folder;
    std::mutex mutex;
    std::vector<std::uint64_t> waiting;
    std::vector<NodeId> heard;  // at any time
    bool alone = true;
    auto outlets = unheard();
    outlets.received = [&](std::uint64_t batch, const auto&, const SignedHead&, bool) {
        const std::scoped_lock lock{mutex};
        waiting.push_back(batch);
    };
    outlets.heard = [&](const std::vector<NodeId>& now) {
        const std::scoped_lock lock{mutex};
        heard.insert(heard.end(), now.begin(), now.end());
        alone = now.empty();
    };
    const auto gate =
        pump_of(venue.add_node("gate"), folder.path() / "gate.db", std::move(outlets), [&](edge::SyncOptions& options) {
            options.peers = {node->peer_address()};
            options.listen = "127.0.0.1:0";
            options.most_waiting = 0;
        });
    gate->begin();
    REQUIRE(eventually([&] {
        const std::scoped_lock lock{mutex};
        return !waiting.empty();
    }));
    node.reset();  // and brings no more of them
    REQUIRE(eventually([&] {
        const std::scoped_lock lock{mutex};
        return alone;
    }));

    const auto settings = venue.add_node("newcomer");
    const auto number = edge::load_identity(settings.data_dir)->grant.node;
    const auto is_heard = [&] {
        const std::scoped_lock lock{mutex};
        return std::ranges::count(heard, number) > 0;
    };
    std::atomic<bool> over = false;  // it was turned away, or has waited for longer than a hello takes
    auto told = unheard();
    told.compared = [&](const std::optional<SignedHead>&) { over = true; };
    const auto dial = [&](edge::SyncOptions& options) { options.peers = {gate->address()}; };
    auto newcomer = pump_of(settings, folder.path() / "first.db", std::move(told), dial);
    newcomer->begin();
    REQUIRE(eventually([&] { return over.load(); }));
    CHECK_FALSE(is_heard());
    newcomer.reset();

    for (const auto batch : waiting) gate->foreign_stored(batch, std::nullopt);
    newcomer = pump_of(settings, folder.path() / "second.db", unheard(), dial);
    newcomer->begin();
    CHECK(eventually(is_heard));
}

TEST_CASE("who was discovered has answered when its heads came, whichever of the two dialled") {
    TestVenue venue;
    auto booth = venue.add_node("booth");  // the lower number: it dials
    booth.peers.listen = "127.0.0.1:0";
    booth.peers.discovery = true;
    const auto node = TestVenue::start(booth);
    REQUIRE(eventually([&] { return !node->peer_address().empty(); }));
    Folder folder;
    // Either may be first.
    for (const std::string name : {"gate-1", "gate-2", "gate-3", "gate-4"}) {
        std::atomic<bool> compared = false;
        auto outlets = unheard();
        outlets.compared = [&](const std::optional<SignedHead>&) { compared = true; };
        const auto gate = pump_of(venue.add_node(name), folder.path() / (name + ".db"), std::move(outlets),
                                  [](edge::SyncOptions& options) {
                                      options.listen = "127.0.0.1:0";
                                      options.discovery = true;
                                      options.compare_within = std::chrono::hours{1};
                                  });
        gate->begin();
        REQUIRE(eventually([&] { return compared.load(); }));
    }
}
