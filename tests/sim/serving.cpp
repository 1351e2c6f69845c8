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

}  // namespace gatehouse::sim
