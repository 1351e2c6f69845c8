#include "sync/replication/batch_loading.hpp"

#include <algorithm>
#include <utility>

#include "schemas/records/codec.hpp"

namespace gatehouse::sync {

namespace {

// Whether the records are chained and lead to the batch's head. A disk that returns other octets than it was given says
// no error.
bool is_whole(const BatchLoaded& loaded) {
    std::optional<Hash> before;
    for (const auto& stored : loaded.records) {
        const auto record = parse_record(stored);
        if (!record || (before && record->header.prev != *before)) return false;
        before = record_hash(stored);
    }
    return before == loaded.head.hash;
}

// Whether the record after `last` names it as the one before.
bool is_followed(ledger::LedgerReader& reader, JournalId journal, Seq last, const Hash& hash) {
    const Seq next{last.value + 1};
    const auto after = reader.records(journal, next, next, 1, 1);
    if (after.stored.empty()) return false;
    const auto record = parse_record(after.stored.front());
    return record && record->header.prev == hash;
}

void load_own(ledger::LedgerReader& reader, const VenueId& venue, const LoadBatch& wanted, const SigningKey& owner,
              BatchLoaded& loaded) {
    const Seq until = wanted.to ? std::min(*wanted.to, wanted.newest.seq) : wanted.newest.seq;
    auto batch = reader.records(wanted.journal, wanted.from, until, wanted.records, wanted.octets);
    if (batch.stored.empty()) return;
    if (batch.last == wanted.newest.seq) {
        loaded.head = wanted.newest;
    } else {
        const Hash hash = record_hash(batch.stored.back());
        if (!is_followed(reader, wanted.journal, batch.last, hash)) return;
        loaded.head = sign_head(owner, venue, wanted.journal, batch.last, hash);
    }
    loaded.records = std::move(batch.stored);
}

void load_copied(ledger::LedgerReader& reader, const LoadBatch& wanted, BatchLoaded& loaded) {
    std::size_t count = wanted.records;
    while (count > 0) {
        const auto head = reader.head_for_batch(wanted.journal, wanted.from, count);
        if (!head || head->seq < wanted.from) return;
        const auto span = head->seq.value - wanted.from.value + 1;
        if (span > largest_batch_records) return;
        const bool only_one = span > count || count == 1;  // no kept head is nearer
        const auto octets = only_one ? largest_batch : std::size_t{wanted.octets};
        auto batch = reader.records(wanted.journal, wanted.from, head->seq, span, octets);
        if (batch.last == head->seq) {
            loaded.head = *head;
            loaded.records = std::move(batch.stored);
            return;
        }
        if (only_one) return;
        count = std::max<std::size_t>(1, std::min<std::size_t>(count / 2, batch.stored.size()));
    }
}

}  // namespace

BatchLoaded load_batch(ledger::LedgerReader& reader, const VenueId& venue, const LoadBatch& wanted,
                       const SigningKey* owner) {
    BatchLoaded loaded{wanted.generation, wanted.journal, wanted.from, {}, {}};
    if (wanted.from > wanted.newest.seq) return loaded;
    if (owner != nullptr)
        load_own(reader, venue, wanted, *owner, loaded);
    else
        load_copied(reader, wanted, loaded);
    if (!loaded.records.empty() && !is_whole(loaded)) loaded.records.clear();
    return loaded;
}

bool is_damaged(const LoadBatch& wanted, const BatchLoaded& loaded) {
    return loaded.records.empty() && wanted.from <= wanted.newest.seq;
}

}  // namespace gatehouse::sync
