#include "edge/journal/journal_thread.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "schemas/base/check.hpp"
#include "sync/ledger/verifier.hpp"

namespace gatehouse::edge {

namespace {

// A batch of another journal, handed to the ledger in pieces so that live work never waits for all of it.
struct Bulk {
    ForeignBatch batch;
    std::size_t done = 0;
    ForeignResult sums;
};

// After so much quiet the log is emptied into the database and the journal is read back, a little at a time: either
// would be in the way of the scan that comes next.
constexpr auto quiet = std::chrono::milliseconds{20};
constexpr std::size_t read_back = 64;

// Changes of the free space below this are nobody's news.
constexpr std::uint64_t worth_telling = 1U << 20U;

// A thread that sleeps is woken in about the time that a flush takes.
constexpr auto awake = std::chrono::milliseconds{2};

Instant boot_now() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return Instant{std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
}

}  // namespace

struct JournalThread::Inner {
    Inner(Journal opened, const SigningKey& signing, Post poster, JournalEvents callbacks, Duration look)
        : look_again(look),
          journal(std::move(opened)),
          key(signing),
          post(std::move(poster)),
          events(std::make_shared<const JournalEvents>(std::move(callbacks))) {}

    const Duration look_again;
    Journal journal;
    const SigningKey& key;
    Post post;
    std::shared_ptr<const JournalEvents> events;  // what was posted may outlive the thread

    std::mutex mutex;
    std::condition_variable woken;
    // Guarded by `mutex`.
    Work live;
    std::deque<Bulk> bulk;
    bool stopping = false;
    std::optional<std::string> distrusted;  // why
    std::optional<Instant> first_own;       // when the first of live.own was handed over

    std::atomic<Instant> awake_until{Instant{}};
    std::atomic<std::uint32_t> arrivals{0};

    // The writer's own.
    StorageState storage;         // as it was told
    Instant looked{};             // at the storage
    Instant owed_tried{};         // to write what found no room
    bool told_stopped = false;    // once
    bool renumbering = false;     // the desk was told of a failure, and nothing numbered after it has come yet
    bool laying_out = true;       // the log is not as long yet as it will become
    bool checkpoint_due = false;  // something was committed since the last quiet moment
    std::optional<ledger::LedgerReader> reader;
    std::optional<ledger::Verifier> verifier;
    std::thread thread;

