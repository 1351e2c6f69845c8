#include "sync/ledger/migrations.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "sync/ledger/reports.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/random_venue.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

TEST_CASE("a database of a newer release is not touched") {
    ScratchDirectory directory;
    const auto path = directory.path() / "ledger.db";
    REQUIRE(Ledger::open(path, test_ledger_options()));
    {
        auto database = Database::open(path, {});
        REQUIRE(database);
        REQUIRE(database->execute("PRAGMA user_version=9999"));
    }
    const auto opened = Ledger::open(path, test_ledger_options());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::schema_newer);
}

TEST_CASE("a process that dies while the schema is made leaves an old one or a new one, never half of one") {
    for (std::uint64_t n = 1; n < 400; ++n) {
        CAPTURE(n);
        CrashDisk disk{"migrations", n};
        auto options = test_ledger_options();
        options.database.vfs = disk.vfs_name();
        options.database.exclusive = true;
        disk.die_at_operation(n);
        static_cast<void>(Ledger::open("ledger.db", options));
        if (!disk.dead()) return;
        static_cast<void>(disk.cut_power());
        auto ledger = Ledger::open("ledger.db", options);
        REQUIRE(ledger);
        Chain booth{NodeId{1}};
        booth.open_epoch();
        store(*ledger, booth.records);
    }
}

// tests/golden/ledger/schema-N.db was written by the release that brought schema N; each comes to the tables that
// today's fold makes of its records.
TEST_CASE("a database of every released schema is migrated, and answers as if it had been written today") {
    const std::filesystem::path golden = std::filesystem::path{GATEHOUSE_SOURCE_DIR} / "tests/golden/ledger";
    if (std::getenv("GATEHOUSE_WRITE_GOLDEN") != nullptr) {
        const auto path = golden / ("schema-" + std::to_string(latest_schema()) + ".db");
        std::filesystem::create_directories(golden);
        std::filesystem::remove(path);
        auto ledger = Ledger::open(path, test_ledger_options());
        REQUIRE(ledger);
        const RandomVenue venue{1, 120};
        for (const auto& chain : venue.chains) store(*ledger, chain.records);
        REQUIRE(ledger->database().checkpoint(true));
    }
    std::uint32_t seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator{golden}) {
        if (entry.path().extension() != ".db") continue;
        CAPTURE(entry.path().filename().string());
        ScratchDirectory directory;
        const auto path = directory.path() / "ledger.db";
        std::filesystem::copy_file(entry.path(), path);
        auto ledger = Ledger::open(path, test_ledger_options());
        REQUIRE(ledger);
        const auto migrated = state_hash(ledger->database());
        REQUIRE(ledger->rebuild());
        CHECK(migrated.value() == state_hash(ledger->database()).value());
        LedgerReader reader{ledger->database()};
        CHECK(reader.journals().size() == 5);
        ++seen;
    }
    CHECK(seen == latest_schema());
}
