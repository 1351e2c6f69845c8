// A small venue's journals and the ledger that holds them: for tests of what is found when they are laid side by side.
#pragma once

#include <vector>

#include "sync/ledger/reports.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace gatehouse::test {

struct VenueChains {
    VenueChains() {
        for (auto* chain : {&central, &booth, &gate_a, &gate_b}) chain->open_epoch();
    }
    // Central's catalogue `version`: adults at `price`, and at noon a session for `capacity` of them.
    void publish(std::uint64_t version, Minor price, std::uint32_t capacity) {
        CataloguePublished published;
        published.catalogue.version = version;
        Product adult;
        adult.id = ProductId{"adult"};
        adult.price = price;
        adult.zones = {ZoneId{"park"}};
        published.catalogue.products = {adult};
        published.catalogue.sessions = {
            {SessionId{"noon"}, adult.id, test_noon, WallTime{test_noon.value + 3'600'000}, capacity, 0}};
        central.add(published);
    }

    Chain central{central_node};
    Chain booth{NodeId{1}};
    Chain gate_a{NodeId{2}};
    Chain gate_b{NodeId{3}};
};

struct ConflictVenue : VenueChains {
    void store_all() {
        for (const auto* chain : {&central, &booth, &gate_a, &gate_b}) store(*at.ledger, chain->records);
    }
    std::vector<ledger::Conflict> conflicts(bool open_only = true) {
        auto reader = at.reader();
        return ledger::Reports{reader, at.ledger->venue()}.conflicts(open_only);
    }

    MemoryLedger at;
};

}  // namespace gatehouse::test
