// What is found, and on which day, where a clock was wrong.
#include <doctest/doctest.h>

#include "schemas/records/boot_began.hpp"
#include "tests/support/conflict_venue.hpp"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

using Venue = ConflictVenue;

namespace {

// The booth comes up in 1970: its clock is suspect, and so is the date that its records bear.
void fall_back(Chain& booth) {
    booth.now.clock = ClockQuality::suspect;
    booth.now.wall = WallTime{3'600'000};
    booth.now.boot_ns = 10'000'000'000U;
    booth.now.business_date = Date{0};
}

}  // namespace

TEST_CASE("a suspect clock is a conflict until it is corrected, and then the records have their true dates") {
    Venue venue;
    fall_back(venue.booth);
    venue.booth.sell(1);
    venue.store_all();
    auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == ConflictKind::clock_suspect);
    CHECK(found[0].evidence_count == 1);
    CHECK(found[0].facts == ConflictFacts{ClockUncorrected{NodeId{1}, venue.booth.now.boot}});
    venue.booth.now.clock = ClockQuality::synced;
    venue.booth.add(ClockCorrected{venue.booth.now.boot, test_noon.value - 3'600'000});
    store(*venue.at.ledger, {venue.booth.last()});
    CHECK(venue.conflicts().empty());
    auto reader = venue.at.reader();
    Reports reports{reader, venue.at.ledger->venue()};
    CHECK(reports.sales(Date{0}).sales == 0);
    CHECK(reports.sales(test_date).sales == 1);
}

// A booth whose clock fell back sells by the last date that it believed; its record has the date of 1970.
TEST_CASE("a sale under a suspect clock is judged by the prices of its true day, once that is known") {
    Venue venue;
    auto& booth = venue.booth;
    fall_back(booth);
    booth.sell(2);
    auto sale = std::get<Sale>(booth.last().body);
    booth.records.pop_back();
    booth.now.seq = Seq{2};
    booth.now.prev = booth.last().hash;
    booth.now.wall = WallTime{3'600'000};
    booth.now.boot_ns = 10'000'000'000U;
    sale.catalogue_version = 1;
    booth.add(sale);
    venue.publish(1, Minor{6500}, 5);
    venue.store_all();
    auto found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == ConflictKind::clock_suspect);
    booth.now.clock = ClockQuality::synced;
    booth.add(ClockCorrected{booth.now.boot, test_noon.value - 3'600'000},
              boot_began_extension(WallTime{test_noon.value - 10'000}));
    store(*venue.at.ledger, {booth.last()});
    found = venue.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == ConflictKind::price_differs);
    CHECK(found[0].money == Minor{1000});
}

// The clock stood in 1970, then somebody set it by hand, which is suspect as well; then central told the time.
TEST_CASE("a clock that was set while it was suspect has each of its boot's records at its own true time") {
    Venue venue;
    auto& booth = venue.booth;
    fall_back(booth);
    booth.sell(1);
    booth.now.wall = test_noon;
    booth.now.boot_ns = 70'000'000'000U;
    booth.now.business_date = test_date;
    booth.sell(1);
    venue.store_all();
    booth.now.clock = ClockQuality::synced;
    booth.add(ClockCorrected{booth.now.boot, test_noon.value - 60'000 - 3'600'000},
              boot_began_extension(WallTime{test_noon.value - 70'000}));
    store(*venue.at.ledger, {booth.last()});
    auto reader = venue.at.reader();
    Reports reports{reader, venue.at.ledger->venue()};
    CHECK(reports.sales(Date{0}).sales == 0);
    CHECK(reports.sales(test_date).sales == 2);
    CHECK(venue.conflicts().empty());
}
