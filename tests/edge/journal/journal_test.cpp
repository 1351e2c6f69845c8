#include "edge/journal/journal.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "edge/journal/journal_files.hpp"
#include "sync/ledger/reports.hpp"
#include "tests/edge/journal/journal_rig.hpp"
#include "tests/support/page_cache.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

TEST_CASE("a journal opens empty, takes records, and opens again where it ended") {
    ScratchDirectory directory;
    Chain booth{NodeId{1}};
    {
        auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        CHECK(journal->own_head().journal.epoch == Epoch{0});
        CHECK(journal->own_head().next_epoch == Epoch{1});
        booth.open_epoch();
        booth.sell(2);
        const auto done = journal->commit(own(booth, 0));
        REQUIRE(done);
        CHECK(done->own_up_to == Seq{2});
        CHECK(journal->own_head().hash == booth.last().hash);
    }
    booth.add(StorageClosed{"stop"});
    {
        auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        CHECK(journal->own_head().seq == Seq{2});
        CHECK_FALSE(journal->report().clean);
        CHECK(journal->report().verified == 2);
        REQUIRE(journal->commit(own(booth, 2)));
    }
    const auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    CHECK(journal->report().clean);
    CHECK(journal->own_head().next_epoch == Epoch{2});
}

TEST_CASE("a second process cannot open the journal") {
    ScratchDirectory directory;
    const auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto second = Journal::open(directory.path(), real_options());
        ::_exit(!second && second.error().code == ErrorCode::unavailable ? 0 : 1);
    }
    int status = 1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("records that do not continue the journal are refused, and nothing else is lost") {
    ScratchDirectory directory;
    auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(journal->commit(own(booth, 0)));
    Chain stale = booth;
    booth.sell(1);
    stale.sell(2);
    REQUIRE(journal->commit(own(booth, 1)));
    const auto refused = journal->commit(own(stale, 1));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::chain_broken);
    booth.sell(1);
    CHECK(journal->commit(own(booth, 2)));
}

TEST_CASE("batches of other journals say what became of them") {
    ScratchDirectory directory;
    auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    Chain gate{NodeId{2}};
    gate.open_epoch();
    for (int i = 0; i < 5; ++i) gate.sell(1);
    const auto batch = [&](std::size_t from, std::size_t to) {
        Work work;
        const auto begin = gate.records.begin();
        work.foreign.push_back({9,
                                std::make_shared<const std::vector<ledger::Record>>(
                                    begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to)),
                                gate.head()});
        return journal->commit(work).value().foreign.front();
    };
    const auto gap = batch(2, 4);
    CHECK(gap.gap);
    CHECK(gap.up_to == Seq{0});
    const auto first = batch(0, 4);
    CHECK(first.token == 9);
    CHECK(first.stored == 4);
    CHECK(first.up_to == Seq{4});
    const auto rest = batch(3, 6);
    CHECK(rest.duplicate == 1);
    CHECK(rest.stored == 2);
    CHECK(rest.up_to == Seq{6});
    ledger::LedgerReader reader{journal->ledger().database()};
    CHECK(reader.journal({NodeId{2}, Epoch{1}})->signed_head == gate.head());
}

TEST_CASE("an own record that cannot be projected is parked: the journal goes on, and says so") {
    ScratchDirectory directory;
    auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    Chain gate{NodeId{1}};
    gate.open_epoch();
    Verdict verdict;
    verdict.id = ClientId{"scan-1"};
    const auto refused = gate.add(verdict);
    gate.sell(1);
    const std::string stray = "INSERT INTO client VALUES ('scan-1', " + std::to_string(ledger::to_key(refused)) + ")";
    REQUIRE(journal->ledger().database().execute(stray));
    CHECK(journal->commit(own(gate, 0)).value().own_up_to == Seq{3});
    CHECK_FALSE(journal->stopped());
    ledger::LedgerReader reader{journal->ledger().database()};
    const auto parked = ledger::Reports{reader, journal->ledger().venue()}.parked();
    REQUIRE(parked.size() == 1);
    CHECK(parked[0].first == refused);
}

TEST_CASE("after a failed flush nothing is acknowledged and nothing is tried again") {
    CrashDisk disk{"journal-flush", 4};
    auto journal = Journal::open("d", options_on(disk));
    REQUIRE(journal);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(journal->commit(own(booth, 0)));
    booth.sell(1);
    disk.fail_flush_at(1);
    const auto failed = journal->commit(own(booth, 1));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == ErrorCode::io);
    CHECK(journal->stopped());
    const auto operations = disk.operations();
    CHECK_FALSE(journal->commit(own(booth, 1)));
    journal->checkpoint(true);
    CHECK(disk.operations() == operations);
}

