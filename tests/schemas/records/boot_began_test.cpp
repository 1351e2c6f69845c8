#include "schemas/records/boot_began.hpp"

#include <doctest/doctest.h>

#include "schemas/records/body.hpp"
#include "schemas/records/codec.hpp"
#include "tests/support/record_samples.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

TEST_CASE("a correction says when its boot began; one of an older release does not") {
    CHECK(boot_began_extension(WallTime{0x0102}) == Bytes{2, 1, 0, 0, 0, 0, 0, 0});
    CHECK(boot_began(boot_began_extension(WallTime{-5})) == WallTime{-5});
    CHECK(boot_began(Bytes{2, 1, 0, 0, 0, 0, 0, 0, 9}) == WallTime{0x0102});  // the 9 is a later release's
    CHECK_FALSE(boot_began({}));
    CHECK_FALSE(boot_began(Bytes{2, 1, 0, 0, 0, 0, 0}));
}

TEST_CASE("the time stands behind a correction's own octets, which it leaves as they were") {
    const ClockCorrected correction{BootId{2}, -86'400'000};
    const auto header = test::sample_header(Kind::clock_corrected);
    const auto without = encode_record(header, encode_body(correction));
    const auto with = encode_record(header, encode_body(correction), boot_began_extension(WallTime{1'795'000'000'000}));
    CHECK(Bytes(with.begin(), with.begin() + static_cast<std::ptrdiff_t>(without.size()) - 4) ==
          Bytes(without.begin(), without.end() - 4));
    CHECK(Bytes(with.end() - 12, with.end()) == Bytes{8, 0, 0, 0, 0x00, 0x5e, 0x56, 0xee, 0xa1, 0x01, 0x00, 0x00});
    const auto parsed = parse_record(with);
    REQUIRE(parsed);
    CHECK(boot_began(parsed->extension) == WallTime{1'795'000'000'000});
}
