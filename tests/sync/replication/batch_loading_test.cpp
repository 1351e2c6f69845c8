#include "sync/replication/batch_loading.hpp"

#include "tests/support/ledger_fixture.hpp"

using namespace gatehouse;
using namespace gatehouse::sync;
using namespace gatehouse::test;

namespace {

// A booth's journal of records with `octets` octets each, as it came to a relay: live, a head with every record.
struct Relay : MemoryLedger {
    Relay(std::size_t records, std::size_t octets) {
        booth.open_epoch();
        for (std::size_t i = 1; i < records; ++i)
            booth.add(LaneModeSet{LaneName{"lane-1"}, LaneMode::normal, std::string(octets, 'x')});
        for (const auto& record : booth.records) {
            REQUIRE(ledger->begin());
            REQUIRE(ledger->append(record));
            const auto& at = record.header;
            REQUIRE(ledger->store_head(
                sign_head(test_key(at.node), test_venue(), at.ref().journal(), at.seq, record.hash)));
            REQUIRE(ledger->commit());
        }
    }
    [[nodiscard]] LoadBatch wanted(std::uint64_t from) const {
        LoadBatch load{1, booth.last().ref().journal(), Seq{from}, {}, 512, 256U * 1024U, booth.head()};
        return load;
    }
    // Batches that take everything from `from` on.
    std::size_t batches(std::uint64_t from, const SigningKey* owner) {
        auto from_ledger = reader();
        std::size_t loads = 0;
        while (from <= booth.records.size()) {
            const auto loaded = load_batch(from_ledger, test_venue(), wanted(from), owner);
            REQUIRE_FALSE(loaded.records.empty());
            REQUIRE(loaded.head.seq.value == from + loaded.records.size() - 1);
            CHECK(verify_head(test_key(NodeId{1}).public_key(), test_venue(), loaded.head));
            std::size_t octets = 0;
            for (const auto& record : loaded.records) octets += record.size() + 4;
            CHECK(octets <= largest_batch - 1024);
            from = loaded.head.seq.value + 1;
            ++loads;
        }
        return loads;
    }

    Chain booth{NodeId{1}};
};

}  // namespace

TEST_CASE("a relay serves everything from anywhere, however large the records are") {
    for (const auto& [records, octets] : {std::pair<std::size_t, std::size_t>{300, 100}, {60, 100'000}, {9, 400'000}}) {
        Relay relay{records, octets};
        CAPTURE(octets);
        for (std::uint64_t from = 1; from <= records; from += 7) CHECK(relay.batches(from, nullptr) > 0);
    }
}

TEST_CASE("small records fill a relay's batch as far as kept heads let them") {
    Relay relay{300, 100};
    CHECK(relay.batches(1, nullptr) == 1);
}

TEST_CASE("an owner ends a batch where its octets say, and signs there") {
    Relay relay{60, 100'000};
    const auto key = test_key(NodeId{1});
    CHECK(relay.batches(1, &key) >= 20);
    auto reader = relay.reader();
    auto resync = relay.wanted(1);
    resync.to = Seq{2};
    CHECK(load_batch(reader, test_venue(), resync, &key).head.seq == Seq{2});
}

TEST_CASE("beyond the newest signed head there is nothing") {
    Relay relay{3, 10};
    auto reader = relay.reader();
    CHECK(load_batch(reader, test_venue(), relay.wanted(4), nullptr).records.empty());
}
