#include "sync/ledger/migrations.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "schemas/ticket/ticket_code.hpp"
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
        // No record stands for these, so nothing may be there that has everything folded anew.
        REQUIRE(
            database->execute("DELETE FROM suspect; DELETE FROM parked; UPDATE sale SET shift = 0; "
                              "UPDATE refund SET shift = 0; DELETE FROM cash_move; DELETE FROM shift_close; "
                              "DELETE FROM print_resolved; DELETE FROM lease_received; INSERT INTO conflict VALUES "
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

TEST_CASE("redemptions of an older release become one for each use, with no more persons than were let in") {
    ScratchDirectory directory;
    const auto path = directory.path() / "ledger.db";
    std::filesystem::copy_file(std::filesystem::path{GATEHOUSE_SOURCE_DIR} / "tests/golden/ledger/schema-5.db", path);
    {
        auto database = Database::open(path, {});
        REQUIRE(database);
        // Each use as if a passage of it had been resolved at two nodes.
        REQUIRE(
            database->execute("INSERT INTO redemption SELECT ref, ref, persons FROM verdict WHERE decision = 0;"
                              "INSERT INTO redemption SELECT ref + 1000000, ref, 1 FROM verdict WHERE decision = 0"));
    }
    auto ledger = Ledger::open(path, test_ledger_options());
    REQUIRE(ledger);
    LedgerReader reader{ledger->database()};
    const auto told = Reports{reader, ledger->venue()}.redemptions("", 1000);
    REQUIRE(told.size() > 5);
    std::set<RecordRef> uses;
    for (const auto& use : told) {
        CHECK(uses.insert(use.verdict).second);
        CHECK(use.persons == std::get<Verdict>(reader.record(use.verdict).value().body).persons);
    }
}

TEST_CASE(
    "what an older release did not find about tickets without a sale and revoked sellers is found at the first open") {
    ScratchDirectory directory;
    const auto path = directory.path() / "ledger.db";
    const TicketId unsold{{NodeId{1}, Epoch{1}, Seq{70}}, 1};
    const auto state = [&] {
        auto ledger = Ledger::open(path, test_ledger_options());
        REQUIRE(ledger);
        return state_hash(ledger->database()).value();
    };
    {
        auto ledger = Ledger::open(path, test_ledger_options());
        REQUIRE(ledger);
        Chain central{central_node};
        central.open_epoch();
        central.add(NodeRevoked{NodeId{1}, Epoch{1}, Seq{80}, "stolen"});
        store(*ledger, central.records);
        for (const auto node : {NodeId{2}, NodeId{3}}) {
            Chain gate{node};
            gate.now.wall.value += 120'000;
            gate.open_epoch();
            gate.admit(unsold);
            store(*ledger, gate.records);
        }
        LedgerReader reader{ledger->database()};
        CHECK(Reports(reader, ledger->venue()).conflicts(true).size() == 2);
    }
    const auto judged = state();
    {
        auto database = Database::open(path, {});
        REQUIRE(database);
        REQUIRE(database->execute(
            "DELETE FROM conflict; DELETE FROM conflict_evidence; DROP TABLE product_room; "
            "ALTER TABLE suspect DROP COLUMN boot_ms; ALTER TABLE clock_correction DROP COLUMN began_ms; "
            "PRAGMA user_version=6"));
    }
    CHECK(state() == judged);
}

TEST_CASE("uses of tickets that took an order's place before this release are told to its seller by it") {
    ScratchDirectory directory;
    const auto path = directory.path() / "ledger.db";
    const auto told = [&] {
        auto ledger = Ledger::open(path, test_ledger_options());
        REQUIRE(ledger);
        LedgerReader reader{ledger->database()};
        std::map<RecordRef, std::uint32_t> persons;
        for (const auto& use : Reports{reader, ledger->venue()}.redemptions("", 1000))
            persons[use.verdict] += use.persons;
        return std::pair{persons, state_hash(ledger->database()).value()};
    };
    {
        auto ledger = Ledger::open(path, test_ledger_options());
        REQUIRE(ledger);
        Chain central{central_node};
        central.open_epoch();
        TicketId ticket{central.add(OrderImported{"OTA-1", "9", "ota", ProductId{"adult"}, 2, 3, {}, test_date}), 1};
        store(*ledger, central.records);
        Chain gate{NodeId{2}};
        gate.open_epoch();
        for (int replaced = 0; replaced < 3; ++replaced) {
            gate.admit(ticket, 2, Confirmation::at_once);
            gate.pass(gate.admit(ticket, 2), PassageOutcome::turned);
            gate.admit(ticket);  // nobody came
            TicketPayload payload;
            payload.id = {gate.next(), 1};
            payload.product = ProductId{"adult"};
            payload.zones = {ZoneId{"park"}};
            gate.add(Reissue{ClientId{}, ticket, encode_payload(payload).value(), "lost", std::nullopt});
            ticket = payload.id;
        }
        gate.admit({gate.sell(1), 1}, 1, Confirmation::at_once);
        store(*ledger, gate.records);
    }
    const auto today = told();
    CHECK(today.first.size() == 6);
    {
        auto database = Database::open(path, {});
        REQUIRE(database);
        REQUIRE(
            database->execute("DELETE FROM redemption WHERE verdict IN (SELECT ref FROM verdict WHERE sold >= 1 << 47);"
                              "DROP TABLE product_room; ALTER TABLE suspect DROP COLUMN boot_ms; "
                              "ALTER TABLE clock_correction DROP COLUMN began_ms; PRAGMA user_version=7"));
        auto left = database->prepare("SELECT count(*) FROM redemption");
        REQUIRE(left.step());
        REQUIRE(left.number(0) == 2);
    }
    CHECK(told() == today);
}

TEST_CASE("configurations and rooms of products that older releases did not note are noted by the first open") {
    for (const bool rebuilding : {false, true}) {
        CAPTURE(rebuilding);
        ScratchDirectory directory;
        const auto path = directory.path() / "ledger.db";
        const auto state = [&] {
            auto ledger = Ledger::open(path, test_ledger_options());
            REQUIRE(ledger);
            LedgerReader reader{ledger->database()};
            CHECK(reader.config_applied(NodeId{2}) == Hash{2});
            CHECK(Reports(reader, ledger->venue()).conflicts(true).empty());
            return state_hash(ledger->database()).value();
        };
        {
            auto ledger = Ledger::open(path, test_ledger_options());
            REQUIRE(ledger);
            Chain central{central_node};
            central.open_epoch();
            CataloguePublished published;
            published.catalogue.version = 1;
            Product pass;
            pass.id = ProductId{"adult"};
            pass.entries = 2;
            published.catalogue.products = {pass};
            central.add(published);
            store(*ledger, central.records);
            for (const auto node : {NodeId{2}, NodeId{3}}) {
                Chain gate{node};
                gate.open_epoch();
                gate.add(ConfigApplied{Hash{1}});
                gate.admit({{NodeId{1}, Epoch{1}, Seq{70}}, 1});
                gate.add(ConfigApplied{Hash{2}});
                store(*ledger, gate.records);
            }
        }
        const auto today = state();
        {
            auto database = Database::open(path, {});
            REQUIRE(database);
            REQUIRE(database->execute(
                "DELETE FROM control WHERE kind = 4; DROP TABLE product_room; "
                "ALTER TABLE suspect DROP COLUMN boot_ms; ALTER TABLE clock_correction DROP COLUMN began_ms; "
                "PRAGMA user_version=8"));
            if (rebuilding)
                REQUIRE(
                    database->execute("INSERT INTO progress VALUES ('rebuild', 0); UPDATE stream SET applied = 0; "
                                      "DELETE FROM control; DELETE FROM catalogue; DELETE FROM certificate; "
                                      "DELETE FROM verdict; DELETE FROM lane_day"));
        }
        CHECK(state() == today);
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
        // A rebuild keeps what others have read of redemptions; here all of it is to be found anew.
        REQUIRE(ledger->database().execute("DELETE FROM redemption"));
        REQUIRE(ledger->rebuild());
        CHECK(migrated.value() == state_hash(ledger->database()).value());
        LedgerReader reader{ledger->database()};
        CHECK(reader.journals().size() == 5);
        ++seen;
    }
    CHECK(seen == latest_schema());
}
