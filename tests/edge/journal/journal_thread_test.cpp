#include "edge/journal/journal_thread.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "tests/edge/journal/journal_rig.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

namespace {

// The deciding thread: here, the test's own.
class Deciding {
public:
    JournalThread::Post post() {
        return [this](std::function<void()> work) {
            const std::scoped_lock lock{mutex_};
            waiting_.push_back(std::move(work));
            woken_.notify_one();
        };
    }
    // Runs what was posted until `done`, at most a minute.
    template <class Done>
    bool run_until(Done done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!done()) {
            std::unique_lock lock{mutex_};
            if (!woken_.wait_until(lock, deadline, [this] { return !waiting_.empty(); })) return false;
            auto work = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            work();
        }
        return true;
    }

private:
    std::mutex mutex_;
    std::condition_variable woken_;
    std::deque<std::function<void()>> waiting_;
};

struct Heard {
    Seq synced;
    std::vector<ForeignResult> foreign;
    std::optional<SignedHead> head;
    std::vector<std::pair<Error, OwnHead>> failures;
    std::vector<std::pair<StorageState, OwnHead>> storage;
    std::optional<Error> stopped;

    JournalEvents events() {
        return {{},
                [this](Seq up_to) { synced = up_to; },
                [this](const Error& error, const OwnHead& at) { failures.emplace_back(error, at); },
                [this](const ForeignResult& result) { foreign.push_back(result); },
                [this](const SignedHead& signed_head) { head = signed_head; },
                [this](const StorageState& state, const OwnHead& at) { storage.emplace_back(state, at); },
                [this](const Error& error) { stopped = error; }};
    }
};

JournalOptions thread_options() {
    auto options = real_options();
    options.checkpoint_pages = 50;
    return options;
}

Journal open_journal(const ScratchDirectory& directory) {
    auto journal = Journal::open(directory.path(), thread_options());
    REQUIRE(journal);
    return std::move(*journal);
}

std::shared_ptr<const ledger::Record> shared(const ledger::Record& record) {
    return std::make_shared<const ledger::Record>(record);
}

}  // namespace

TEST_CASE("own records are told synced in order, and a reader beside the writer sees them") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
    auto reader = ledger::LedgerReader::open(directory.path() / "journal.db");
    REQUIRE(reader);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 300; ++i) booth.sell(1);
    Seq told;
    for (const auto& record : booth.records) {
        thread.append(shared(record));
        if (record.header.seq.value % 50 != 0) continue;
        REQUIRE(deciding.run_until([&] { return heard.synced >= record.header.seq; }));
        CHECK(heard.synced >= told);
        told = heard.synced;
        CHECK(reader->record(record.ref()).has_value());
    }
    REQUIRE(deciding.run_until([&] { return heard.head && heard.head->seq == Seq{301}; }));
    CHECK(verify_head(key.public_key(), test_venue(), *heard.head));
    CHECK(heard.head->hash == booth.last().hash);
    thread.stop();
    CHECK(heard.failures.empty());
}

TEST_CASE("a thread that stands ready takes what comes, and stops in the middle of it") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    std::vector<CommitTiming> timings;
    auto events = heard.events();
    events.committed = [&](const CommitTiming& timing) { timings.push_back(timing); };
    JournalThread thread{open_journal(directory), key, deciding.post(), std::move(events)};
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 200; ++i) booth.sell(1);
    for (const auto& record : booth.records) {
        thread.stand_ready();
        thread.append(shared(record));
        REQUIRE(deciding.run_until([&] { return heard.synced >= record.header.seq; }));
    }
    REQUIRE(timings.size() == booth.records.size());
    for (const auto& timing : timings) {
        CHECK(timing.appended <= timing.taken);
        CHECK(timing.taken < timing.flushed);
    }
    thread.stand_ready();
    thread.stop();
}

