#include "tests/sim/serving.hpp"

namespace gatehouse::sim {

sync::HeldJournal held_journal(ledger::LedgerReader& reader, const ledger::JournalState& state) {
    sync::HeldJournal held{state.journal, state.head, state.hash, state.signed_head, state.receipt, {}, state.forked};
    for (auto& node : reader.nodes())
        if (node.node == state.journal.node) held.certificate = std::move(node.certificate);
    return held;
}

std::vector<sync::HeldJournal> held_journals(ledger::LedgerReader& reader) {
    std::vector<sync::HeldJournal> all;
    for (const auto& state : reader.journals()) all.push_back(held_journal(reader, state));
    return all;
}

std::vector<sync::Revocation> revocations(ledger::LedgerReader& reader) {
    std::vector<sync::Revocation> all;
    for (const auto& revocation : reader.revocations())
        all.push_back({revocation.body.node, revocation.body.epoch, revocation.body.last});
    return all;
}

sync::BatchLoaded load_batch(ledger::LedgerReader& reader, const VenueId& venue, const sync::LoadBatch& wanted,
                             const SigningKey* own_key) {
    sync::BatchLoaded loaded{wanted.generation, wanted.journal, wanted.from, {}, {}};
    const auto state = reader.journal(wanted.journal);
    if (!state) return loaded;
    if (own_key != nullptr) {
        auto read = reader.records(wanted.journal, wanted.from, state->head, wanted.records, wanted.octets);
        if (read.stored.empty()) return loaded;
        loaded.head = sign_head(*own_key, venue, wanted.journal, read.last, record_hash(read.stored.back()));
        loaded.records = std::move(read.stored);
        return loaded;
    }
    const auto head = reader.head_for_batch(wanted.journal, wanted.from, wanted.records);
    if (!head) return loaded;
    auto read =
        reader.records(wanted.journal, wanted.from, head->seq, sync::largest_batch_records, sync::largest_batch);
    if (read.last != head->seq) return loaded;
    loaded.head = *head;
    loaded.records = std::move(read.stored);
    return loaded;
}

}  // namespace gatehouse::sim
