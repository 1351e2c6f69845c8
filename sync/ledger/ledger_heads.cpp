// Signed heads, receipts and announcements: what machines say about journals.
#include "sync/ledger/ledger_inner.hpp"

namespace gatehouse::ledger {

namespace {

// A relay may end a batch only where the owner has signed: so far apart may those places be, in records and in octets,
// that what lies between two of them fits one message (sync/replication/messages.hpp: 1 MiB, 4 octets for each record).
constexpr std::uint64_t head_spacing = 128;
constexpr std::int64_t head_octets = 1'000'000;

// The head before the latest is dropped when its neighbours are close enough.
Result<void> thin_heads(Database& database, const SignedHead& latest) {
    const auto range = keys_of(latest.journal);
    std::vector<std::int64_t> before;
    {
        auto rows = ask(database, "SELECT ref FROM signed_head WHERE ref BETWEEN ? AND ? ORDER BY ref DESC LIMIT 3",
                        range.first, range.last);
        while (next(rows)) before.push_back(rows.number(0));
    }
    if (before.size() < 2) return {};
    const std::int64_t from = before.size() == 3 ? before[2] : range.first;
    if (before[0] - from > static_cast<std::int64_t>(head_spacing)) return {};
    auto between = ask(database, "SELECT sum(length(stored)) FROM journal WHERE ref > ? AND ref <= ?", from, before[0]);
    if (next(between) && between.number(0) > head_octets) return {};
    return ask(database, "DELETE FROM signed_head WHERE ref = ?", before[1]).run();
}

}  // namespace

Result<void> Ledger::store_head(const SignedHead& head) {
    if (head.seq.value == 0 || !has_key({head.journal.node, head.journal.epoch, head.seq})) return {};
    const auto stream = inner_->stream(head.journal);
    if (!stream) return inner_->give_up(stream.error());
    if (head.seq > (*stream)->seq) return {};
    const RecordRef ref{head.journal.node, head.journal.epoch, head.seq};
    auto done = inner_->run(
        ask(inner_->database, "INSERT OR REPLACE INTO signed_head VALUES (?, ?, ?)", ref, head.hash, head.signature));
    if (done) done = thin_heads(inner_->database, head);
    if (done)
        done = inner_->run(
            ask(inner_->database, "DELETE FROM announced WHERE journal = ? AND seq <= ?", head.journal, head.seq));
    if (!done) return inner_->give_up(done.error());
    return {};
}

Result<void> Ledger::store_receipt(const Receipt& receipt) {
    if (!has_key({receipt.journal.node, receipt.journal.epoch, receipt.seq})) return {};
    const auto done = inner_->run(ask(inner_->database,
                                      "INSERT INTO receipt VALUES (?, ?, ?, ?) ON CONFLICT (journal) DO UPDATE SET "
                                      "seq = excluded.seq, hash = excluded.hash, signature = excluded.signature "
                                      "WHERE excluded.seq > seq",
                                      receipt.journal, receipt.seq, receipt.hash, receipt.signature));
    if (!done) return inner_->give_up(done.error());
    return {};
}

Result<void> Ledger::note_announced(const SignedHead& head) {
    if (!has_key({head.journal.node, head.journal.epoch, head.seq})) return {};
    const auto stream = inner_->stream(head.journal);
    if (!stream) return inner_->give_up(stream.error());
    if (head.seq <= (*stream)->seq) return {};
    const auto done = inner_->run(ask(inner_->database,
                                      "INSERT INTO announced VALUES (?, ?, ?, ?) ON CONFLICT (journal) DO UPDATE SET "
                                      "seq = excluded.seq, hash = excluded.hash, signature = excluded.signature "
                                      "WHERE excluded.seq > seq",
                                      head.journal, head.seq, head.hash, head.signature));
    if (!done) return inner_->give_up(done.error());
    return {};
}

Result<bool> Ledger::contradicts(const SignedHead& head) {
    const RecordRef ref{head.journal.node, head.journal.epoch, head.seq};
    if (head.seq.value == 0 || !has_key(ref)) return false;
    const auto found = inner_->stream(head.journal);
    if (!found) return inner_->give_up(found.error());
    Stream& stream = **found;
    if (stream.forked) return true;
    if (head.seq > stream.seq) return false;
    {
        auto row = ask(inner_->database, "SELECT stored FROM journal WHERE ref = ?", ref);
        const auto there = row.step();
        if (!there) return inner_->give_up(there.error());
        if (!*there || record_hash(row.blob(0)) == head.hash) return false;
    }
    // Instead of a record, which nobody has shown: its hash and the owner's signature are proof enough.
    const auto kept = inner_->run(
        ask(inner_->database, "INSERT OR IGNORE INTO fork VALUES (?, ?, ?)", ref, head.hash, head.signature));
    if (!kept) return inner_->give_up(kept.error());
    stream.forked = true;
    stream.changed = true;
    return true;
}

Result<void> Ledger::note_node_catalogue(NodeId node, std::uint64_t version, WallTime when) {
    const auto done =
        inner_->run(ask(inner_->database,
                        "INSERT INTO node_catalogue VALUES (?, ?, ?) ON CONFLICT (node) DO UPDATE SET "
                        "wall = iif(version = excluded.version, wall, excluded.wall), version = excluded.version",
                        node, version, when));
    if (!done) return inner_->give_up(done.error());
    return {};
}

}  // namespace gatehouse::ledger
