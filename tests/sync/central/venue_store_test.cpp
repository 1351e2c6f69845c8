#include "sync/central/venue_store.hpp"

#include <atomic>
#include <future>

#include "sync/ledger/disk_failure.hpp"
#include "tests/sync/central/central_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::central;
using namespace gatehouse::central::testing;

namespace {

// A store of a fresh venue, without a server round it.
struct StoreRig {
    StoreRig() {
        settings.data_dir = folder.path() / "data";
        settings.database = settings.data_dir / "central.db";
        settings.venue_name = "V";
        settings.time_zone = "UTC";
        settings.currency = "EUR";
        REQUIRE(init_venue(settings));
        identity.emplace(std::move(*load_identity(identity_folder(settings))));
        open();
    }
    [[nodiscard]] StoreOptions options() const {
        StoreOptions options;
        options.database = settings.database;
        options.behind_note = settings.data_dir / "behind";
        options.venue.id = identity->venue;
        return options;
    }
    void open() {
        store.reset();
        auto opened = VenueStore::open(options(), *identity);
        REQUIRE(opened);
        store = std::move(*opened);
        StoreCallbacks callbacks;
        callbacks.broken = [this](const Error&) { broken = true; };
        store->start(std::move(callbacks));
    }
    // What `job` comes to, after the commit.
    Result<void> run(std::function<void(Writing&)> job) {
        std::promise<Result<void>> outcome;
        store->submit(
            [&](Writing& writing) -> Committed {
                job(writing);
                return [&](const Result<void>& committed) { outcome.set_value(committed); };
            },
            [&](const Error& why) { outcome.set_value(why); });
        return outcome.get_future().get();
    }
    // Revokes a ticket; the outcome after the commit.
    Result<void> revoke(const std::string& ticket) {
        return run([&](Writing& writing) { CHECK(append(writing, ticket)); });
    }
    static Result<ledger::Record> append(Writing& writing, const std::string& ticket) {
        return writing.journal.append(writing.ledger, TicketRevoked{*parse_ticket_id(ticket), "lost"},
                                      OperatorName{"admin"}, writing.clock);
    }
    Folder folder;
    Settings settings;
    std::optional<Identity> identity;
    std::atomic<bool> broken{false};
    std::unique_ptr<VenueStore> store;
};

}  // namespace

TEST_CASE("a command is answered after its commit, and is there after a restart") {
    StoreRig rig;
    REQUIRE(rig.revoke("1-1-5-1"));
    rig.open();
    auto reader = ledger::LedgerReader::open(rig.settings.database);
    REQUIRE(reader);
    const auto state = reader->journal({central_node, Epoch{1}});
    CHECK(state->head == Seq{3});
    CHECK(state->signed_head->seq == Seq{3});
    CHECK(verify_head(rig.identity->signing.public_key(), rig.identity->venue, *state->signed_head));
    CHECK(reader->ticket(*parse_ticket_id("1-1-5-1")).revocations.size() == 1);
}

TEST_CASE("an older copy of the database appends nothing behind what the venue knows, also after a restart") {
    StoreRig rig;
    rig.store->fell_behind({central_node, Epoch{1}, Seq{9}}, Hash{4});
    CHECK_FALSE(rig.store->is_writable());
    const auto refused = rig.revoke("1-1-5-1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::storage_unavailable);
    rig.open();
    CHECK_FALSE(rig.revoke("1-1-5-1"));
}

TEST_CASE("once the database has the record that was missing, it is written to again") {
    StoreRig rig;
    auto reader = ledger::LedgerReader::open(rig.settings.database);
    REQUIRE(reader);
    const auto record = reader->record({central_node, Epoch{1}, Seq{2}});
    REQUIRE(record);
    rig.store->fell_behind(record->ref(), record->hash);
    rig.open();
    CHECK(rig.revoke("1-1-5-1"));
    rig.open();
    CHECK(rig.store->is_writable());
}

TEST_CASE("a command that finds the disk full is refused, and the store goes on when there is room") {
    StoreRig rig;
    const auto refused = rig.run([](Writing& writing) {
        REQUIRE(writing.ledger.database().execute("PRAGMA max_page_count = 1"));  // no page more than there are
        bool full = false;
        for (int i = 1; i < 5'000 && !full; ++i) full = !StoreRig::append(writing, "1-1-" + std::to_string(i) + "-1");
        CHECK(full);
        REQUIRE(writing.ledger.database().execute("PRAGMA max_page_count = 4294967294"));
    });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::storage_unavailable);
    CHECK_FALSE(rig.broken);
    CHECK(rig.store->is_writable());
    CHECK(rig.revoke("1-1-5-1"));
}

TEST_CASE("after a write that failed the next start reads every journal back, and takes no damaged one") {
    StoreRig rig;
    REQUIRE(rig.revoke("1-1-5-1"));
    const ledger::DiskFailure failure{rig.settings.database};
    CHECK_FALSE(rig.run([](Writing& writing) {
        CHECK_FALSE(writing.ledger.database().execute("INSERT INTO no_such_table VALUES (1)"));
    }));
    CHECK(rig.broken);
    CHECK(failure.has_failed());
    rig.open();
    CHECK_FALSE(failure.has_failed());
    CHECK(rig.revoke("1-1-6-1"));

    rig.store.reset();
    {
        auto database = ledger::Database::open(rig.settings.database, {});
        REQUIRE(database);
        REQUIRE(
            database->execute("UPDATE journal SET stored = (SELECT stored FROM journal LIMIT 1 OFFSET 1) "
                              "WHERE ref = (SELECT ref FROM journal LIMIT 1 OFFSET 2)"));
    }
    CHECK(VenueStore::open(rig.options(), *rig.identity));  // nobody looks without a reason
    failure.note();
    const auto opened = VenueStore::open(rig.options(), *rig.identity);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::chain_broken);
    CHECK(failure.has_failed());
}

TEST_CASE("what waits when the store stops is written, and nothing is taken afterwards") {
    StoreRig rig;
    CHECK(rig.revoke("1-1-5-1"));
    rig.store->stop();
    CHECK(rig.revoke("1-1-6-1").error().code == ErrorCode::storage_unavailable);
}
