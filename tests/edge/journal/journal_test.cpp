#include "edge/journal/journal.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "edge/journal/disk_space.hpp"
#include "edge/journal/journal_files.hpp"
#include "sync/ledger/reports.hpp"
#include "tests/support/chain.hpp"
#include "tests/support/crash_vfs.hpp"
#include "tests/support/page_cache.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

namespace {

JournalOptions real_options() {
    JournalOptions options;
    options.ledger = test_ledger_options();
    options.node = NodeId{1};
    options.ballast_octets = 64 * 1024;
    options.reserve_octets = 1024;
    return options;
}

Work own(const Chain& chain, std::size_t from) {
    Work work;
    for (std::size_t i = from; i < chain.records.size(); ++i)
        work.own.push_back(std::make_shared<const ledger::Record>(chain.records[i]));
    return work;
}

Work batch_of(const Chain& chain, std::size_t from) {
    Work work;
    const auto first = chain.records.begin() + static_cast<std::ptrdiff_t>(from);
    work.foreign.push_back(
        {7, std::make_shared<const std::vector<ledger::Record>>(first, chain.records.end()), chain.head()});
    return work;
}

// In pieces, for reading 2.4 MiB at once would keep a scan waiting.
void hold_log(Journal& journal) {
    const auto before = locked_octets();
    if (journal.lay_out_log()) return;  // not permitted here
    CHECK(locked_octets() == before + (1U << 20U));
    CHECK_FALSE(journal.lay_out_log());
    CHECK(journal.lay_out_log());
    CHECK(locked_octets() > before + (2U << 20U));
}

}  // namespace

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

TEST_CASE("a full disk refuses, records that it closed, and leaves room for outcomes") {
    CrashDisk disk{"journal-full", 3};
    JournalOptions options = real_options();
    options.files = false;
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
    options.give_up_ballast = [&] { disk.limit_size(disk.size() + (8U << 20U)); };
    auto journal = Journal::open("d", options);
    REQUIRE(journal);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(journal->commit(own(booth, 0)));
    for (int i = 0; i < 30; ++i) {
        booth.sell(3);
        REQUIRE(journal->commit(own(booth, booth.records.size() - 1)));
    }
    REQUIRE(journal->ledger().database().checkpoint(false));
    disk.limit_size(disk.size());
    auto refused = Result<Done>{Done{}};
    for (int i = 0; i < 200 && refused; ++i) {
        booth.sell(500);
        refused = journal->commit(own(booth, booth.records.size() - 1));
    }
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::storage_unavailable);
    CHECK(disk.refused_for_size() > 0);
    CHECK_FALSE(journal->stopped());
    CHECK_FALSE(journal->storage().room_for_sales);
    ledger::LedgerReader reader{journal->ledger().database()};
    const auto head = journal->own_head();
    CHECK(head.seq == booth.last().header.seq);  // in place of the sale that was refused
    const auto closing = reader.record({NodeId{1}, Epoch{1}, head.seq});
    REQUIRE(closing);
    CHECK(closing->header.kind == Kind::storage_closed);

    // What was begun before can still be recorded.
    Chain next{NodeId{1}};
    next.now = closing->header;
    next.now.seq = Seq{head.seq.value + 1};
    next.now.prev = head.hash;
    next.pass({NodeId{1}, Epoch{1}, Seq{5}}, PassageOutcome::turned);
    CHECK(journal->commit(own(next, 0)));
}

TEST_CASE("others' records that met the end of the disk leave the rest of it, and the closing record, to own ones") {
    CrashDisk disk{"journal-full-of-others", 3};
    JournalOptions options = real_options();
    options.files = false;
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
    options.give_up_ballast = [&] { disk.limit_size(disk.size() + (2U << 20U)); };
    auto journal = Journal::open("d", options);
    REQUIRE(journal);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(journal->commit(own(booth, 0)));
    REQUIRE(journal->ledger().database().checkpoint(false));
    disk.limit_size(disk.size());
    Chain gate{NodeId{2}};
    gate.open_epoch();
    auto work = batch_of(gate, 0);
    auto refused = journal->commit(work);
    for (int i = 0; i < 200 && refused; ++i) {
        gate.sell(500);
        work = batch_of(gate, gate.records.size() - 1);
        refused = journal->commit(work);
    }
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::storage_unavailable);
    CHECK_FALSE(journal->storage().room_for_sales);
    CHECK(journal->own_head().seq == Seq{1});

    const auto ballast = disk.size();
    const auto untaken = journal->commit(work);
    REQUIRE(untaken);
    REQUIRE(untaken->foreign.size() == 1);
    REQUIRE(untaken->foreign[0].failed);
    CHECK(untaken->foreign[0].failed->code == ErrorCode::storage_unavailable);
    CHECK(disk.size() == ballast);

    refused = Result<Done>{Done{}};
    for (int i = 0; i < 500 && refused; ++i) {
        booth.sell(500);
        refused = journal->commit(own(booth, booth.records.size() - 1));
    }
    REQUIRE_FALSE(refused);
    CHECK(booth.last().header.seq > Seq{2});  // the ballast was theirs
    ledger::LedgerReader reader{journal->ledger().database()};
    const auto head = journal->own_head();
    CHECK(head.seq == booth.last().header.seq);
    CHECK(reader.record({NodeId{1}, Epoch{1}, head.seq})->header.kind == Kind::storage_closed);
}

