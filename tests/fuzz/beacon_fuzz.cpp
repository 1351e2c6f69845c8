// Any octets: what is accepted as a beacon is made again octet by octet.
#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/crypto/beacon.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    // Of the format document's example, which is in the corpus: what differs from it in any octet is refused.
    static const SigningKey authority = SigningKey::from_seed(Seed{9});
    static const SigningKey node = SigningKey::from_seed(Seed{7});
    const ByteView octets{data, size};
    if (const auto beacon = verify_beacon(authority.public_key(), VenueId{1, 2, 3}, octets)) {
        const Bytes again = make_beacon(node, issue_certificate(authority, beacon->certificate), beacon->port);
        check(std::ranges::equal(again, octets), "an accepted beacon is the one that was made");
    }
    return 0;
}
