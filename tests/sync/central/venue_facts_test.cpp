#include "sync/central/venue_facts.hpp"

#include <doctest/doctest.h>

#include "schemas/records/codec.hpp"
#include "schemas/records/lease_extension.hpp"
#include "tests/support/ledger_fixture.hpp"

using namespace gatehouse;
using namespace gatehouse::central;
using namespace gatehouse::test;

namespace {

const SessionId noon{"noon"};

// A booth that was leased ten units of a session, sold four of them, and took one ticket back.
struct DeadBooth {
    DeadBooth() {
        central.open_epoch();
        booth.open_epoch();
        const auto grant = central.add(LeaseGranted{NodeId{1}, noon, 10});
        booth.add(LeaseReceived{grant, noon, 10});
        const auto sold = booth.sell(2, 2, 1, noon.value);
        booth.refund({sold, 1});
    }
    void revoke(std::uint64_t last, Epoch epoch = Epoch{1}) {
        central.add(NodeRevoked{NodeId{1}, epoch, Seq{last}, "burnt"});
    }
    // By central's own journal and so many of the booth's records.
    std::uint64_t returned(std::size_t held) {
        MemoryLedger at;
        store(*at.ledger, central.records);
        store(*at.ledger, {booth.records.begin(), booth.records.begin() + static_cast<std::ptrdiff_t>(held)});
        auto reader = at.reader();
        const auto pools = pool_facts(reader);
        CHECK(pools.at(noon).granted >= 10);
        return pools.at(noon).returned;
    }

    Chain central{central_node};
    Chain booth{NodeId{1}};
};

}  // namespace

TEST_CASE("a revoked node whose journal is held up to its last trusted record gives back what it has not sold") {
    DeadBooth dead;
    CHECK(dead.returned(4) == 2);  // the refunded ticket's persons
    dead.revoke(4);
    CHECK(dead.returned(4) == 2 + 6);
}

TEST_CASE("a revoked node whose journal is not held whole gives nothing back") {
    DeadBooth dead;
    dead.revoke(4);
    CHECK(dead.returned(0) == 0);
    CHECK(dead.returned(3) == 0);
}

TEST_CASE("what a revoked node is known to have sold after its last trusted record is sold") {
    DeadBooth dead;
    dead.revoke(4);
    dead.booth.sell(1, 5, 1, noon.value);
    CHECK(dead.returned(5) == 2 + 1);
    dead.booth.sell(1, 5, 1, noon.value);  // beyond its lease
    CHECK(dead.returned(6) == 2);
}

TEST_CASE(
    "a journal that no revocation names keeps its units: an earlier one may have lost sales, a later one goes on") {
    DeadBooth dead;
    const auto later = dead.central.add(LeaseGranted{NodeId{1}, noon, 3});
    dead.central.records.back() = ledger::make_record(dead.central.records.back().header,
                                                      dead.central.records.back().body, lease_extension(Epoch{2}));
    dead.central.now.prev = dead.central.records.back().hash;
    CHECK(later == dead.central.records.back().ref());
    dead.revoke(0, Epoch{2});
    CHECK(dead.returned(4) == 2 + 3);
    dead.revoke(4);
    CHECK(dead.returned(4) == 2 + 3 + 6);
}

TEST_CASE("of two revocations of one journal the one that trusts less says how far it must be held") {
    DeadBooth dead;
    dead.revoke(900);
    CHECK(dead.returned(4) == 2);
    dead.revoke(4);
    CHECK(dead.returned(4) == 2 + 6);
}

TEST_CASE("a journal with a record that could not be read gives nothing back: it may have been a sale") {
    DeadBooth dead;
    auto header = dead.booth.now;
    header.kind = Kind::sale;
    dead.booth.records.push_back(ledger::read_record(encode_record(header, Bytes{1, 2, 3})).value());
    dead.revoke(5);
    CHECK(dead.returned(5) == 2);
}
