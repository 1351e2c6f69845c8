// Any octets: what parses is issued again octet by octet, but for the signature.
#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/crypto/certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    static const SigningKey authority = SigningKey::from_seed(Seed{1});
    const ByteView octets{data, size};
    if (const auto certificate = parse_certificate(octets)) {
        const Bytes again = issue_certificate(authority, *certificate);
        check(again.size() == size && std::equal(again.begin(), again.end() - 64, octets.begin()),
              "a certificate has one spelling");
        check(!verify_certificate(authority.public_key(), VenueId{}, octets) ||
                  again == Bytes(octets.begin(), octets.end()),
              "an accepted certificate is the issued one");
    }
    return 0;
}
