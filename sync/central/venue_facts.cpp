#include "sync/central/venue_facts.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::central {

std::vector<KnownNode> known_nodes(ledger::LedgerReader& reader) {
    std::vector<KnownNode> nodes;
    for (const auto& node : reader.nodes())
        if (node.node != central_node) nodes.push_back({node.node, node.name, false});
    for (const auto& revocation : reader.revocations())
        for (auto& node : nodes)
            if (node.node == revocation.body.node) node.revoked = true;
    return nodes;
}

std::vector<ExpectedNode> expected_nodes(ledger::LedgerReader& reader, const Presence& presence) {
    const auto connected = presence.connected();
    const auto contacts = presence.last_contact();
    const auto announced = presence.announced();
    std::vector<ExpectedNode> all;
    for (const auto& node : reader.nodes()) {
        if (node.node == central_node) continue;
        ExpectedNode one;
        one.node = node.node;
        one.name = node.name;
        if (const auto record = reader.record(node.enrolled)) one.enrolled = record->header.wall;
        for (const auto& [journal, seq] : announced)
            if (journal.node == node.node) one.announced.emplace(journal, seq);
        // Before it said how far it is, a connected node may still have anything.
        one.connected = connected.contains(node.node) && !one.announced.empty();
        if (const auto contact = contacts.find(node.node); contact != contacts.end())
            one.last_contact = contact->second;
        all.push_back(std::move(one));
    }
    for (const auto& revocation : reader.revocations())
        for (auto& node : all)
            if (node.node == revocation.body.node) node.revoked = true;
    return all;
}

std::map<SessionId, PoolFacts> pool_facts(ledger::LedgerReader& reader) {
    std::map<SessionId, PoolFacts> pools;
    for (const auto& grant : reader.grants(std::nullopt)) pools[grant.body.session].granted += grant.body.units;
    for (auto& [session, pool] : pools) pool.returned = reader.returned_units(session);
    for (const auto& [session, units] : reader.fenced_units()) pools[session].returned += units;
    return pools;
}

Epoch latest_epoch(ledger::LedgerReader& reader, NodeId node) {
    const auto state = reader.latest_journal(node);
    return state ? state->journal.epoch : Epoch{1};
}

std::optional<TokenFacts> token_facts(ledger::LedgerReader& reader, const Hash& digest) {
    for (const auto& [issued_at, issued] : reader.enrolment_tokens()) {
        if (issued.token_digest != digest) continue;
        const auto after = [&, at = issued_at](const ledger::NodeFacts& node) {
            return node.name == issued.name && node.enrolled.node == central_node && node.enrolled > at;
        };
        return TokenFacts{issued, std::ranges::any_of(reader.nodes(), after)};
    }
    return std::nullopt;
}

}  // namespace gatehouse::central
