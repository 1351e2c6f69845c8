// A journal whose disk has no room, little of it, or is laid out ahead.
#include "tests/edge/journal/journal_rig.hpp"
#include "tests/support/page_cache.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

namespace {

// In pieces, for reading 2.4 MiB at once would keep a scan waiting.
void hold_log(Journal& journal) {
    const auto before = locked_octets();
    const bool may = may_lock(1U << 20U);
    CHECK(journal.lay_out_log() != may);
    if (!may_lock(2U << 20U)) return;
    CHECK(locked_octets() == before + (1U << 20U));
    CHECK_FALSE(journal.lay_out_log());
    CHECK(journal.lay_out_log());
    CHECK(locked_octets() > before + (2U << 20U));
}

}  // namespace

TEST_CASE("a full disk refuses, records that it closed, and leaves room for outcomes") {
    SmallDisk small{"journal-full", 8U << 20U};
    auto& [disk, booth, journal] = small;
    for (int i = 0; i < 30; ++i) {
        booth.sell(3);
        REQUIRE(journal->commit(own(booth, booth.records.size() - 1)));
    }
    small.fill_up();
    small.commit_until_full([&] { return small.sale(); });
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
    SmallDisk small{"journal-full-of-others", 2U << 20U};
    auto& [disk, booth, journal] = small;
    Chain gate{NodeId{2}};
    gate.open_epoch();
    REQUIRE(journal->commit(batch_of(gate, 0)));
    small.fill_up();
    Work work;
    small.commit_until_full([&] {
        gate.sell(500);
        return work = batch_of(gate, gate.records.size() - 1);
    });
    CHECK(journal->own_head().seq == Seq{1});

    const auto ballast = disk.size();
    const auto untaken = journal->commit(work);
    REQUIRE(untaken);
    REQUIRE(untaken->foreign.size() == 1);
    REQUIRE(untaken->foreign[0].failed);
    CHECK(untaken->foreign[0].failed->code == ErrorCode::storage_unavailable);
    CHECK(disk.size() == ballast);

    small.commit_until_full([&] { return small.sale(); });
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
    SmallDisk small{"journal-owes", 0};
    auto& [disk, booth, journal] = small;
    booth.sell(1);
    REQUIRE(journal->commit(own(booth, 1)));
    small.fill_up();
    const JournalId id{NodeId{1}, Epoch{1}};
    const auto receipt = [&](std::size_t up_to) {
        const auto& record = booth.records[up_to - 1];
        return Receipt{id, record.header.seq, record.hash, {}};
    };
    small.commit_until_full([&] {
        auto work = small.sale();
        work.receipts = {receipt(booth.records.size() - 1), receipt(1)};
        work.announced = {{{NodeId{2}, Epoch{1}}, booth.last().header.seq, {}, {}}};
        return work;
    });
    const auto before = booth.records[booth.records.size() - 2].header.seq;
    const auto kept = [&] { return ledger::LedgerReader{journal->ledger().database()}.journal(id)->receipt->seq; };
    CHECK(kept().value == before.value - 1);
    CHECK(journal->owes_words());

    disk.limit_size(disk.size() + (1U << 20U));
    CHECK(journal->commit({}));
    CHECK_FALSE(journal->owes_words());
    CHECK(kept() == before);
}

TEST_CASE("sales wait while less than the reserve is free, and the ballast lies there all the while") {
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
    CHECK(journal->storage().ballast_held);
    CHECK(std::filesystem::exists(directory.path() / "ballast"));
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
