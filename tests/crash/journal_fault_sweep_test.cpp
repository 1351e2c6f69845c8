// One fault at every place where there can be one, in turn: the n-th flush fails, the process dies at the n-th write,
// room ends at the n-th sector.
#include <doctest/doctest.h>

#include "edge/journal/journal.hpp"
#include "tests/support/chain.hpp"
#include "tests/support/crash_vfs.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

namespace {

constexpr int commits = 24;

JournalOptions sweep_options(const CrashDisk& disk) {
    JournalOptions options;
    options.ledger = test_ledger_options();
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
    options.node = NodeId{1};
    options.files = false;
    options.checkpoint_pages = 10;
    return options;
}

Work next_work(const OwnHead& head, Chain& booth) {
    booth.now.seq = Seq{head.seq.value + 1};
    if (head.seq.value > 0) booth.now.prev = head.hash;
    if (head.seq.value == 0)
        booth.open_epoch();
    else
        booth.sell(2);
    Work work;
    work.own.push_back(std::make_shared<const ledger::Record>(booth.last()));
    return work;
}

struct Run {
    Seq acknowledged;
    bool opened = false;
    bool stopped = false;
    int refused = 0;
};

// Commits until something breaks for good; room may come back after a while.
Run run(CrashDisk& disk, bool room_comes_back) {
    Run result;
    auto journal = Journal::open("j", sweep_options(disk));
    if (!journal) return result;
    result.opened = true;
    Chain booth{NodeId{1}};
    for (int i = 0; i < commits; ++i) {
        const auto done = journal->commit(next_work(journal->own_head(), booth));
        if (done) {
            CHECK_FALSE(result.stopped);  // nothing is acknowledged after it stopped
            result.acknowledged = done->own_up_to;
        } else if (done.error().code == ErrorCode::storage_unavailable) {
            ++result.refused;
            if (room_comes_back) disk.limit_size(std::nullopt);
        } else {
            result.stopped = true;
        }
        journal->checkpoint(true);
        result.stopped = result.stopped || journal->stopped();
    }
    return result;
}

// After the power comes back everything acknowledged is there.
void check_survives(CrashDisk& disk, Seq acknowledged) {
    disk.limit_size(std::nullopt);
    static_cast<void>(disk.cut_power());
    const auto journal = Journal::open("j", sweep_options(disk));
    REQUIRE(journal);
    CHECK(journal->own_head().seq >= acknowledged);
}

}  // namespace

TEST_CASE("whichever flush fails, the journal stops, acknowledges nothing more, and keeps what it acknowledged") {
    std::uint64_t fired = 0;
    for (std::uint64_t n = 1; n < 60; ++n) {
        CAPTURE(n);
        CrashDisk disk{"journal-sweep", n};
        disk.fail_flush_at(n);
        const auto result = run(disk, false);
        if (disk.failed_flushes() == 0) break;
        ++fired;
        if (result.opened) CHECK(result.stopped);
        check_survives(disk, result.acknowledged);
    }
    CHECK(fired > commits);
}

TEST_CASE("whichever write fails, the journal stops, acknowledges nothing more, and keeps what it acknowledged") {
    std::uint64_t fired = 0;
    for (std::uint64_t n = 1; n < 2000; n += 1 + n / 40) {
        CAPTURE(n);
        CrashDisk disk{"journal-sweep", n};
        disk.fail_write_at(n);
        const auto result = run(disk, false);
        if (disk.failed_writes() == 0) break;
        ++fired;
        // A checkpoint may be put off: what it copies is in the log.
        if (result.opened && !result.stopped) CHECK(result.acknowledged == Seq{commits});
        check_survives(disk, result.acknowledged);
    }
    CHECK(fired > 50);
}

// Reads happen while a journal is opened, and when a page is not in the cache.
TEST_CASE("whichever read fails, a journal is not opened or goes on, and nothing acknowledged is lost") {
    CrashDisk filled{"journal-filled", 1};
    const auto before = run(filled, false);
    REQUIRE(before.acknowledged == Seq{commits});
    const auto image = filled.image();
    std::uint64_t fired = 0;
    for (std::uint64_t n = 1; n < 500; ++n) {
        CAPTURE(n);
        CrashDisk disk{"journal-sweep", n};
        disk.put_back(image);
        disk.fail_read_at(n);
        const auto result = run(disk, false);
        if (disk.failed_reads() == 0) break;
        ++fired;
        if (result.opened && !result.stopped) CHECK(result.acknowledged == Seq{2 * commits});
        check_survives(disk, std::max(before.acknowledged, result.acknowledged));
    }
    CHECK(fired > 5);
}

TEST_CASE("wherever the process dies, what it acknowledged is kept") {
    std::uint64_t fired = 0;
    for (std::uint64_t n = 1; n < 2000; n += 1 + n / 40) {
        CAPTURE(n);
        CrashDisk disk{"journal-sweep", n};
        disk.die_at_operation(n);
        const auto result = run(disk, false);
        if (!disk.dead()) break;
        ++fired;
        check_survives(disk, result.acknowledged);
    }
    CHECK(fired > 50);
}

TEST_CASE("wherever room ends, the journal refuses, and goes on when there is room again") {
    std::uint64_t refused = 0;
    for (std::uint64_t limit = 300'000; limit < 900'000; limit += 9'973) {
        CAPTURE(limit);
        CrashDisk disk{"journal-sweep", limit};
        disk.limit_size(limit);
        const auto result = run(disk, true);
        if (disk.refused_for_size() == 0) break;
        if (result.opened) {
            CHECK_FALSE(result.stopped);
            if (result.refused > 0) CHECK(result.acknowledged > Seq{0});
            refused += static_cast<std::uint64_t>(result.refused);
        }
        check_survives(disk, result.acknowledged);
    }
    CHECK(refused > 0);
}