TEST_CASE("a large batch is stored in pieces, and live records do not wait for all of it") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
    Chain gate{NodeId{2}};
    gate.open_epoch();
    for (int i = 0; i < 2000; ++i) gate.add(DeviceChanged{DeviceName{"scan-1"}, DeviceState::online, ""});
    thread.store({5, std::make_shared<const std::vector<ledger::Record>>(gate.records), gate.head()}, false);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    thread.append(shared(booth.last()));
    REQUIRE(deciding.run_until([&] { return heard.synced == Seq{1}; }));
    CHECK(heard.foreign.empty());
    REQUIRE(deciding.run_until([&] { return !heard.foreign.empty(); }));
    CHECK(heard.foreign[0].token == 5);
    CHECK(heard.foreign[0].stored == 2001);
    CHECK(heard.foreign[0].up_to == Seq{2001});
    CHECK_FALSE(heard.foreign[0].failed);
}

TEST_CASE("what was numbered before a failure was heard fails with it, and numbering goes on") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain stale = booth;
    thread.append(shared(booth.last()));
    REQUIRE(deciding.run_until([&] { return heard.synced == Seq{1}; }));
    stale.sell(1);
    stale.sell(1);
    thread.append(shared(stale.records[2]));
    REQUIRE(deciding.run_until([&] { return !heard.failures.empty(); }));
    CHECK(heard.failures[0].first.code == ErrorCode::chain_broken);
    CHECK(heard.failures[0].second.seq == Seq{1});
    booth.sell(2);
    thread.append(shared(booth.last()));
    REQUIRE(deciding.run_until([&] { return heard.synced == Seq{2}; }));
}

TEST_CASE(
    "what was numbered before a failure was heard is dropped without a second word, what came after it is stored") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
    Chain booth{NodeId{1}};
    booth.open_epoch();
    Chain stale = booth;
    thread.append(shared(booth.last()));
    REQUIRE(deciding.run_until([&] { return heard.synced == Seq{1}; }));
    for (int i = 0; i < 5; ++i) stale.sell(1);
    thread.append(shared(stale.records[2]));
    REQUIRE(deciding.run_until([&] { return !heard.failures.empty(); }));
    thread.append(shared(stale.records[3]));
    thread.append(shared(stale.records[4]));
    booth.sell(2);
    thread.append(shared(booth.last()));
    REQUIRE(deciding.run_until([&] { return heard.synced == Seq{2}; }));
    thread.stop();
    CHECK(heard.failures.size() == 1);
}

// The deciding thread's own posts come behind those that others make while it runs a handler: an old head behind a new
// one.
TEST_CASE("all that is told is posted by the journal's thread, in the order in which it happened") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(open_journal(directory).commit({{shared(booth.last())}, {}, {}, {}}));
    Deciding deciding;
    Heard heard;
    const auto deciding_thread = std::this_thread::get_id();
    std::atomic<unsigned> own_posts{0};
    const auto post = [&, hand_over = deciding.post()](std::function<void()> work) {
        if (std::this_thread::get_id() == deciding_thread) ++own_posts;
        hand_over(std::move(work));
    };
    JournalThread thread{open_journal(directory), key, post, heard.events()};
    REQUIRE(deciding.run_until([&] { return heard.head.has_value(); }));
    CHECK(heard.head->seq == Seq{1});
    booth.sell(1);
    thread.append(shared(booth.last()));
    REQUIRE(deciding.run_until([&] { return heard.head->seq == Seq{2}; }));
    thread.stop();
    CHECK(own_posts == 0);
}

TEST_CASE("the record that closes a full journal is announced with a signed head, though nothing follows it") {
    SmallDisk small{"thread-full", 8U << 20U};
    auto& [disk, booth, journal] = small;
    small.fill_up();
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    JournalThread thread{std::move(*journal), key, deciding.post(), heard.events()};
    while (heard.failures.empty()) {
        booth.sell(500);
        REQUIRE(booth.records.size() < 200);
        thread.append(shared(booth.last()));
        REQUIRE(deciding.run_until([&] { return !heard.failures.empty() || heard.synced == booth.last().header.seq; }));
    }
    CHECK(heard.failures[0].first.code == ErrorCode::storage_unavailable);
    const auto closed = heard.failures[0].second;
    CHECK(closed.seq == booth.last().header.seq);  // in place of the sale that was refused
    REQUIRE(deciding.run_until([&] { return heard.head && heard.head->seq == closed.seq; }));
    CHECK(heard.head->hash == closed.hash);
    CHECK(verify_head(key.public_key(), test_venue(), *heard.head));
    thread.stop();
    CHECK(disk.refused_for_size() > 0);
}

