// Reads what another machine asked for out of the ledger: one way for nodes, central and the simulator.
#pragma once

#include "schemas/crypto/crypto.hpp"
#include "sync/ledger/reader.hpp"
#include "sync/replication/replication_events.hpp"

namespace gatehouse::sync {

// The answer to `wanted`: records from `wanted.from` on that end at a head that the owner signed, within what fits one
// message. With `owner`, the key of the journal's owner, a batch ends where its octets say and is signed there; a relay
// ends it at a kept head, of which the ledger keeps enough (see Ledger::store_head). No records: nothing to be had now.
[[nodiscard]] BatchLoaded load_batch(ledger::LedgerReader& reader, const VenueId& venue, const LoadBatch& wanted,
                                     const SigningKey* owner);

}  // namespace gatehouse::sync
