// Any octets: a record that parses is spelt again exactly as it was read, and so is a body of a known kind.
#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/records/body.hpp"
#include "schemas/records/boot_began.hpp"
#include "schemas/records/codec.hpp"
#include "schemas/records/issued_codes.hpp"
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
    if (std::holds_alternative<ClockCorrected>(*body))
        if (const auto began = boot_began(record->extension))
            check(boot_began(boot_began_extension(*began)) == began, "a boot's begin is read as it was written");
    if (std::holds_alternative<Sale>(*body)) {
        std::vector<IssuedCode> codes;
        while (const auto code = issued_code_of(record->extension, static_cast<std::uint16_t>(codes.size() + 1)))
            codes.push_back(*code);
        const auto said = issued_codes_extension(codes);
        check(said.size() + sizeof(IssuedCode) > record->extension.size(), "no code that is whole is left out");
        check(std::ranges::equal(said, record->extension.first(said.size())), "codes are read as they were written");
    }
    return 0;
}
