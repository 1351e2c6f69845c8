// Own records between their decision and the disk: numbers and hashes are given here, and what was promised for each
// record waits here until it is synced.
//
//   closed ──open──▶ open ──append──▶ open {waiting: n+1} ──synced──▶ open {waiting: fewer}
//      ▲               │
//      └──── close ────┴──failed──▶ open {waiting: none}, numbering goes on from the head that is on disk
//
// Guarantees
// - numbers have no gap, and each record carries the hash of the one before it
// - what was promised is released in the order of the records, and only after they are synced
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "edge/desk/effects.hpp"

namespace gatehouse::edge {

struct Waiting {
    std::shared_ptr<const ledger::Record> record;
    Effects then;  // released once it is synced
};

class Outbox {
public:
    explicit Outbox(JournalId journal) : journal_(journal) {}

    void open(Seq head, const Hash& hash);
    void close() { open_ = false; }
    [[nodiscard]] bool is_open() const { return open_; }

    // The record that `append` would write next.
    [[nodiscard]] RecordRef next() const { return {journal_.node, journal_.epoch, Seq{head_.value + 1}}; }
    // `header` without kind, ref and prev; `extension` as in ledger::make_record. Precondition: is_open().
    [[nodiscard]] std::shared_ptr<const ledger::Record> append(Header header, Body body, Effects then,
                                                               ByteView extension = {});
    // More that waits for a record. False when it is synced already.
    bool also(RecordRef ref, Effect effect);

    [[nodiscard]] std::vector<Waiting> synced(Seq up_to);
    [[nodiscard]] std::vector<Waiting> failed(Seq head, const Hash& hash);

    [[nodiscard]] const std::deque<Waiting>& waiting() const { return waiting_; }
    [[nodiscard]] JournalId journal() const { return journal_; }
    [[nodiscard]] Seq head() const { return head_; }
    [[nodiscard]] Seq synced_head() const { return synced_; }

private:
    JournalId journal_;
    bool open_ = false;
    Seq head_;
    Seq synced_;
    Hash hash_{};
    std::deque<Waiting> waiting_;
};

}  // namespace gatehouse::edge
