// Any octets: a record that parses is spelt again exactly as it was read, and so is a body of a known kind.
#include "schemas/base/check.hpp"
#include "schemas/records/body.hpp"
#include "schemas/records/codec.hpp"
#include "schemas/records/lease_extension.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const ByteView octets{data, size};
    const auto record = parse_record(octets);
    if (!record) return 0;
    const auto again = encode_record(record->header, record->body, record->extension);
    check(again == Bytes(octets.begin(), octets.end()), "a record has one spelling");
    const auto body = decode_body(record->header.kind, record->body);
    if (!body || std::holds_alternative<UnknownBody>(*body)) return 0;
    check(encode_body(*body) == Bytes(record->body.begin(), record->body.end()), "a body has one spelling");
    if (std::holds_alternative<LeaseGranted>(*body)) {
        const Epoch epoch = leased_epoch(record->extension);
        check(leased_epoch(lease_extension(epoch)) == epoch, "an epoch is read as it was written");
    }
    return 0;
}
