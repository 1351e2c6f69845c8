#include "sync/replication/packing.hpp"

#include <zstd.h>

#include <memory>

#include "schemas/base/check.hpp"
#include "schemas/base/octets.hpp"

namespace gatehouse::sync {

namespace {

constexpr int level = 1;
constexpr std::size_t worth_packing = 512;  // a live batch of one record gains nothing

// Contexts cost some 200 KiB: one of each for a thread, whoever the peers are.
ZSTD_CCtx* packer() {
    thread_local const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context{ZSTD_createCCtx(),
                                                                                       ZSTD_freeCCtx};
    return context.get();
}
ZSTD_DCtx* unpacker() {
    thread_local const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context{ZSTD_createDCtx(),
                                                                                       ZSTD_freeDCtx};
    return context.get();
}

Result<std::vector<Bytes>> split(ByteView plain) {
    std::vector<Bytes> records;
    OctetReader in{plain};
    while (in.left() != 0) {
        if (records.size() == largest_batch_records) return fail(ErrorCode::too_large, "a batch has too many records");
        const auto record = in.octets(in.number<std::uint32_t>());
        if (!in.ok()) return fail(ErrorCode::truncated, "a batch ends within a record");
        records.emplace_back(record.begin(), record.end());
    }
    return records;
}

}  // namespace

PackedRecords pack_records(const std::vector<Bytes>& records) {
    OctetWriter plain;
    for (const auto& record : records) plain.number(static_cast<std::uint32_t>(record.size())).octets(record);
    const Bytes& octets = plain.bytes();
    check(octets.size() <= largest_batch && records.size() <= largest_batch_records, "a batch keeps within its limits");
    PackedRecords out;
    out.unpacked = static_cast<std::uint32_t>(octets.size());
    if (octets.size() >= worth_packing) {
        out.packed.resize(ZSTD_compressBound(octets.size()));
        const auto size =
            ZSTD_compressCCtx(packer(), out.packed.data(), out.packed.size(), octets.data(), octets.size(), level);
        if (ZSTD_isError(size) == 0U && size < octets.size()) {
            out.packed.resize(size);
            out.packing = Packing::zstd;
            return out;
        }
    }
    out.packed = plain.take();
    return out;
}

Result<std::vector<Bytes>> unpack_records(const Batch& batch) {
    if (batch.unpacked > largest_batch) return fail(ErrorCode::too_large, "a batch unpacks to more than 1 MiB");
    if (batch.packing == Packing::plain) {
        if (batch.packed.size() != batch.unpacked)
            return fail(ErrorCode::invalid_body, "a plain batch has another length than it says");
        return split(batch.packed);
    }
    Bytes plain(batch.unpacked);
    const auto size =
        ZSTD_decompressDCtx(unpacker(), plain.data(), plain.size(), batch.packed.data(), batch.packed.size());
    if (ZSTD_isError(size) != 0U || size != batch.unpacked)
        return fail(ErrorCode::invalid_body, "a batch does not unpack to what it says");
    return split(plain);
}

}  // namespace gatehouse::sync
