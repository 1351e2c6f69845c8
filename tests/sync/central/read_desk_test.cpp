#include "sync/central/read_desk.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/chain.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::central;
using namespace gatehouse::test;

TEST_CASE("a read that fails is told of once, after whoever met it has its answer") {
    ScratchDirectory directory;
    const auto path = directory.path() / "central.db";
    REQUIRE(ledger::Ledger::open(path, test_ledger_options()));
    std::vector<ledger::Fault> told;
    std::vector<std::size_t> told_before;  // each answer
    auto desk = ReadDesk::open(path, test_ledger_options().venue, [&](ledger::Fault fault) { told.push_back(fault); });
    REQUIRE(desk);
    const auto read = [&](const char* sql) {
        CHECK((*desk)->submit([&, sql](Reading& reading) {
            static_cast<void>(reading.reader.database().prepare(sql).step());
            told_before.push_back(told.size());
        }));
    };
    read("SELECT count(*) FROM journal");
    read("SELECT count(*) FROM gone");  // as a page that cannot be read
    read("SELECT count(*) FROM journal");
    (*desk)->stop();
    CHECK(told == std::vector{ledger::Fault::corrupt});
    CHECK(told_before == std::vector<std::size_t>{0, 0, 1});
}
