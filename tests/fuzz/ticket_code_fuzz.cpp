// Any text: what decodes is spelt again exactly as it was read, and its payload likewise.
#include "schemas/base/check.hpp"
#include "schemas/ticket/ticket_code.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto code = decode_code(text))
        check(encode_code(code->octets, code->signature) == text, "a code has one spelling");
    const ByteView octets{data, size};
    if (const auto payload = decode_payload(octets)) {
        const auto again = encode_payload(*payload);
        check(again && *again == Bytes(octets.begin(), octets.end()), "a payload has one spelling");
    }
    return 0;
}