TEST_CASE("room that comes and goes is noticed while nothing is committed, and how much there is") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    std::atomic<std::uint64_t> free{10ULL << 20U};
    auto options = thread_options();
    options.free_octets = [&](const std::filesystem::path&) { return free.load(); };
    auto journal = Journal::open(directory.path(), options);
    REQUIRE(journal);
    JournalThread thread{std::move(*journal), key, deciding.post(), heard.events(), std::chrono::milliseconds{5}};
    const auto told = [&](bool room, std::uint64_t octets) {
        return deciding.run_until([&] {
            return !heard.storage.empty() && heard.storage.back().first.room_for_sales == room &&
                   heard.storage.back().first.free_octets == octets;
        });
    };
    free = 100;
    CHECK(told(false, 100));
    free = 10ULL << 20U;
    CHECK(told(true, 10ULL << 20U));
    free = 20ULL << 20U;
    CHECK(told(true, 20ULL << 20U));
    const auto words = heard.storage.size();
    free = (20ULL << 20U) - 4096;  // nobody's news
    free = 5ULL << 20U;
    CHECK(told(true, 5ULL << 20U));
    CHECK(heard.storage.size() == words + 1);
}

namespace {

enum class Then : std::uint8_t { there_is_room, it_breaks };

// Fills a disk with `spare` more octets than it has. True when not even the closing record fitted; then it is checked
// that the journal goes on as soon as there is room, or that it ends when the disk breaks.
bool closes_and(std::uint64_t spare, Then then) {
    ScratchDirectory directory;
    CrashDisk disk{"thread-reopens", 3};
    std::atomic<bool> changed{false};
    auto options = thread_options();
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
    options.checkpoint_pages = options.forced_checkpoint_pages;  // a commit finds the disk full, not a checkpoint
    // On the journal's thread, as every call of the disk. What the ballast leaves somebody else takes.
    options.give_up_ballast = [&] { disk.limit_size(0); };
    options.free_octets = [&](const std::filesystem::path&) {
        if (changed) disk.limit_size(std::nullopt);
        if (changed && then == Then::it_breaks) disk.fail_write_at(1);
        return changed && then == Then::there_is_room ? std::uint64_t{10} << 20U : std::uint64_t{0};
    };
    auto journal = Journal::open(directory.path(), options);
    REQUIRE(journal);
    Chain booth{NodeId{1}};
    booth.open_epoch();
    REQUIRE(journal->commit({{shared(booth.last())}, {}, {}, {}}));
    REQUIRE(journal->ledger().database().checkpoint(false));
    disk.limit_size(disk.size() + spare);
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    JournalThread thread{std::move(*journal), key, deciding.post(), heard.events(), std::chrono::milliseconds{5}};
    while (heard.failures.empty()) {
        booth.sell(1);
        REQUIRE(booth.records.size() < 2000);
        thread.append(shared(booth.last()));
        REQUIRE(deciding.run_until([&] { return !heard.failures.empty() || heard.synced == booth.last().header.seq; }));
    }
    const auto told = [&] { return heard.storage.back().first; };
    REQUIRE(deciding.run_until([&] { return !heard.storage.empty() && !told().ballast_held; }));
    if (told().open) return false;
    const auto sell_behind = [&](const OwnHead& head) {
        booth.now.seq = Seq{head.seq.value + 1};
        booth.now.prev = head.hash;
        booth.sell(1);
        thread.append(shared(booth.last()));
    };
    changed = true;
    if (then == Then::it_breaks) {
        for (std::size_t failures = heard.failures.size(); !heard.stopped; failures = heard.failures.size()) {
            REQUIRE(failures < 10);
            sell_behind(heard.failures.back().second);
            REQUIRE(deciding.run_until([&] { return heard.failures.size() > failures; }));
        }
        thread.stop();
        return disk.failed_writes() > 0;
    }
    REQUIRE(deciding.run_until([&] { return told().open; }));
    CHECK(told().ballast_held);
    CHECK(told().room_for_sales);
    const auto head = heard.storage.back().second;
    CHECK(head.seq == heard.failures.back().second.seq);
    sell_behind(head);
    REQUIRE(deciding.run_until([&] { return heard.synced == booth.last().header.seq; }));
    return true;
}

}  // namespace

