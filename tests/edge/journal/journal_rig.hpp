// Journals of node 1 on a real directory or on a disk in memory, and what their tests write into them.
#pragma once

#include <doctest/doctest.h>

#include <optional>

#include "edge/journal/journal.hpp"
#include "tests/support/chain.hpp"
#include "tests/support/crash_vfs.hpp"
#include "tests/support/result_printing.hpp"

namespace gatehouse::test {

inline edge::JournalOptions real_options() {
    edge::JournalOptions options;
    options.ledger = test_ledger_options();
    options.node = NodeId{1};
    options.ballast_octets = 64 * 1024;
    options.reserve_octets = 1024;
    return options;
}

inline edge::JournalOptions options_on(const CrashDisk& disk) {
    auto options = real_options();
    options.files = false;
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
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

// A journal that has begun, on a disk in memory on which there is no room when a test says so.
struct SmallDisk {
    // Giving up the ballast makes room for so many octets.
    SmallDisk(const char* name, std::uint64_t ballast) : disk(name, 3) {
        auto options = options_on(disk);
        options.give_up_ballast = [this, ballast] {
            if (ballast > 0) disk.limit_size(disk.size() + ballast);
        };
        auto opened = edge::Journal::open("d", options);
        REQUIRE(opened);
        journal.emplace(std::move(*opened));
        booth.open_epoch();
        REQUIRE(journal->commit(own(booth, 0)));
    }
    void fill_up() {
        REQUIRE(journal->ledger().database().checkpoint(false));
        disk.limit_size(disk.size());
    }
    // Commits what `next` makes until there is no room for it.
    template <class Next>
    void commit_until_full(Next next) {
        for (int i = 0; i < 500; ++i) {
            const auto done = journal->commit(next());
            if (done) continue;
            CHECK(done.error().code == ErrorCode::storage_unavailable);
            CHECK(disk.refused_for_size() > 0);
            CHECK_FALSE(journal->stopped());
            CHECK_FALSE(journal->storage().room_for_sales);
            return;
        }
        FAIL("there was room for all of it");
    }
    edge::Work sale() {
        booth.sell(500);
        return own(booth, booth.records.size() - 1);
    }

    CrashDisk disk;
    Chain booth{NodeId{1}};
    std::optional<edge::Journal> journal;
};

}  // namespace gatehouse::test
