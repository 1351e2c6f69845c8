// A batch's records as octets, packed with zstd when that is shorter. One context a thread, never one a peer.
#pragma once

#include "sync/replication/messages.hpp"

namespace gatehouse::sync {

struct PackedRecords {
    Packing packing{};
    std::uint32_t unpacked = 0;
    Bytes packed;
};

// Precondition: at most largest_batch octets with lengths, and largest_batch_records.
[[nodiscard]] PackedRecords pack_records(const std::vector<Bytes>& records);

// Never holds more than `batch.unpacked` <= largest_batch octets. Errors: too_large, invalid_body, truncated.
[[nodiscard]] Result<std::vector<Bytes>> unpack_records(const Batch& batch);

}  // namespace gatehouse::sync
