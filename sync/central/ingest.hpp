// Takes a batch of another machine's journal into the ledger, within the transaction that is open. The session has
// verified the batch in itself (numbers, chain, the owner's signature at its end); whether it continues what is held
// is judged here.
#pragma once

#include <cstdint>
#include <variant>

#include "schemas/crypto/crypto.hpp"
#include "sync/ledger/ledger.hpp"
#include "sync/replication/replication_events.hpp"

namespace gatehouse::central {

// What became of one batch. Nothing of it may be told before the commit.
struct Ingested {
    JournalId journal;
    std::variant<sync::BatchStored, sync::BatchRefused> answer;
    std::uint32_t admissions = 0;  // verdicts that admit, newly stored
    std::uint32_t sales = 0;       // newly stored
};

// Errors: storage_unavailable; the transaction is then gone.
[[nodiscard]] Result<Ingested> ingest(ledger::Ledger& ledger, const SigningKey& central, const sync::StoreBatch& batch);

}  // namespace gatehouse::central
