// The bodies of an enrolment, which is asked for without a certificate: what is taken has verified itself, a grant is
// spelt again as it was read, and a refusal says what is wrong.
#include "schemas/base/check.hpp"
#include "sync/link/enrolment_json.hpp"
#include "sync/link/x509.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    const auto request = sync::parse_enrolment_request(body, "127.0.0.1:1");
    check(request || !request.error().detail.empty(), "a fault is named");
    if (request) {
        check(is_name(request->name.value), "a node's name is one word");
        check(sync::spki_hash_of_request(request->tls_request).value() == request->tls_key,
              "the key is that of the TLS request");
    }
    const auto grant = sync::parse_enrolment_grant(body);
    check(grant || !grant.error().detail.empty(), "a fault is named");
    if (grant) {
        const auto again = sync::parse_enrolment_grant(sync::spell_enrolment_grant(*grant));
        check(again && *again == *grant, "a grant is read as it was written");
    }
    static_cast<void>(sync::parse_problem(body, 503));
    return 0;
}
