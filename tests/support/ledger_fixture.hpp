// A ledger on a disk in memory, for one test.
#pragma once

#include <doctest/doctest.h>

#include <optional>

#include "sync/ledger/ledger.hpp"
#include "sync/ledger/reader.hpp"
#include "tests/support/chain.hpp"
#include "tests/support/crash_vfs.hpp"
#include "tests/support/result_printing.hpp"

namespace gatehouse::test {

struct MemoryLedger {
    explicit MemoryLedger(std::uint64_t seed = 1) : disk("memory-ledger-" + std::to_string(++count), seed) { open(); }

    void open() {
        auto options = test_ledger_options();
        options.database.vfs = disk.vfs_name();
        options.database.exclusive = true;
        auto opened = ledger::Ledger::open("ledger.db", options);
        REQUIRE(opened);
        ledger.emplace(std::move(*opened));
    }
    [[nodiscard]] ledger::LedgerReader reader() { return ledger::LedgerReader{ledger->database()}; }
    [[nodiscard]] Hash state() { return ledger::state_hash(ledger->database()).value(); }

    static inline int count = 0;
    CrashDisk disk;
    std::optional<ledger::Ledger> ledger;
};

}  // namespace gatehouse::test