TEST_CASE("a journal that was closed by a full disk goes on at its head when there is room, without being asked") {
    bool closed = false;
    for (std::uint64_t spare = 0; spare < 40 && !closed; ++spare)
        closed = closes_and(spare * 4120, Then::there_is_room);
    CHECK(closed);
}

TEST_CASE("a journal that was closed by a full disk and then breaks ends the process as any other") {
    bool closed = false;
    for (std::uint64_t spare = 0; spare < 40 && !closed; ++spare) closed = closes_and(spare * 4120, Then::it_breaks);
    CHECK(closed);
}

TEST_CASE("stopping commits what waits, and what it posted may run after it is gone") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 99; ++i) booth.sell(1);
    {
        JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
        for (const auto& record : booth.records) thread.append(shared(record));
    }
    REQUIRE(deciding.run_until([&] { return heard.head && heard.synced == Seq{100}; }));
    const auto journal = open_journal(directory);
    CHECK(journal.own_head().seq == Seq{100});
}

TEST_CASE("stopping leaves what waits of others' journals to those who send it again") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    Chain gate{NodeId{2}};
    gate.open_epoch();
    for (int i = 0; i < 4000; ++i) gate.add(DeviceChanged{DeviceName{"scan-1"}, DeviceState::online, ""});
    {
        JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
        thread.store({5, std::make_shared<const std::vector<ledger::Record>>(gate.records), gate.head()}, false);
    }
    auto reader = ledger::LedgerReader::open(directory.path() / "journal.db");
    REQUIRE(reader);
    const auto held = reader->journal({NodeId{2}, Epoch{1}});
    CHECK((!held || held->head < Seq{4001}));
}

TEST_CASE("a journal whose database somebody could not read stores what is on its way, stops, and is read back whole") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Deciding deciding;
    Heard heard;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 20; ++i) booth.sell(1);
    {
        JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
        for (const auto& record : booth.records) thread.append(shared(record));
        thread.distrust("a read failed");
        REQUIRE(deciding.run_until([&] { return heard.stopped.has_value(); }));
        CHECK(heard.stopped->code == ErrorCode::io);
        CHECK(heard.stopped->detail == "a read failed");
        CHECK(heard.synced == Seq{21});
        booth.sell(1);
        thread.append(shared(booth.last()));
        REQUIRE(deciding.run_until([&] { return !heard.failures.empty(); }));
    }
    const auto journal = open_journal(directory);
    CHECK(journal.report().after_failure);
    CHECK(journal.report().verified == 21);
}

TEST_CASE("damage behind the verified mark is found in the background, and the next start puts the database aside") {
    ScratchDirectory directory;
    const auto key = test_key(NodeId{1});
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 99; ++i) booth.sell(1);
    {
        auto journal = open_journal(directory);
        Work work;
        for (const auto& record : booth.records) work.own.push_back(shared(record));
        REQUIRE(journal.commit(work));
        REQUIRE(journal.ledger().begin());
        REQUIRE(journal.ledger().set_verified({NodeId{1}, Epoch{1}}, Seq{100}));
        REQUIRE(journal.ledger().commit());
        REQUIRE(journal.ledger().database().execute(
            "UPDATE journal SET stored = (SELECT stored FROM journal LIMIT 1 OFFSET 30) "
            "WHERE ref = (SELECT ref FROM journal LIMIT 1 OFFSET 40)"));
    }
    Deciding deciding;
    Heard heard;
    {
        JournalThread thread{open_journal(directory), key, deciding.post(), heard.events()};
        REQUIRE(deciding.run_until([&] { return heard.stopped.has_value(); }));
        CHECK(heard.stopped->code == ErrorCode::chain_broken);
    }
    const auto journal = open_journal(directory);
    CHECK(journal.report().quarantined);
    CHECK(journal.own_head().next_epoch == Epoch{2});
}
