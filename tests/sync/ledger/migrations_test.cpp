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

TEST_CASE("what an older release said of a conflict in English is read into facts") {
    ScratchDirectory directory;
    const auto path = directory.path() / "ledger.db";
    std::filesystem::copy_file(std::filesystem::path{GATEHOUSE_SOURCE_DIR} / "tests/golden/ledger/schema-3.db", path);
    {
        auto database = Database::open(path, {});
        REQUIRE(database);
        REQUIRE(
            database->execute("INSERT INTO conflict VALUES "
                              "('duplicate_refund-9-1-4-2', 1, '9-1-4-2', 6000, 'first refund 12-3-99', 1),"
                              "('oversold-noon', 4, 'noon', 6000, 'beyond the capacity by 31', 1),"
                              "('price_differs-9-1-5', 6, '9-1-5', 500, 'adult: 6000 instead of 6500', 1)"));
    }
    auto ledger = Ledger::open(path, test_ledger_options());
    REQUIRE(ledger);
    LedgerReader reader{ledger->database()};
    Reports reports{reader, ledger->venue()};
    const auto facts = [&](const std::string& id) { return reports.conflict(id).value().facts; };
    const auto ref = [](std::uint16_t node, std::uint32_t epoch, std::uint64_t seq) {
        return RecordRef{NodeId{node}, Epoch{epoch}, Seq{seq}};
    };
    CHECK(facts("duplicate_refund-9-1-4-2") == ConflictFacts{RefundedAgain{{ref(9, 1, 4), 2}, ref(12, 3, 99)}});
    CHECK(facts("oversold-noon") == ConflictFacts{UnitsBeyond{SessionId{"noon"}, std::nullopt, 31}});
    CHECK(facts("price_differs-9-1-5") ==
          ConflictFacts{PriceDiffers{ref(9, 1, 5), ProductId{"adult"}, Minor{6000}, Minor{6500}}});
    // Of the file itself.
    CHECK(facts("duplicate_admission-1-1-7-2") == ConflictFacts{PersonsBeyond{{ref(1, 1, 7), 2}, 2, ref(2, 1, 8)}});
    CHECK(facts("admitted_after_revocation-2-1-3-1") ==
          ConflictFacts{AdmittedRevoked{{ref(2, 1, 3), 1}, ref(1, 1, 3)}});
    CHECK(facts("oversold-morning@1") == ConflictFacts{UnitsBeyond{SessionId{"morning"}, NodeId{1}, 6}});
    CHECK(facts("unknown_product-3-1-5") == ConflictFacts{ProductUnknown{ref(3, 1, 5), ProductId{"gone"}}});
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
