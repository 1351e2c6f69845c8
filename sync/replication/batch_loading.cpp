#include "sync/replication/batch_loading.hpp"

#include <algorithm>
#include <utility>

#include "schemas/records/codec.hpp"

namespace gatehouse::sync {

namespace {

void load_own(ledger::LedgerReader& reader, const VenueId& venue, const LoadBatch& wanted, const SigningKey& owner,
              BatchLoaded& loaded) {
    const Seq until = wanted.to ? std::min(*wanted.to, wanted.newest.seq) : wanted.newest.seq;
    auto batch = reader.records(wanted.journal, wanted.from, until, wanted.records, wanted.octets);
    if (batch.stored.empty()) return;
    loaded.head = batch.last == wanted.newest.seq
                      ? wanted.newest
                      : sign_head(owner, venue, wanted.journal, batch.last, record_hash(batch.stored.back()));
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
    return loaded;
}

}  // namespace gatehouse::sync
