#include "schemas/records/lease_extension.hpp"

#include <doctest/doctest.h>

#include "schemas/records/body.hpp"
#include "schemas/records/codec.hpp"
#include "tests/support/record_samples.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

TEST_CASE("a lease names the epoch that may sell it; one that says nothing is for the first") {
    CHECK(lease_extension(Epoch{1}).empty());
    CHECK(leased_epoch({}) == Epoch{1});
    CHECK(lease_extension(Epoch{2}) == Bytes{2, 0, 0, 0});
    CHECK(leased_epoch(Bytes{2, 0, 0, 0}) == Epoch{2});
    CHECK(leased_epoch(Bytes{2, 1, 0, 0, 9}) == Epoch{258});  // the 9 is a later release's
}

TEST_CASE("a lease whose epoch is cut off is for none") {
    CHECK(leased_epoch(Bytes{2}) == Epoch{0});
    CHECK(leased_epoch(Bytes{2, 0, 0}) == Epoch{0});
}

TEST_CASE("the epoch stands behind a lease's own octets, which it leaves as they were") {
    const LeaseGranted lease{NodeId{7}, SessionId{"s-1000"}, 40};
    const auto header = test::sample_header(Kind::lease_granted);
    const auto first = encode_record(header, encode_body(lease));
    const auto second = encode_record(header, encode_body(lease), lease_extension(Epoch{2}));
    CHECK(Bytes(second.begin(), second.begin() + static_cast<std::ptrdiff_t>(first.size()) - 4) ==
          Bytes(first.begin(), first.end() - 4));
    CHECK(Bytes(second.end() - 8, second.end()) == Bytes{4, 0, 0, 0, 2, 0, 0, 0});
    const auto parsed = parse_record(second);
    REQUIRE(parsed);
    CHECK(leased_epoch(parsed->extension) == Epoch{2});
}
