#include "edge/daemon/desk_pump.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "tests/support/chain.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

DeskOutlets nowhere() {
    DeskOutlets outlets;
    outlets.publish = [](const Published&) {};
    outlets.board = [](const BoardPart&) {};
    outlets.resync = [](const StartResync&) {};
    outlets.foreign_stored = [](std::uint64_t, const std::optional<ForeignResult>&) {};
    outlets.head_signed = [](const SignedHead&) {};
    outlets.storage_stopped = [](const Error&) {};
    outlets.closing_synced = [](Seq) {};
    return outlets;
}

}  // namespace

TEST_CASE("a read that fails stops the node as a failed disk does") {
    const test::ScratchDirectory folder;
    const auto without_tables = folder.path() / "empty.db";
    {
        auto made = ledger::Database::open(without_tables, {});
        REQUIRE(made);
        REQUIRE(made->execute("CREATE TABLE other (a)"));
    }
    JournalOptions journal_options;
    journal_options.ledger = test::test_ledger_options();
    journal_options.node = NodeId{1};
    journal_options.ballast_octets = 64 * 1024;
    auto journal = Journal::open(folder.path(), journal_options);
    REQUIRE(journal);
    test::Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(journal->commit({{std::make_shared<const ledger::Record>(booth.last())}, {}, {}, {}}));
    auto reader = ledger::LedgerReader::open(without_tables);
    REQUIRE(reader);

    Settings settings;
    settings.data_dir = folder.path();
    DeskOptions options;
    options.venue = test::test_venue();
    options.journal = {NodeId{1}, Epoch{1}};
    boost::asio::io_context io{1};
    const auto work = boost::asio::make_work_guard(io);
    std::vector<Error> stopped;
    const auto key = test::test_key(NodeId{1});
    auto outlets = nowhere();
    outlets.storage_stopped = [&](const Error& error) { stopped.push_back(error); };
    DeskPump pump{io, options, settings, Pepper{}, outlets};
    CHECK_FALSE(std::filesystem::exists(folder.path() / "disk-failed"));
    pump.journal_opened(std::move(*journal), std::move(*reader), key, std::nullopt);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (stopped.empty() && io.run_one_until(deadline) > 0) {
    }
    REQUIRE(stopped.size() == 1);
    CHECK(stopped[0].detail == "a read failed: corrupt");
    CHECK_FALSE(pump.status().journal_open);
    CHECK(std::filesystem::exists(folder.path() / "disk-failed"));
}

TEST_CASE("a journal that begins another epoch takes what was said before, and nobody who waits is forgotten") {
    const test::ScratchDirectory folder;
    std::ofstream{folder.path() / "epoch"} << "1\n";  // its database is in quarantine
    JournalOptions journal_options;
    journal_options.ledger = test::test_ledger_options();
    journal_options.node = NodeId{1};
    journal_options.ballast_octets = 64 * 1024;
    auto journal = Journal::open(folder.path(), journal_options);
    REQUIRE(journal);
    auto reader = ledger::LedgerReader::open(journal->database_path());
    auto looking = ledger::LedgerReader::open(journal->database_path());
    REQUIRE(reader);
    REQUIRE(looking);

    Settings settings;
    settings.data_dir = folder.path();
    const LaneName lane{"lane-1"};
    const auto key = test::test_key(NodeId{1});
    DeskOptions options;
    options.venue = test::test_venue();
    options.journal = {NodeId{1}, Epoch{1}};
    options.lanes = {{lane, GateName{"south"}, ZoneId{"park"}, Direction::entry, {}, {}}};
    options.catalogue.operators = {{OperatorName{"gate1"}, {Role::attendant}, {}}};
    boost::asio::io_context io{1};
    const auto work = boost::asio::make_work_guard(io);
    DeskPump pump{io, options, settings, Pepper{}, nowhere()};
    std::vector<ErrorCode> told;
    pump.command(Actor{}, Login{OperatorName{"nobody"}}, "1234",
                 [&](const Result<Reply>& reply) { told.push_back(reply ? ErrorCode::internal : reply.error().code); });
    std::optional<bool> recorded;
    pump.command(Actor{OperatorName{"gate1"}}, SetLaneMode{lane, LaneMode::free, "smoke"}, {},
                 [&](const Result<Reply>& reply) { recorded = std::get<DoneReply>(*reply).recorded; });
    CHECK(recorded == false);

    test::Chain booth{NodeId{1}, Epoch{2}};
    booth.open_epoch(Epoch{1});
    const auto opening = std::get<EpochOpened>(booth.last().body);
    pump.journal_opened(std::move(*journal), std::move(*reader), key, opening);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    const auto settled = [&] { return !told.empty() && pump.status().synced == pump.status().head; };
    while (!settled() && io.run_one_until(deadline) > 0) {
    }
    REQUIRE(settled());
    CHECK(told == std::vector{ErrorCode::unauthenticated});
    CHECK(pump.status().journal == JournalId{NodeId{1}, Epoch{2}});
    CHECK(pump.status().lanes.at(0).mode == LaneMode::free);
    const auto stored = looking->lane(NodeId{1}, lane, Epoch{2});
    REQUIRE(stored);
    CHECK(stored->mode == LaneMode::free);
}

TEST_CASE("what is posted to a desk that is gone is dropped, and who waits for it is told") {
    const test::ScratchDirectory folder;
    Settings settings;
    settings.data_dir = folder.path();
    DeskOptions options;
    options.journal = {NodeId{1}, Epoch{1}};
    boost::asio::io_context io{1};
    auto pump = std::make_unique<DeskPump>(io, options, settings, Pepper{}, nowhere());
    std::vector<ErrorCode> told;
    pump->command(Actor{}, Login{OperatorName{"nobody"}}, "1234", [&](const Result<Reply>& reply) {
        told.push_back(reply ? ErrorCode::internal : reply.error().code);
    });
    CHECK(told.empty());  // the PIN is being checked
    pump.reset();
    CHECK(told == std::vector{ErrorCode::unavailable});
    io.poll();
    CHECK(told.size() == 1);
}

TEST_CASE("an emergency does not wait for the disk that its latch is stored on, and a stop does") {
    const test::ScratchDirectory folder;
    Settings settings;
    settings.data_dir = folder.path();
    DeskOptions options;
    options.journal = {NodeId{1}, Epoch{1}};
    options.catalogue.operators = {{OperatorName{"wang"}, {Role::supervisor}, {}}};
    boost::asio::io_context io{1};
    auto pump = std::make_unique<DeskPump>(io, options, settings, Pepper{}, nowhere());
    // Who opens it for writing waits until somebody reads: as long as a disk may stall.
    const auto latch = folder.path() / "emergency.latch";
    REQUIRE(::mkfifo(latch.c_str(), 0600) == 0);
    const auto order = [&](bool open) {
        std::optional<bool> done;
        pump->command(Actor{OperatorName{"wang"}}, SetEmergency{open}, {},
                      [&](const Result<Reply>& reply) { done = reply.has_value(); });
        CHECK(done == true);
    };
    order(true);
    CHECK(pump->status().emergency);
    order(false);
    CHECK_FALSE(pump->status().emergency);
    CHECK(std::filesystem::exists(latch));
    const int reader = ::open(latch.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(reader >= 0);
    pump.reset();
    ::close(reader);
    CHECK_FALSE(std::filesystem::exists(latch));
    CHECK(std::filesystem::exists(folder.path() / "emergency.ended"));
}
