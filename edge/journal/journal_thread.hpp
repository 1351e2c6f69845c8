// The thread that alone writes: takes whatever waits, live work first, commits it at once, then tells the desk.
//
// Completions run on the deciding thread, in order, through `post`. After a failure everything own that waits fails
// with it, and so does what the desk numbered before it heard (it no longer continues the journal).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "edge/journal/journal.hpp"

namespace gatehouse::edge {

constexpr std::size_t bulk_transaction = 64;  // records of other journals in one transaction

// Of a transaction with own records: when the first of them was handed over, when it began, when it was on the disk.
struct CommitTiming {
    Instant appended;
    Instant taken;
    Instant flushed;
};

// All but `thread_began` are called on the deciding thread. None may be empty, but for `committed` and `thread_began`.
struct JournalEvents {
    std::function<void(const CommitTiming& timing)> committed;  // before own_synced
    std::function<void(Seq up_to)> own_synced;
    // Own records after `head` are lost: drop the overlay, answer storage_unavailable, number on from `head`.
    std::function<void(const Error& error, const OwnHead& head)> own_failed;
    std::function<void(const ForeignResult& result)> foreign_stored;
    std::function<void(const SignedHead& head)> head_signed;  // after each commit of own records
    // Something of it changed, or the free space by a good deal. Records go on from `head`.
    std::function<void(const StorageState& state, const OwnHead& head)> storage_changed;
    std::function<void(const Error& error)> stopped;  // disk failure: end the process with 74
    std::function<void()> thread_began = {};          // on the journal's thread, before anything else
};

class JournalThread {
public:
    using Post =
        std::function<void(std::function<void()>)>;  // runs it on the deciding thread; callable from any thread

    // `key` signs heads and must outlive this. While nothing is committed the room is looked at every `look_again`.
    JournalThread(Journal journal, const SigningKey& key, Post post, JournalEvents events,
                  Duration look_again = std::chrono::seconds{3});
    JournalThread(const JournalThread&) = delete;
    JournalThread& operator=(const JournalThread&) = delete;
    ~JournalThread();  // as stop()

    // From any thread: work is about to come, so the thread keeps awake for a moment. On one processor it does not.
    void stand_ready();

    // From any thread. Own records must be handed over in the order of their numbers.
    void append(std::shared_ptr<const ledger::Record> own);
    // live: goes with the own records. Never behind a batch of the same journal that is not and still waits.
    void store(ForeignBatch batch, bool live);
    void store(const Receipt& receipt);
    void note_announced(const SignedHead& head);

    // From any thread: somebody's read of the database failed with `why`. What is on its way is still committed; then
    // it is as after a failed write: `stopped` is told, and the next start reads the chain back.
    void distrust(std::string why);

    // Commits what waits, but for batches that are not live: nobody was told that they are stored, and peers send them
    // again. Then checkpoints, closes, joins. Completions are still posted. Idempotent.
    void stop();

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace gatehouse::edge