    void run();
    void await_work(std::unique_lock<std::mutex>& lock);
    void stay_awake(std::uint32_t arrivals_before);
    void arrived();
    bool take(Work& work, std::optional<Bulk>& piece);
    void commit(Work work, std::optional<Bulk> piece, std::optional<CommitTiming> timing);
    void drop_stale(Work& work);
    void succeeded(const Work& work, Done done, std::optional<Bulk> piece, const std::optional<CommitTiming>& timing);
    void failed(const Work& work, const Error& error, std::optional<Bulk> piece);
    void sign_head();
    void tell_storage();
    void tell_stopped(Error why);
    void begin_reading_back();
    void read_some_back();
    void give_up(Error why);
    [[nodiscard]] bool waits() const { return !live.empty() || !bulk.empty(); }
};

// Everything live, and at most one piece of the first bulk batch. The piece keeps the batch until it is done.
bool JournalThread::Inner::take(Work& work, std::optional<Bulk>& piece) {
    if (!waits()) return false;
    work = std::exchange(live, {});
    if (bulk.empty()) return true;
    piece = std::move(bulk.front());
    bulk.pop_front();
    auto& [batch, done, sums] = *piece;
    const auto end = std::min(done + bulk_transaction, batch.records->size());
    ForeignBatch part{batch.token, {}, {}};
    part.records =
        std::make_shared<const std::vector<ledger::Record>>(batch.records->begin() + static_cast<std::ptrdiff_t>(done),
                                                            batch.records->begin() + static_cast<std::ptrdiff_t>(end));
    done = end;
    if (end == batch.records->size()) part.head = batch.head;
    work.foreign.push_back(std::move(part));
    return true;
}

void JournalThread::Inner::run() {
    std::unique_lock lock{mutex};
    while (true) {
        if (distrusted && live.own.empty()) {
            auto why = fail(ErrorCode::io, *std::exchange(distrusted, std::nullopt));
            lock.unlock();
            give_up(std::move(why));
            lock.lock();
            continue;
        }
        if (!waits() && !stopping) {
            await_work(lock);
            continue;
        }
        // The devices are gone already: nobody waits for other journals any more, and who sent them sends them again.
        if (stopping) bulk.clear();
        const auto appended = std::exchange(first_own, std::nullopt);
        Work work;
        std::optional<Bulk> piece;
        if (!take(work, piece)) break;  // stopping, and nothing waits
        lock.unlock();
        std::optional<CommitTiming> timing;
        if (appended) timing = CommitTiming{*appended, boot_now(), {}};
        commit(std::move(work), std::move(piece), timing);
        journal.checkpoint(false);
        checkpoint_due = true;
        lock.lock();
    }
    lock.unlock();
    if (!journal.stopped()) static_cast<void>(journal.ledger().database().checkpoint(true));
    verifier.reset();
    reader.reset();
}

// Returns when there may be work, or after some of what can wait was done.
void JournalThread::Inner::await_work(std::unique_lock<std::mutex>& lock) {
    if (boot_now() < awake_until.load()) {
        const auto before = arrivals.load();  // under the lock: what comes from here on counts
        lock.unlock();
        stay_awake(before);
        lock.lock();
        return;
    }
    const auto wakes = [this] { return waits() || stopping || distrusted || boot_now() < awake_until.load(); };
    const bool can_wait = checkpoint_due || laying_out || verifier;
    if (woken.wait_for(lock, can_wait ? Duration{quiet} : look_again, wakes)) return;
    lock.unlock();
    // Room comes and goes without a commit of ours.
    if (boot_now() - looked >= look_again) tell_storage();
    if (storage.open && journal.owes_words() && boot_now() - owed_tried >= look_again) {
        owed_tried = boot_now();
        commit({}, std::nullopt, std::nullopt);
        checkpoint_due = true;
    }
    if (std::exchange(checkpoint_due, false)) journal.checkpoint(true);
    if (laying_out)
        laying_out = !journal.lay_out_log();
    else if (verifier)
        read_some_back();
    if (journal.stopped() && !told_stopped) tell_storage();
    lock.lock();
}

// The desk drops everything it has numbered when it hears of a failure. What was on its way by then must not be told
// as a second failure: that would drop what was numbered since, which is good and gets stored.
void JournalThread::Inner::drop_stale(Work& work) {
    const auto& head = journal.own_head();
    const auto continues = [&](const auto& record) {
        return record->header.seq.value == head.seq.value + 1 &&
               (head.seq.value == 0 || record->header.prev == head.hash);
    };
    const auto first = std::find_if(work.own.begin(), work.own.end(), continues);
    if (first != work.own.end()) renumbering = false;
    work.own.erase(work.own.begin(), first);
}

void JournalThread::Inner::commit(Work work, std::optional<Bulk> piece, std::optional<CommitTiming> timing) {
    if (renumbering) {
        drop_stale(work);
        if (work.empty() && !journal.owes_words()) return;
    }
    auto done = journal.commit(work);
    if (!done && done.error().code == ErrorCode::chain_broken) {
        // Numbered before the desk heard of a failure. What came with them is not to blame.
        failed(Work{work.own, {}, {}, {}}, done.error(), std::nullopt);
        work.own.clear();
        if (work.empty()) return;
        done = journal.commit(work);
    }
    if (timing) timing->flushed = boot_now();
    if (done)
        succeeded(work, std::move(*done), std::move(piece), timing);
    else
        failed(work, done.error(), std::move(piece));
    tell_storage();
}

void JournalThread::Inner::succeeded(const Work& work, Done done, std::optional<Bulk> piece,
                                     const std::optional<CommitTiming>& timing) {
    if (!work.own.empty())
        post([events = events, up_to = done.own_up_to, timing] {
            if (timing && events->committed) events->committed(*timing);
            events->own_synced(up_to);
        });
    if (piece) {
        // The piece is the last of the foreign batches.
        const auto part = std::move(done.foreign.back());
        done.foreign.pop_back();
        auto& sums = piece->sums;
        sums.token = part.token;
        sums.journal = part.journal;
        sums.up_to = part.up_to;
        sums.stored += part.stored;
        sums.duplicate += part.duplicate;
        sums.parked += part.parked;
        sums.gap = part.gap;
        sums.forked = part.forked;
        sums.failed = part.failed;
        if (part.failed || part.gap || part.forked || piece->done == piece->batch.records->size()) {
            done.foreign.push_back(sums);
        } else {
            const std::scoped_lock lock{mutex};
            bulk.push_front(std::move(*piece));
        }
    }
    for (auto& result : done.foreign) post([events = events, result] { events->foreign_stored(result); });
    if (!work.own.empty()) sign_head();
}

void JournalThread::Inner::sign_head() {
    if (const auto head = journal.sign_head(key)) post([events = events, head = *head] { events->head_signed(head); });
}

void JournalThread::Inner::failed(const Work& work, const Error& error, std::optional<Bulk> piece) {
    if (!work.own.empty()) {
        renumbering = true;
        post([events = events, error, head = journal.own_head()] { events->own_failed(error, head); });
        // The record that closed the journal must travel, too, however long nothing can be written after it.
        sign_head();
    }
    for (const auto& batch : work.foreign) {
        if (piece && &batch == &work.foreign.back()) continue;
        ForeignResult result;
        result.token = batch.token;
        result.failed = error;
        post([events = events, result] { events->foreign_stored(result); });
    }
    if (piece) {
        piece->sums.token = piece->batch.token;
        piece->sums.failed = error;
        post([events = events, result = piece->sums] { events->foreign_stored(result); });
    }
}

void JournalThread::Inner::tell_storage() {
    looked = boot_now();
    auto now = journal.storage();
    const auto [less, more] = std::minmax(now.free_octets, storage.free_octets);
    if (more - less < worth_telling) now.free_octets = storage.free_octets;
    if (now != storage) {
        storage = now;
        post([events = events, state = storage, head = journal.own_head()] { events->storage_changed(state, head); });
    }
    // Whatever it was before: one that a full disk had closed looks no different when it has stopped.
    if (journal.stopped()) tell_stopped(fail(ErrorCode::io, "the disk failed"));
}

void JournalThread::Inner::tell_stopped(Error why) {
    if (std::exchange(told_stopped, true)) return;
    post([events = events, why = std::move(why)] { events->stopped(why); });
}

void JournalThread::Inner::begin_reading_back() {
    ledger::DatabaseOptions options;
    options.cache_kib = 512;
    auto opened = ledger::LedgerReader::open(journal.database_path(), options);
    if (!opened) return;
    const auto state = opened->journal(journal.own_head().journal);
    if (!state) return;
    auto& kept = reader.emplace(std::move(*opened));
    verifier.emplace(kept, journal.venue(), *state, Seq{0}, ledger::Verifier::OwnerKey{});
}

// The start judged only what came after the last mark.
void JournalThread::Inner::read_some_back() {
    if (verifier->step(read_back)) return;
    if (const auto fault = verifier->fault())
        give_up(fail(ErrorCode::chain_broken, to_string(fault->at) + ": " + fault->what));
    verifier.reset();
    reader.reset();
}

void JournalThread::Inner::give_up(Error why) {
    if (told_stopped) return;
    journal.distrust();
    storage = journal.storage();
    post([events = events, state = storage, head = journal.own_head()] { events->storage_changed(state, head); });
    tell_stopped(std::move(why));
}

JournalThread::JournalThread(Journal journal, const SigningKey& key, Post post, JournalEvents events,
                             Duration look_again)
    : inner_(std::make_unique<Inner>(std::move(journal), key, std::move(post), std::move(events), look_again)) {
    const auto& heard = *inner_->events;
    check(heard.own_synced && heard.own_failed && heard.foreign_stored && heard.head_signed && heard.storage_changed &&
              heard.stopped,
          "every event of the journal is heard");
    inner_->storage = inner_->journal.storage();
    inner_->begin_reading_back();
    inner_->thread = std::thread{[inner = inner_.get()] {
        if (inner->events->thread_began) inner->events->thread_began();
        // The signature of the last commit may not have been kept. Told from here like all others: what the deciding
        // thread posts to itself while it runs a handler comes behind what this thread posts meanwhile.
        inner->sign_head();
        inner->run();
    }};
}

JournalThread::~JournalThread() { stop(); }

// Without a wake-up while it spins: that costs the caller more than the whole hand-over.
void JournalThread::Inner::arrived() {
    arrivals.fetch_add(1, std::memory_order_release);
    woken.notify_one();
}

void JournalThread::Inner::stay_awake(std::uint32_t arrivals_before) {
    while (arrivals.load(std::memory_order_acquire) == arrivals_before &&
           boot_now() < awake_until.load(std::memory_order_relaxed))
        std::this_thread::yield();
}

void JournalThread::stand_ready() {
    static const bool alone = std::thread::hardware_concurrency() < 2;
    if (alone) return;
    inner_->awake_until.store(boot_now() + awake);
    inner_->woken.notify_one();
}

void JournalThread::append(std::shared_ptr<const ledger::Record> own) {
    {
        const std::scoped_lock lock{inner_->mutex};
        if (!inner_->first_own) inner_->first_own = boot_now();
        inner_->live.own.push_back(std::move(own));
    }
    inner_->arrived();
}

void JournalThread::store(ForeignBatch batch, bool live) {
    {
        const std::scoped_lock lock{inner_->mutex};
        if (live && batch.records->size() <= bulk_transaction)
            inner_->live.foreign.push_back(std::move(batch));
        else
            inner_->bulk.push_back({std::move(batch), 0, {}});
    }
    inner_->arrived();
}

void JournalThread::store(const Receipt& receipt) {
    {
        const std::scoped_lock lock{inner_->mutex};
        inner_->live.receipts.push_back(receipt);
    }
    inner_->arrived();
}

void JournalThread::note_announced(const SignedHead& head) {
    {
        const std::scoped_lock lock{inner_->mutex};
        inner_->live.announced.push_back(head);
    }
    inner_->arrived();
}

void JournalThread::distrust(std::string why) {
    {
        const std::scoped_lock lock{inner_->mutex};
        inner_->distrusted = std::move(why);
    }
    inner_->arrived();
}

void JournalThread::stop() {
    {
        const std::scoped_lock lock{inner_->mutex};
        inner_->stopping = true;
    }
    inner_->arrived();
    if (inner_->thread.joinable()) inner_->thread.join();
}

}  // namespace gatehouse::edge
