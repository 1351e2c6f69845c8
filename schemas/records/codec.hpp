// Records as they are stored, hashed, signed and sent. Layout with a worked example: schemas/records/FORMAT.md.
#pragma once

#include <cstddef>

#include "schemas/base/result.hpp"
#include "schemas/records/header.hpp"

namespace gatehouse {

constexpr std::uint8_t record_format = 1;
constexpr std::size_t largest_record = 512U * 1024U;  // octets, all told

// A record taken apart. `body` and `extension` point into the bytes that were parsed.
struct ParsedRecord {
    Header header;
    ByteView body;
    ByteView extension;  // what FORMAT.md lets the kind say behind its body, and a later release: kept as it is
};

// Stored bytes of a record. `body` is encode_body's; `extension` is empty but for the kinds in FORMAT.md.
[[nodiscard]] Bytes encode_record(const Header& header, ByteView body, ByteView extension = {});

// Errors: truncated, too_large, invalid_body. Says nothing about the chain.
[[nodiscard]] Result<ParsedRecord> parse_record(ByteView stored);

// SHA-256 over the stored bytes, never over a re-encoding.
[[nodiscard]] Hash record_hash(ByteView stored);

// What seq 1 carries as `prev`: SHA-256("gatehouse journal v1" | venue | node u16 | epoch u32), little-endian.
[[nodiscard]] Hash genesis_hash(const VenueId& venue, JournalId journal);

}  // namespace gatehouse
