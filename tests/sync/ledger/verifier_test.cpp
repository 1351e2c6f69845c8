#include "sync/ledger/verifier.hpp"

#include <doctest/doctest.h>

#include "sync/ledger/row_access.hpp"
#include "tests/support/ledger_fixture.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

constexpr JournalId booth_journal{NodeId{1}, Epoch{1}};

Chain make_booth(MemoryLedger& at) {
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 20; ++i) booth.sell(1);
    store(*at.ledger, booth.records);
    REQUIRE(at.ledger->begin());
    REQUIRE(at.ledger->store_head(booth.head()));
    REQUIRE(at.ledger->commit());
    return booth;
}

std::optional<VerifyFault> verify(MemoryLedger& at, Seq after = Seq{0}, std::uint64_t* signatures = nullptr) {
    auto reader = at.reader();
    Verifier verifier{reader, test_venue(), *reader.journal(booth_journal), after,
                      [](NodeId node) { return test_key(node).public_key(); }};
    while (verifier.step(7)) {
    }
    if (signatures != nullptr) *signatures = verifier.signatures_judged();
    return verifier.fault();
}

}  // namespace

TEST_CASE("a good journal is verified to its head, with the owner's signature") {
    MemoryLedger at;
    make_booth(at);
    std::uint64_t signatures = 0;
    CHECK_FALSE(verify(at, Seq{0}, &signatures));
    CHECK(signatures == 1);
    CHECK_FALSE(verify(at, Seq{11}));
    CHECK_FALSE(verify(at, Seq{21}));
}

TEST_CASE("one changed octet is found, and named") {
    MemoryLedger at;
    auto booth = make_booth(at);
    auto bytes = booth.records[9].stored;
    bytes.back() ^= 1U;
    bytes[bytes.size() - 20] ^= 1U;
    auto& database = at.ledger->database();
    auto update = database.prepare("UPDATE journal SET stored = ? WHERE ref = ?");
    REQUIRE(update.bind(ByteView{bytes}).bind(to_key(booth.records[9].ref())).run());
    const auto fault = verify(at);
    REQUIRE(fault);
    CHECK(fault->at.seq.value >= 10);
    CHECK(fault->at.seq.value <= 11);
}

TEST_CASE("a missing record is found") {
    MemoryLedger at;
    make_booth(at);
    REQUIRE(
        at.ledger->database().execute("DELETE FROM journal WHERE ref = (SELECT ref FROM journal LIMIT 1 OFFSET 5)"));
    const auto fault = verify(at);
    REQUIRE(fault);
    CHECK(fault->at.seq == Seq{6});
    CHECK(fault->what == "the record is missing");
}

TEST_CASE("a tail that was cut off is found by the head") {
    MemoryLedger at;
    make_booth(at);
    REQUIRE(at.ledger->database().execute("DELETE FROM journal WHERE ref = (SELECT max(ref) FROM journal)"));
    CHECK(verify(at));
}

TEST_CASE("a head that somebody else signed is found") {
    MemoryLedger at;
    auto booth = make_booth(at);
    auto forged = sign_head(test_key(NodeId{2}), test_venue(), booth_journal, Seq{21}, booth.last().hash);
    REQUIRE(at.ledger->begin());
    REQUIRE(at.ledger->store_head(forged));
    REQUIRE(at.ledger->commit());
    const auto fault = verify(at);
    REQUIRE(fault);
    CHECK(fault->what == "the head's signature is wrong");
}

TEST_CASE("records are found that no journal's row tells of") {
    MemoryLedger at;
    const auto booth = make_booth(at);
    Chain gate{NodeId{2}};
    gate.open_epoch();
    store(*at.ledger, gate.records);
    auto reader = at.reader();
    CHECK_FALSE(unlisted_record(reader, std::nullopt));
    auto& database = at.ledger->database();
    REQUIRE(database.prepare("UPDATE stream SET seq = 19 WHERE id = ?").bind(journal_key(booth_journal)).run());
    auto found = unlisted_record(reader, std::nullopt);
    REQUIRE(found);
    CHECK(found->at == RecordRef{NodeId{1}, Epoch{1}, Seq{20}});
    CHECK(unlisted_record(reader, NodeId{1}));
    CHECK_FALSE(unlisted_record(reader, NodeId{2}));
    REQUIRE(database.prepare("UPDATE stream SET seq = 21 WHERE id = ?").bind(journal_key(booth_journal)).run());
    CHECK_FALSE(unlisted_record(reader, std::nullopt));
    REQUIRE(
        database.prepare("DELETE FROM stream WHERE id = ?").bind(journal_key(gate.records[0].ref().journal())).run());
    found = unlisted_record(reader, std::nullopt);
    REQUIRE(found);
    CHECK(found->at == gate.records[0].ref());
}
