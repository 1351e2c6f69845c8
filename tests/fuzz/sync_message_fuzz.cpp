// Frames of the replication: what decodes is spelt again as it was read; batches unpack in bounded memory.
#include <cstddef>
#include <cstdint>

#include "schemas/base/check.hpp"
#include "sync/replication/packing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const ByteView frame{data, size};
    const auto message = sync::decode_message(frame);
    if (!message || std::holds_alternative<sync::UnknownMessage>(*message)) return 0;
    const Bytes again = sync::encode_message(*message);
    check(again.size() == frame.size() && std::equal(again.begin(), again.end(), frame.begin()),
          "a message has one spelling");
    if (const auto* batch = std::get_if<sync::Batch>(&*message)) {
        const auto records = sync::unpack_records(*batch);
        if (!records) return 0;
        std::size_t octets = 0;
        for (const auto& record : *records) octets += record.size() + 4;
        check(octets == batch->unpacked, "a batch unpacks to what it says");
    }
    return 0;
}
