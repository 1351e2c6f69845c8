#include "sync/central/serving.hpp"

#include <algorithm>
#include <utility>

#include "schemas/records/codec.hpp"

namespace gatehouse::central {

namespace {

// A batch of node 0's journal ends where the octets say: its owner signs here.
sync::BatchLoaded load_own(ledger::LedgerReader& reader, const SigningKey& central, const VenueId& venue,
                           const sync::LoadBatch& wanted, sync::BatchLoaded loaded) {
    const auto state = reader.journal(wanted.journal);
    if (!state || !state->signed_head) return loaded;
    auto batch = reader.records(wanted.journal, wanted.from, state->signed_head->seq, wanted.records, wanted.octets);
    if (batch.stored.empty()) return loaded;
    loaded.head = sign_head(central, venue, wanted.journal, batch.last, record_hash(batch.stored.back()));
    loaded.records = std::move(batch.stored);
    return loaded;
}

sync::BatchLoaded load_copied(ledger::LedgerReader& reader, const sync::LoadBatch& wanted, sync::BatchLoaded loaded) {
    std::size_t count = wanted.records;
    while (count > 0) {
        const auto head = reader.head_for_batch(wanted.journal, wanted.from, count);
        if (!head || head->seq < wanted.from) return loaded;
        const auto span = head->seq.value - wanted.from.value + 1;
        const bool only_one = span > count || count == 1;  // no kept head is nearer
        const auto octets = only_one ? sync::largest_batch : std::size_t{wanted.octets};
        if (span > sync::largest_batch_records) return loaded;
        auto batch = reader.records(wanted.journal, wanted.from, head->seq, span, octets);
        if (batch.last == head->seq) {
            loaded.head = *head;
            loaded.records = std::move(batch.stored);
            return loaded;
        }
        if (only_one) return loaded;
        count = std::min<std::size_t>(count / 2, batch.stored.size());
    }
    return loaded;
}

}  // namespace

sync::BatchLoaded load_batch(ledger::LedgerReader& reader, const SigningKey& central, const VenueId& venue,
                             const sync::LoadBatch& wanted) {
    sync::BatchLoaded loaded;
    loaded.generation = wanted.generation;
    loaded.journal = wanted.journal;
    loaded.from = wanted.from;
    if (wanted.journal.node == central_node) return load_own(reader, central, venue, wanted, std::move(loaded));
    return load_copied(reader, wanted, std::move(loaded));
}

}  // namespace gatehouse::central
