// A venue's journals at random: every kind of record, referring to each other across nodes, sensibly and not.
#pragma once

#include <random>
#include <vector>

#include "tests/support/chain.hpp"

namespace gatehouse::test {

class RandomVenue {
public:
    RandomVenue(std::uint64_t seed, int records);

    std::vector<Chain> chains;  // central's first
    // All records in a random order that keeps each journal's own.
    [[nodiscard]] std::vector<const ledger::Record*> interleaved(std::uint64_t seed) const;

private:
    void add_central(Chain& chain);
    void add_at_node(Chain& chain);
    void add_window(Chain& chain, std::uint64_t what);
    void add_gate(Chain& chain, std::uint64_t what);
    void add_rare(Chain& chain, std::uint64_t what);
    void publish(Chain& chain);
    void sell(Chain& chain);
    void refund(Chain& chain);
    void change_clock(Chain& chain);
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    [[nodiscard]] std::uint16_t few(std::uint64_t limit) { return static_cast<std::uint16_t>(1 + below(limit)); }
    [[nodiscard]] TicketId some_ticket();
    [[nodiscard]] RecordRef some(const std::vector<RecordRef>& refs);
    // That the chain's node wrote; `mostly` does not always keep to it.
    [[nodiscard]] RecordRef some_own(const std::vector<RecordRef>& refs, const Chain& chain, bool mostly = false);

    std::mt19937_64 random_;
    std::vector<TicketId> tickets_;
    std::vector<RecordRef> verdicts_;
    std::vector<RecordRef> shifts_;
    std::vector<RecordRef> jobs_;
    std::vector<RecordRef> grants_;
    std::uint64_t version_ = 0;
};

}  // namespace gatehouse::test
