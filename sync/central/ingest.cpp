#include "sync/central/ingest.hpp"

#include <utility>

#include "sync/ledger/conflict_count.hpp"

namespace gatehouse::central {

namespace {

// Counts what one record was to the ledger. False: the batch cannot go on.
bool count(const ledger::Appended& appended, const ledger::Record& record, sync::BatchStored& stored, Ingested& all) {
    switch (appended.kind) {
        case ledger::AppendKind::stored:
            ++stored.accepted;
            stored.up_to = record.header.seq;
            if (record.header.kind == Kind::sale) ++all.sales;
            if (const auto* verdict = std::get_if<Verdict>(&record.body))
                all.admissions += verdict->decision == Decision::admit ? 1U : 0U;
            if (appended.parked) {
                ++stored.parked;
                if (stored.parked_records.size() < sync::largest_parked)
                    stored.parked_records.push_back({record.header.seq, *appended.parked});
            }
            return true;
        case ledger::AppendKind::duplicate:
            ++stored.duplicate;
            stored.up_to = record.header.seq;
            return true;
        case ledger::AppendKind::gap: return false;
        case ledger::AppendKind::forked: return false;
        case ledger::AppendKind::refused: return false;
    }
    return false;
}

// "Held without a gap up to here": the head that the ledger has now, which is where some batch ended.
Result<Receipt> acknowledge(ledger::Ledger& ledger, const SigningKey& central, JournalId journal) {
    const auto head = ledger.head(journal);
    if (!head) return head.error();
    auto receipt = sign_receipt(central, ledger.venue().id, journal, head->seq, head->hash);
    if (auto kept = ledger.store_receipt(receipt); !kept) return kept.error();
    return receipt;
}

}  // namespace

Result<Ingested> ingest(ledger::Ledger& ledger, const SigningKey& central, const sync::StoreBatch& batch) {
    Ingested all{batch.journal, {}};
    sync::BatchStored stored;
    stored.generation = batch.generation;
    stored.journal = batch.journal;
    const auto refuse = [&](sync::Refusal why) {
        all.answer = sync::BatchRefused{batch.generation, batch.journal, why};
        return all;
    };
    const auto conflicts_before = ledger::conflict_count(ledger.database());
    for (const auto& bytes : batch.records) {
        const auto record = ledger::read_record(bytes);
        if (!record || record->header.ref().journal() != batch.journal) return refuse(sync::Refusal::chain_broken);
        const auto appended = ledger.append(*record);
        if (!appended) return appended.error();
        if (!count(*appended, *record, stored, all))
            return refuse(appended->kind == ledger::AppendKind::forked ? sync::Refusal::journal_fork
                                                                       : sync::Refusal::chain_broken);
    }
    if (auto kept = ledger.store_head(batch.head); !kept) return kept.error();
    auto receipt = acknowledge(ledger, central, batch.journal);
    if (!receipt) return receipt.error();
    stored.receipt = std::move(*receipt);
    // A record may also end a conflict: the sale that explains an admission.
    const auto conflicts = ledger::conflict_count(ledger.database());
    if (conflicts > conflicts_before) stored.conflicts = static_cast<std::uint32_t>(conflicts - conflicts_before);
    all.answer = std::move(stored);
    return all;
}

}  // namespace gatehouse::central
