#include "sync/ledger/record.hpp"

#include <utility>

#include "schemas/records/boot_began.hpp"
#include "schemas/records/lease_extension.hpp"

namespace gatehouse::ledger {

Record make_record(Header header, Body body, ByteView extension) {
    header.kind = kind_of(body);
    Record record{std::move(header), std::move(body), {}, {}, std::nullopt};
    record.stored = encode_record(record.header, encode_body(record.body), extension);
    record.hash = record_hash(record.stored);
    return record;
}

Epoch leased_epoch(const Record& lease) {
    const auto parsed = parse_record(lease.stored);
    return parsed ? gatehouse::leased_epoch(parsed->extension) : Epoch{0};
}

std::optional<WallTime> boot_began(const Record& correction) {
    if (correction.header.kind != Kind::clock_corrected) return std::nullopt;
    const auto parsed = parse_record(correction.stored);
    return parsed ? gatehouse::boot_began(parsed->extension) : std::nullopt;
}

Result<Record> read_record(Bytes stored) {
    auto parsed = parse_record(stored);
    if (!parsed) return parsed.error();
    Record record;
    record.header = std::move(parsed->header);
    if (auto body = decode_body(record.header.kind, parsed->body))
        record.body = std::move(*body);
    else
        record.undecodable = body.error().detail;
    record.hash = record_hash(stored);
    record.stored = std::move(stored);
    return record;
}

}  // namespace gatehouse::ledger
