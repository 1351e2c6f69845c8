// Reads what another machine asked for out of the ledger.
#pragma once

#include "schemas/crypto/crypto.hpp"
#include "sync/ledger/reader.hpp"
#include "sync/replication/replication_events.hpp"

namespace gatehouse::central {

// Records from `wanted.from` on that end at an owner-signed head; a head of node 0 is signed where it is needed. Empty
// when there is nothing to be had now.
[[nodiscard]] sync::BatchLoaded load_batch(ledger::LedgerReader& reader, const SigningKey& central,
                                           const VenueId& venue, const sync::LoadBatch& wanted);

}  // namespace gatehouse::central
