// What a machine's shell reads from its ledger for the replication: which journals it holds.
#pragma once

#include <functional>

#include "sync/ledger/reader.hpp"
#include "sync/replication/batch_loading.hpp"

namespace gatehouse::sim {

[[nodiscard]] sync::HeldJournal held_journal(ledger::LedgerReader& reader, const ledger::JournalState& state);
[[nodiscard]] std::vector<sync::HeldJournal> held_journals(ledger::LedgerReader& reader);
[[nodiscard]] std::vector<sync::Revocation> revocations(ledger::LedgerReader& reader);

}  // namespace gatehouse::sim
