#include "sync/central/completeness.hpp"

#include <algorithm>

namespace gatehouse::central {

namespace {

struct Held {
    bool has_date = false;
    NodeCompleteness state;
};

Seq known_of(const ledger::JournalCompleteness& journal, const ExpectedNode& node) {
    const auto announced = node.announced.find(journal.journal);
    const auto known = std::max(journal.known, journal.received);
    return announced == node.announced.end() ? known : std::max(known, announced->second);
}

void add(NodeCompleteness& state, Epoch epoch, Seq known, Seq received) {
    state.missing_records += known.value - std::min(known.value, received.value);
    if (epoch < state.epoch) return;
    state.epoch = epoch;
    state.known = known;
    state.received = received;
}

Held gather(const ExpectedNode& node, std::span<const ledger::JournalCompleteness> journals) {
    Held held;
    auto& state = held.state;
    state.node = node.node;
    state.name = node.name;
    state.connected = node.connected;
    state.last_known = node.last_contact;
    for (const auto& journal : journals) {
        if (journal.journal.node != node.node) continue;
        held.has_date = held.has_date || journal.has_date;
        add(state, journal.journal.epoch, known_of(journal, node), journal.received);
        if (journal.received.value > 0)
            state.last_known = std::max(state.last_known.value_or(journal.last_wall), journal.last_wall);
    }
    // Journals that were only announced so far.
    for (const auto& [id, known] : node.announced) {
        const auto listed = [&](const ledger::JournalCompleteness& j) { return j.journal == id; };
        if (id.node == node.node && std::ranges::none_of(journals, listed)) add(state, id.epoch, known, Seq{0});
    }
    return held;
}

}  // namespace

std::size_t Completeness::complete_nodes() const {
    return static_cast<std::size_t>(std::ranges::count(nodes, true, &NodeCompleteness::complete));
}

Completeness judge_completeness(Date business_date, const VenueCalendar& calendar, std::span<const ExpectedNode> nodes,
                                std::span<const ledger::JournalCompleteness> journals) {
    Completeness all;
    all.business_date = business_date;
    const auto day = calendar.business_day(business_date);
    for (const auto& node : nodes) {
        auto [has_date, state] = gather(node, journals);
        if (!has_date && (node.revoked || node.enrolled >= day.end)) continue;
        // A clock that was ahead once must not say that the date is over.
        WallTime last_trusted{};
        for (const auto& journal : journals)
            if (journal.journal.node == node.node) last_trusted = std::max(last_trusted, journal.last_trusted);
        const bool went_on = last_trusted >= day.end;
        state.complete = state.missing_records == 0 && (went_on || node.connected);
        all.nodes.push_back(std::move(state));
    }
    std::ranges::sort(all.nodes, {}, &NodeCompleteness::node);
    return all;
}

}  // namespace gatehouse::central
