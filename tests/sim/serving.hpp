// What a machine's shell reads from its ledger for the replication: which journals it holds, and a batch of one.
#pragma once

#include <functional>

#include "sync/ledger/reader.hpp"
#include "sync/replication/replication_events.hpp"

namespace gatehouse::sim {

[[nodiscard]] sync::HeldJournal held_journal(ledger::LedgerReader& reader, const ledger::JournalState& state);
[[nodiscard]] std::vector<sync::HeldJournal> held_journals(ledger::LedgerReader& reader);
[[nodiscard]] std::vector<sync::Revocation> revocations(ledger::LedgerReader& reader);

// `own_key` signs a position of the own journal where no signature is kept; null for another's journal.
[[nodiscard]] sync::BatchLoaded load_batch(ledger::LedgerReader& reader, const VenueId& venue,
                                           const sync::LoadBatch& wanted, const SigningKey* own_key);

}  // namespace gatehouse::sim