TEST_CASE("a database that cannot be trusted is moved to quarantine, and the next epoch is a new one") {
    ScratchDirectory directory;
    Chain booth{NodeId{1}};
    {
        auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        booth.open_epoch();
        for (int i = 0; i < 50; ++i) booth.sell(1);
        REQUIRE(journal->commit(own(booth, 0)));
        REQUIRE(journal->ledger().database().checkpoint(true));
    }
    {
        std::fstream file{directory.path() / "journal.db", std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(0);
        file << std::string(4096, 'x');
    }
    const auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    REQUIRE(journal->report().quarantined);
    CHECK(std::filesystem::exists(*journal->report().quarantined / "journal.db"));
    CHECK(journal->own_head().seq == Seq{0});
    CHECK(journal->own_head().next_epoch == Epoch{2});
}

TEST_CASE("of its own journals a node takes back only epochs before the one that it has begun") {
    ScratchDirectory directory;
    Chain past{NodeId{1}};
    past.open_epoch();
    past.sell(1);
    const auto records = std::make_shared<const std::vector<ledger::Record>>(past.records);
    const auto batch = [&] {
        Work work;
        work.foreign.push_back({7, records, past.head()});
        return work;
    };
    {
        std::ofstream{directory.path() / "epoch"} << "1\n";
        auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        CHECK(journal->own_head().next_epoch == Epoch{2});
        const auto early = journal->commit(batch());
        REQUIRE(early);
        CHECK(early->foreign.at(0).token == 7);
        CHECK(early->foreign.at(0).gap);
        CHECK_FALSE(ledger::LedgerReader{journal->ledger().database()}.latest_journal(NodeId{1}));
    }
    auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    CHECK(journal->own_head().seq == Seq{0});
    Chain present{NodeId{1}, Epoch{2}};
    present.open_epoch(Epoch{1});
    auto both = batch();
    both.own = own(present, 0).own;
    const auto taken = journal->commit(both);
    REQUIRE(taken);
    CHECK(taken->foreign.at(0).stored == 2);
    CHECK(journal->own_head().journal == JournalId{NodeId{1}, Epoch{2}});
    Work again;
    again.foreign.push_back({8, std::make_shared<const std::vector<ledger::Record>>(present.records), present.head()});
    const auto refused = journal->commit(again);
    REQUIRE(refused);
    CHECK(refused->foreign.at(0).gap);
}

TEST_CASE("after a disk failure the whole chain is read back before the journal is ready") {
    ScratchDirectory directory;
    Chain booth{NodeId{1}};
    {
        auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        booth.open_epoch();
        for (int i = 0; i < 20; ++i) booth.sell(1);
        REQUIRE(journal->commit(own(booth, 0)));
        REQUIRE(journal->ledger().begin());
        REQUIRE(journal->ledger().set_verified({NodeId{1}, Epoch{1}}, Seq{15}));
        REQUIRE(journal->ledger().commit());
    }
    {
        const auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        CHECK(journal->report().verified == 6);
    }
    std::ofstream{directory.path() / "disk-failed"} << "1\n";
    {
        const auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        CHECK(journal->report().after_failure);
        CHECK(journal->report().verified == 21);
    }
    const auto journal = Journal::open(directory.path(), real_options());
    REQUIRE(journal);
    CHECK_FALSE(journal->report().after_failure);
}

TEST_CASE("a checkpoint moves the log while idle, and marks what it moved as verified") {
    ScratchDirectory directory;
    auto options = real_options();
    options.checkpoint_pages = 20;
    Chain booth{NodeId{1}};
    {
        auto journal = Journal::open(directory.path(), options);
        REQUIRE(journal);
        booth.open_epoch();
        for (int i = 0; i < 40; ++i) {
            booth.sell(1);
            REQUIRE(journal->commit(own(booth, booth.records.size() == 2 ? 0 : booth.records.size() - 1)));
            journal->checkpoint(true);
            CHECK(journal->ledger().database().log_pages() < 40);
        }
    }
    const auto journal = Journal::open(directory.path(), options);
    REQUIRE(journal);
    CHECK(journal->report().verified < 30);
}

TEST_CASE("a disk that fails twice within ten minutes is not written to a third time") {
    ScratchDirectory directory;
    const JournalFiles files{directory.path()};
    REQUIRE(Journal::open(directory.path(), real_options()));
    files.failure().note();
    {
        auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        CHECK(journal->report().after_failure);
    }
    files.failure().note();
    CHECK(is_cached(files.database()));
    const auto refused = Journal::open(directory.path(), real_options());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::io);
    // Who relays it all the same reads what the disk has. A file system in memory has nothing else.
    if (!is_in_memory(directory.path())) CHECK_FALSE(is_cached(files.database()));
    // Ten minutes between them: another misfortune, and it is tried again.
    const auto long_ago = std::filesystem::last_write_time(directory.path() / "disk-failed") - std::chrono::minutes{11};
    std::filesystem::last_write_time(directory.path() / "disk-failed.before", long_ago);
    REQUIRE(Journal::open(directory.path(), real_options()));
}
