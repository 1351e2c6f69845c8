#include "sync/ledger/verifier.hpp"

#include "sync/ledger/row_access.hpp"

namespace gatehouse::ledger {

namespace {

// From each journal's first record to the next journal's, and of each the last. One statement, so that what is appended
// meanwhile is seen with its head or not at all.
constexpr const char* uncovered =
    "WITH RECURSIVE first(ref) AS (SELECT min(ref) FROM journal UNION ALL "
    "SELECT (SELECT min(ref) FROM journal WHERE ref > (first.ref | 0xffffffff)) FROM first WHERE first.ref NOT NULL), "
    "held(ref, last) AS (SELECT ref, (SELECT max(ref) FROM journal WHERE ref <= (first.ref | 0xffffffff)) FROM first "
    "WHERE ref NOT NULL) "
    "SELECT CASE WHEN s.id IS NULL THEN held.ref ELSE (s.id << 32) + s.seq + 1 END FROM held "
    "LEFT JOIN stream s ON s.id = held.ref >> 32 WHERE s.id IS NULL OR (held.last & 0xffffffff) > s.seq";

}  // namespace

std::optional<VerifyFault> unlisted_record(LedgerReader& reader, std::optional<NodeId> of) {
    auto rows = ask(reader.database(), uncovered);  // one of a journal
    while (next(rows))
        if (const RecordRef at = ref_at(rows, 0); !of || at.node == *of)
            return VerifyFault{at, "the record is held, but no journal's head covers it"};
    return std::nullopt;
}

Verifier::Verifier(LedgerReader& reader, const VenueId& venue, JournalState journal, Seq after, OwnerKey owner_key)
    : reader_(reader), venue_(venue), journal_(journal), position_(after), owner_key_(std::move(owner_key)) {
    if (after.value == 0) prev_ = genesis_hash(venue, journal_.journal);
}

void Verifier::fail_at(Seq seq, std::string what) {
    if (!fault_) fault_ = VerifyFault{{journal_.journal.node, journal_.journal.epoch, seq}, std::move(what)};
}

void Verifier::judge(ByteView stored) {
    const Seq seq{position_.value + 1};
    const auto record = parse_record(stored);
    if (!record) return fail_at(seq, "the record cannot be read: " + record.error().detail);
    if (record->header.ref() != RecordRef{journal_.journal.node, journal_.journal.epoch, seq})
        return fail_at(seq, "the record says that it is " + to_string(record->header.ref()));
    // Begun after a mark, the first record's link is judged against the record at the mark.
    if (!prev_) {
        const auto before = reader_.records(journal_.journal, position_, position_, 1, 0);
        if (before.stored.empty()) return fail_at(position_, "the record is missing");
        prev_ = record_hash(before.stored.front());
    }
    if (record->header.prev != *prev_) return fail_at(seq, "the chain is broken: prev is not the former record's hash");
    prev_ = record_hash(stored);
    position_ = seq;
}

// Heads that the owner signed within (from, to]: hash and signature.
void Verifier::judge_heads(Seq from, Seq to) {
    const auto key = owner_key_ ? owner_key_(journal_.journal.node) : std::nullopt;
    const auto base = keys_of(journal_.journal).first;
    auto rows = ask(reader_.database(), "SELECT ref, hash, signature FROM signed_head WHERE ref > ? AND ref <= ?",
                    base + static_cast<std::int64_t>(from.value), base + static_cast<std::int64_t>(to.value));
    while (!fault_ && next(rows)) {
        const auto ref = ref_at(rows, 0);
        const SignedHead head{ref.journal(), ref.seq, octets_at<32>(rows, 1), octets_at<64>(rows, 2)};
        const auto at = reader_.records(ref.journal(), ref.seq, ref.seq, 1, 0);
        if (at.stored.empty() || record_hash(at.stored.front()) != head.hash)
            return fail_at(ref.seq, "the signed head is of another record");
        if (!key) continue;
        ++signatures_;
        if (!verify_head(*key, venue_, head)) return fail_at(ref.seq, "the head's signature is wrong");
    }
}

bool Verifier::step(std::size_t count) {
    if (fault_) return false;
    const Seq from = position_;
    if (position_ < journal_.head) {
        const auto batch = reader_.records(journal_.journal, Seq{position_.value + 1}, journal_.head, count, SIZE_MAX);
        if (batch.stored.empty()) fail_at(Seq{position_.value + 1}, "the record is missing");
        for (const auto& stored : batch.stored)
            if (!fault_) judge(stored);
    }
    if (!fault_) judge_heads(from, position_);
    if (!fault_ && reader_.fault() != Fault::none) fail_at(position_, "the database cannot be read");
    if (!fault_ && position_ == journal_.head && prev_ && *prev_ != journal_.hash)
        fail_at(position_, "the journal's head is of another record");
    return !fault_ && position_ < journal_.head;
}

}  // namespace gatehouse::ledger