TEST_CASE("where only the reserve is left, others' records are refused and own ones are written") {
    ScratchDirectory directory;
    auto options = real_options();
    std::uint64_t free = options.reserve_octets - 1;
    options.free_octets = [&](const std::filesystem::path&) { return free; };
    auto journal = Journal::open(directory.path(), options);
    REQUIRE(journal);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain gate{NodeId{2}};
    gate.open_epoch();
    auto work = batch_of(gate, 0);
    work.own = own(booth, 0).own;
    const auto done = journal->commit(work);
    REQUIRE(done);
    CHECK(done->own_up_to == Seq{1});
    REQUIRE(done->foreign.size() == 1);
    CHECK(done->foreign[0].token == work.foreign[0].token);
    REQUIRE(done->foreign[0].failed);
    CHECK(done->foreign[0].failed->code == ErrorCode::storage_unavailable);
    ledger::LedgerReader reader{journal->ledger().database()};
    CHECK_FALSE(reader.journal({NodeId{2}, Epoch{1}}));

    free = options.reserve_octets;
    const auto taken = journal->commit(batch_of(gate, 0));
    REQUIRE(taken);
    CHECK_FALSE(taken->foreign[0].failed);
    CHECK(taken->foreign[0].stored == 1);
}

TEST_CASE("a receipt and an announced head that find no room are written with the next commit, which may be empty") {
    CrashDisk disk{"journal-owes", 3};
    JournalOptions options = real_options();
    options.files = false;
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
    options.give_up_ballast = [] {};
    auto journal = Journal::open("d", options);
    REQUIRE(journal);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    booth.sell(1);
    REQUIRE(journal->commit(own(booth, 0)));
    REQUIRE(journal->ledger().database().checkpoint(false));
    const JournalId id{NodeId{1}, Epoch{1}};
    const auto receipt = [&](std::size_t up_to) {
        const auto& record = booth.records[up_to - 1];
        return Receipt{id, record.header.seq, record.hash, {}};
    };
    disk.limit_size(disk.size());
    auto refused = Result<Done>{Done{}};
    for (int i = 0; i < 200 && refused; ++i) {
        booth.sell(500);
        auto work = own(booth, booth.records.size() - 1);
        work.receipts = {receipt(booth.records.size() - 1), receipt(1)};
        work.announced = {{{NodeId{2}, Epoch{1}}, booth.last().header.seq, {}, {}}};
        refused = journal->commit(work);
    }
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::storage_unavailable);
    CHECK(disk.refused_for_size() > 0);
    const auto before = booth.records[booth.records.size() - 2].header.seq;
    const auto kept = [&] { return ledger::LedgerReader{journal->ledger().database()}.journal(id)->receipt->seq; };
    CHECK(kept().value == before.value - 1);
    CHECK(journal->owes_words());

    CHECK(journal->commit({}));
    CHECK_FALSE(journal->owes_words());
    CHECK(kept() == before);
}

TEST_CASE("the ballast makes room on a real directory, and is taken again when there is enough") {
    ScratchDirectory directory;
    auto options = real_options();
    std::uint64_t free = 10ULL << 20U;
    options.free_octets = [&](const std::filesystem::path&) { return free; };
    auto journal = Journal::open(directory.path(), options);
    REQUIRE(journal);
    CHECK(std::filesystem::file_size(directory.path() / "ballast") == options.ballast_octets);
    CHECK(journal->storage().room_for_sales);
    free = options.reserve_octets - 1;
    CHECK_FALSE(journal->storage().room_for_sales);
    CHECK(journal->storage().open);
    free = 10ULL << 20U;
    CHECK(journal->storage().room_for_sales);
}

TEST_CASE("the log is laid out in quiet moments, and what was committed before and after is there") {
    ScratchDirectory directory;
    auto options = real_options();
    options.forced_checkpoint_pages = 600;
    const auto length = 600 * 4120U;
    Chain booth{NodeId{1}};
    {
        auto journal = Journal::open(directory.path(), options);
        REQUIRE(journal);
        booth.open_epoch();
        REQUIRE(journal->commit(own(booth, 0)));
        for (int pieces = 0; pieces < 3; ++pieces) CHECK_FALSE(journal->lay_out_log());
        CHECK(std::filesystem::file_size(directory.path() / "journal.db-wal") == length);
        hold_log(*journal);
        booth.pass({NodeId{1}, Epoch{1}, Seq{5}}, PassageOutcome::turned);
        REQUIRE(journal->commit(own(booth, 1)));
        CHECK(std::filesystem::file_size(directory.path() / "journal.db-wal") == length);
    }
    auto again = Journal::open(directory.path(), options);
    REQUIRE(again);
    CHECK(again->own_head().seq == Seq{2});
    CHECK_FALSE(again->lay_out_log());  // it is still as long
    hold_log(*again);
}

TEST_CASE("a log that cannot be laid out: without room it grows as it must, and a disk that fails stops the journal") {
    for (const bool full : {true, false}) {
        CAPTURE(full);
        ScratchDirectory directory;
        auto journal = Journal::open(directory.path(), real_options());
        REQUIRE(journal);
        Chain booth{NodeId{1}};
        booth.open_epoch();
        REQUIRE(journal->commit(own(booth, 0)));
        const auto log = directory.path() / "journal.db-wal";
        std::filesystem::rename(log, directory.path() / "log");
        // What the kernel answers with no space left, and with an I/O error: nothing is mapped at the address 0.
        std::filesystem::create_symlink(full ? "/dev/full" : "/proc/self/mem", log);
        CHECK(journal->lay_out_log());
        std::filesystem::remove(log);
        std::filesystem::rename(directory.path() / "log", log);
        booth.sell(1);
        CHECK(journal->commit(own(booth, 1)).has_value() == full);
        CHECK(journal->stopped() == !full);
        CHECK(std::filesystem::exists(directory.path() / "disk-failed") == !full);
    }
}

TEST_CASE("after a failed flush nothing is acknowledged and nothing is tried again") {
    CrashDisk disk{"journal-flush", 4};
    JournalOptions options = real_options();
    options.files = false;
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
    auto journal = Journal::open("d", options);
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
