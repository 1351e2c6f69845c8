#include "sync/ledger/export.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "sync/ledger/row_access.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/record_samples.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

TEST_CASE("an export has a line for every record, from which the chain can be computed again") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (const auto& body : record_samples()) booth.add(body);
    store(*at.ledger, booth.records);
    std::vector<boost::json::object> lines;
    auto reader = at.reader();
    const auto count = export_journals(reader, {}, [&](std::string_view line) {
        CHECK(line.find('\n') == std::string_view::npos);
        lines.push_back(boost::json::parse({line.data(), line.size()}).as_object());
        return true;
    });
    REQUIRE(count);
    REQUIRE(lines.size() == booth.records.size());
    std::string prev = to_hex(genesis_hash(test_venue(), {NodeId{1}, Epoch{1}}));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& line = lines[i];
        CHECK(line.at("seq").to_number<std::uint64_t>() == i + 1);
        CHECK(line.at("node_name").as_string() == "node-1");
        CHECK(line.at("prev").as_string() == prev);
        prev = line.at("hash").as_string();
        if (line.at("kind").as_string() != "catalogue_published") {
            const auto stored = from_hex(line.at("stored").as_string());
            REQUIRE(stored);
            CHECK(to_hex(record_hash(*stored)) == prev);
        }
        CHECK_FALSE(line.at("body").is_null());
    }
}

TEST_CASE("an export shows no PIN hash") {
    MemoryLedger at;
    Chain central{central_node};
    CataloguePublished published;
    published.catalogue.version = 1;
    published.catalogue.operators.push_back({OperatorName{"amy"}, {Role::clerk}, "$argon2id$secret"});
    central.add(published);
    store(*at.ledger, central.records);
    auto reader = at.reader();
    std::string text;
    REQUIRE(export_journals(reader, {}, [&](std::string_view line) {
        text += line;
        return true;
    }));
    CHECK(text.find("argon2") == std::string::npos);
    CHECK(text.find(to_hex(bytes_of("argon2"))) == std::string::npos);
    CHECK(text.find("\"stored\":null") != std::string::npos);
}

TEST_CASE("an export of one node begins where it is asked to") {
    MemoryLedger at;
    for (const NodeId node : {NodeId{1}, NodeId{2}}) {
        Chain chain{node};
        chain.open_epoch();
        for (int i = 0; i < 4; ++i) chain.sell(1);
        store(*at.ledger, chain.records);
    }
    auto reader = at.reader();
    std::size_t lines = 0;
    REQUIRE(export_journals(reader, {NodeId{2}, std::nullopt, Seq{4}, std::nullopt}, [&](std::string_view line) {
        ++lines;
        CHECK(line.find("\"node\":2") != std::string_view::npos);
        return true;
    }));
    CHECK(lines == 2);
    CHECK(export_journals(reader, {}, [&](std::string_view) { return ++lines < 5; }).value() ==
          3);  // no more is wanted
    CHECK(lines == 5);
}

TEST_CASE("an export ends with a fault where a record is missing") {
    MemoryLedger at;
    Chain booth{NodeId{1}};
    booth.open_epoch();
    for (int i = 0; i < 4; ++i) booth.sell(1);
    store(*at.ledger, booth.records);
    auto gone = at.ledger->database().prepare("DELETE FROM journal WHERE ref = ?");
    REQUIRE(gone.bind(to_key(booth.records[2].ref())).run());
    auto reader = at.reader();
    std::size_t lines = 0;
    const auto done = export_journals(reader, {}, [&](std::string_view) {
        ++lines;
        return true;
    });
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::chain_broken);
    CHECK(done.error().detail.starts_with(to_string(booth.records[2].ref())));
    CHECK(lines == 2);
}
