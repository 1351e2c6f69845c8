#include "sync/central/ingest.hpp"

#include <doctest/doctest.h>

#include "sync/ledger/reader.hpp"
#include "tests/sync/central/central_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::central;
using namespace gatehouse::central::testing;

namespace {

const VenueId venue_id{1, 2, 3};
const JournalId from_booth{NodeId{7}, Epoch{1}};

SigningKey key_of(std::uint8_t octet) { return SigningKey::from_seed(Seed{octet}); }

// A chain as its owner writes it: record k opens shift k.
std::vector<Bytes> chain(std::size_t count, const std::string& window = "window-1") {
    std::vector<Bytes> stored;
    Hash prev = genesis_hash(venue_id, from_booth);
    for (std::size_t i = 1; i <= count; ++i) {
        Header header;
        header.node = from_booth.node;
        header.epoch = from_booth.epoch;
        header.seq = Seq{i};
        header.prev = prev;
        header.wall = WallTime{1'800'000'000'000};
        const auto record =
            ledger::make_record(header, ShiftOpened{ClientId{"s" + std::to_string(i)}, WindowName{window}, Minor{0}});
        prev = record.hash;
        stored.push_back(record.stored);
    }
    return stored;
}

sync::StoreBatch batch(const std::vector<Bytes>& all, std::size_t from, std::size_t to) {
    sync::StoreBatch b;
    b.generation = 3;
    b.journal = from_booth;
    b.first = Seq{from};
    b.records.assign(all.begin() + static_cast<std::ptrdiff_t>(from - 1),
                     all.begin() + static_cast<std::ptrdiff_t>(to));
    b.head = sign_head(key_of(7), venue_id, from_booth, Seq{to}, record_hash(b.records.back()));
    return b;
}

struct IngestRig {
    Folder folder;
    ledger::Ledger ledger = open();
    ledger::LedgerReader reader{ledger.database()};

    ledger::Ledger open() {
        ledger::LedgerOptions options;
        options.venue.id = venue_id;
        return std::move(*ledger::Ledger::open(folder.path() / "central.db", options));
    }
    Ingested take(const sync::StoreBatch& b) {
        REQUIRE(ledger.begin());
        auto result = ingest(ledger, key_of(0), b);
        REQUIRE(result);
        REQUIRE(ledger.commit());
        return *result;
    }
};

sync::BatchStored stored(const Ingested& result) { return std::get<sync::BatchStored>(result.answer); }
sync::Refusal refused(const Ingested& result) { return std::get<sync::BatchRefused>(result.answer).why; }

}  // namespace

TEST_CASE("a batch that continues its journal is stored, and acknowledged with central's signature") {
    IngestRig rig;
    const auto all = chain(5);
    const auto first = stored(rig.take(batch(all, 1, 3)));
    CHECK(first.accepted == 3);
    CHECK(first.up_to == Seq{3});
    CHECK(first.generation == 3);
    REQUIRE(first.receipt);
    CHECK(first.receipt->seq == Seq{3});
    CHECK(verify_receipt(key_of(0).public_key(), venue_id, *first.receipt));
    CHECK(stored(rig.take(batch(all, 4, 5))).receipt->seq == Seq{5});
    CHECK(rig.reader.journal(from_booth)->signed_head->seq == Seq{5});
}

TEST_CASE("what is held already is a duplicate, and the receipt is for all that is held") {
    IngestRig rig;
    const auto all = chain(5);
    rig.take(batch(all, 1, 5));
    const auto again = stored(rig.take(batch(all, 1, 3)));
    CHECK(again.duplicate == 3);
    CHECK(again.accepted == 0);
    CHECK(again.receipt->seq == Seq{5});
    const auto overlap = stored(rig.take(batch(chain(7), 4, 7)));
    CHECK(overlap.duplicate == 2);
    CHECK(overlap.accepted == 2);
}

TEST_CASE("a gap stores nothing") {
    IngestRig rig;
    CHECK(refused(rig.take(batch(chain(5), 3, 5))) == sync::Refusal::chain_broken);
    CHECK_FALSE(rig.reader.journal(from_booth));
}

TEST_CASE("a second history is kept as evidence, and no more of that epoch is taken") {
    IngestRig rig;
    rig.take(batch(chain(3), 1, 3));
    const auto other = chain(5, "window-2");
    CHECK(refused(rig.take(batch(other, 1, 3))) == sync::Refusal::journal_fork);
    CHECK(refused(rig.take(batch(chain(5), 4, 5))) == sync::Refusal::journal_fork);
    CHECK(rig.reader.journal(from_booth)->forked);
    CHECK(rig.reader.journal(from_booth)->head == Seq{3});
}

TEST_CASE("a record that cannot be projected is parked, named, and blocks nothing") {
    IngestRig rig;
    auto all = chain(1);
    Header header;
    header.node = from_booth.node;
    header.epoch = from_booth.epoch;
    header.seq = Seq{2};
    header.prev = record_hash(all.back());
    header.kind = Kind::sale;
    all.push_back(encode_record(header, view_of("no sale at all")));
    header.seq = Seq{3};
    header.prev = record_hash(all.back());
    all.push_back(ledger::make_record(header, NodeStarted{"0.1", true}).stored);
    const auto result = stored(rig.take(batch(all, 1, 3)));
    CHECK(result.accepted == 3);
    CHECK(result.parked == 1);
    REQUIRE(result.parked_records.size() == 1);
    CHECK(result.parked_records[0].seq == Seq{2});
    CHECK(result.receipt->seq == Seq{3});
}

TEST_CASE("records of another journal in a batch are refused") {
    IngestRig rig;
    auto b = batch(chain(2), 1, 2);
    b.journal.node = NodeId{8};
    CHECK(refused(rig.take(b)) == sync::Refusal::chain_broken);
    b = batch(chain(2), 1, 2);
    b.records[1] = bytes_of("garbage");
    CHECK(refused(rig.take(b)) == sync::Refusal::chain_broken);
}
