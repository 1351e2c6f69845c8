// What the venue desk decides by, gathered from the ledger.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sync/central/completeness.hpp"
#include "sync/central/presence.hpp"
#include "sync/central/venue_desk.hpp"
#include "sync/ledger/reader.hpp"

namespace gatehouse::central {

[[nodiscard]] std::vector<KnownNode> known_nodes(ledger::LedgerReader& reader);
// Every node that was ever enrolled, with what its connections have said.
[[nodiscard]] std::vector<ExpectedNode> expected_nodes(ledger::LedgerReader& reader, const Presence& presence);
[[nodiscard]] std::map<SessionId, PoolFacts> pool_facts(ledger::LedgerReader& reader);
// The latest epoch of a node of which a record is held, or the first.
[[nodiscard]] Epoch latest_epoch(ledger::LedgerReader& reader, NodeId node);
// The token with this digest.
[[nodiscard]] std::optional<TokenFacts> token_facts(ledger::LedgerReader& reader, const Hash& digest);

}  // namespace gatehouse::central
