// What the tests of a journal write into it.
#pragma once

#include "edge/journal/journal.hpp"
#include "tests/support/chain.hpp"

namespace gatehouse::test {

inline edge::JournalOptions real_options() {
    edge::JournalOptions options;
    options.ledger = test_ledger_options();
    options.node = NodeId{1};
    options.ballast_octets = 64 * 1024;
    options.reserve_octets = 1024;
    return options;
}

inline edge::Work own(const Chain& chain, std::size_t from) {
    edge::Work work;
    for (std::size_t i = from; i < chain.records.size(); ++i)
        work.own.push_back(std::make_shared<const ledger::Record>(chain.records[i]));
    return work;
}

inline edge::Work batch_of(const Chain& chain, std::size_t from) {
    edge::Work work;
    const auto first = chain.records.begin() + static_cast<std::ptrdiff_t>(from);
    work.foreign.push_back(
        {7, std::make_shared<const std::vector<ledger::Record>>(first, chain.records.end()), chain.head()});
    return work;
}

}  // namespace gatehouse::test
