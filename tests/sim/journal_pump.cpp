#include "tests/sim/journal_pump.hpp"

#include <utility>

namespace gatehouse::sim {

using std::chrono::microseconds;

JournalPump::JournalPump(World& world, const Life& life, test::CrashDisk& disk, edge::Journal journal,
                         const SigningKey& key, JournalPumpOptions options, edge::JournalEvents events)
    : world_(world),
      life_(life),
      disk_(disk),
      journal_(std::move(journal)),
      key_(key),
      options_(std::move(options)),
      events_(std::move(events)),
      storage_(journal_.storage()) {}

void JournalPump::later(Duration wait, std::function<void()> what) {
    world_.after(wait, life_.while_it_lasts(std::move(what)));
}

void JournalPump::append(std::shared_ptr<const ledger::Record> own) {
    if (options_.mutant == Mutant::ack_before_sync)
        later(microseconds{1}, [this, seq = own->header.seq] { events_.own_synced(seq); });
    live_.own.push_back(std::move(own));
    wake();
}

void JournalPump::store(edge::ForeignBatch batch, bool live) {
    if (live)
        live_.foreign.push_back(std::move(batch));
    else
        bulk_.push_back(std::move(batch));
    wake();
}

void JournalPump::store(Receipt receipt) {
    live_.receipts.push_back(std::move(receipt));
    wake();
}

void JournalPump::note_announced(SignedHead head) {
    live_.announced.push_back(head);
    wake();
}

void JournalPump::wake() {
    if (busy_ || (live_.empty() && bulk_.empty() && !owed_due_)) return;
    busy_ = true;
    later(microseconds{20}, [this] { commit(); });
}

// As the thread does: room comes and goes without a commit of ours, and what is owed waits for it.
void JournalPump::look_again() {
    if (std::exchange(look_waits_, true)) return;
    later(std::chrono::seconds{3}, [this] {
        look_waits_ = false;
        tell_storage(journal_.storage());
        if (!life_.goes_on()) return;
        owed_due_ = journal_.owes_words();
        if (owed_due_ || !storage_.ballast_held) look_again();
        wake();
    });
}

void JournalPump::tell_storage(const edge::StorageState& storage) {
    if (storage == storage_) return;
    storage_ = storage;
    events_.storage_changed(storage_, journal_.own_head());
}

edge::Work JournalPump::take() {
    edge::Work work = std::exchange(live_, {});
    if (!work.empty()) return work;
    std::size_t records = 0;
    while (!bulk_.empty() && records < edge::bulk_transaction) {
        records += bulk_.front().records->size();
        work.foreign.push_back(std::move(bulk_.front()));
        bulk_.pop_front();
    }
    return work;
}

void JournalPump::commit() {
    owed_due_ = false;
    edge::Work work = take();
    auto result = journal_.commit(work);
    if (disk_.dead()) return options_.disk_died();
    if (result && !work.own.empty()) options_.committed(result->own_up_to);
    auto outcome = std::make_shared<Outcome>(Outcome{std::move(work), std::move(result)});
    later(options_.flush_time(), [this, outcome] {
        busy_ = false;
        complete(*outcome);
        if (!life_.goes_on()) return;
        if (live_.empty() && bulk_.empty()) journal_.checkpoint(true);
        if (disk_.dead()) return options_.disk_died();
        // The thread looks after a checkpoint, too: a desk that cannot read any more commits nothing that would show
        // it.
        if (journal_.stopped()) return events_.stopped(fail(ErrorCode::io, "the disk failed"));
        if (journal_.owes_words() || !storage_.ballast_held) look_again();
        wake();
    });
}

void JournalPump::complete(const Outcome& outcome) {
    if (outcome.result) {
        if (!outcome.work.own.empty()) {
            if (options_.mutant != Mutant::ack_before_sync) events_.own_synced(outcome.result->own_up_to);
            if (!life_.goes_on()) return;
            if (const auto head = journal_.sign_head(key_)) events_.head_signed(*head);
        }
        for (const auto& foreign : outcome.result->foreign)
            if (life_.goes_on()) events_.foreign_stored(foreign);
        for (const auto& receipt : outcome.work.receipts)
            if (life_.goes_on()) options_.receipt_stored(receipt);
    } else {
        refuse(outcome);
    }
    if (!life_.goes_on()) return;
    tell_storage(journal_.storage());
    if (journal_.stopped() && life_.goes_on()) events_.stopped(fail(ErrorCode::io, "the disk failed"));
}

void JournalPump::refuse(const Outcome& outcome) {
    const Error& error = outcome.result.error();
    for (const auto& batch : outcome.work.foreign) {
        edge::ForeignResult result;
        result.token = batch.token;
        if (!batch.records->empty()) result.journal = batch.records->front().ref().journal();
        result.failed = error;
        events_.foreign_stored(result);
        if (!life_.goes_on()) return;
    }
    if (outcome.work.own.empty()) return;
    // What the desk numbered before it heard does not continue the journal either.
    live_.own.clear();
    events_.own_failed(error, journal_.own_head());
    if (!life_.goes_on()) return;
    if (const auto head = journal_.sign_head(key_)) events_.head_signed(*head);
}

}  // namespace gatehouse::sim
