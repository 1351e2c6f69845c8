#include "schemas/records/codec.hpp"

#include <utility>

#include "schemas/crypto/crypto.hpp"
#include "schemas/wire/codec.hpp"

namespace gatehouse {

namespace {

void put_u32(Bytes& out, std::size_t value) {
    for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
}

void put_block(Bytes& out, ByteView block) {
    put_u32(out, block.size());
    out.insert(out.end(), block.begin(), block.end());
}

// Takes a length-prefixed block off the front of `in`.
Result<ByteView> take_block(ByteView& in) {
    if (in.size() < 4) return fail(ErrorCode::truncated, "a record ends within a length");
    std::size_t size = 0;
    for (unsigned i = 0; i < 4; ++i) size |= static_cast<std::size_t>(in[i]) << (8U * i);
    in = in.subspan(4);
    if (size > in.size()) return fail(ErrorCode::truncated, "a record's block is longer than the record");
    const auto block = in.first(size);
    in = in.subspan(size);
    return block;
}

}  // namespace

Bytes encode_record(const Header& header, ByteView body, ByteView extension) {
    const auto head = wire::encode(header);
    Bytes out;
    out.reserve(13 + head.size() + body.size() + extension.size());
    out.push_back(record_format);
    put_block(out, head);
    put_block(out, body);
    put_block(out, extension);
    return out;
}

Result<ParsedRecord> parse_record(ByteView stored) {
    if (stored.size() > largest_record) return fail(ErrorCode::too_large, "a record passes 512 KiB");
    if (stored.empty()) return fail(ErrorCode::truncated, "a record is empty");
    if (stored.front() != record_format)
        return fail(ErrorCode::invalid_body, "record format " + std::to_string(stored.front()) + " is not known");
    auto rest = stored.subspan(1);
    const auto head = take_block(rest);
    if (!head) return head.error();
    const auto body = take_block(rest);
    if (!body) return body.error();
    const auto extension = take_block(rest);
    if (!extension) return extension.error();
    if (!rest.empty()) return fail(ErrorCode::invalid_body, "octets follow a record");
    auto header = wire::decode<Header>(*head);
    if (!header) return header.error();
    return ParsedRecord{std::move(*header), *body, *extension};
}

Hash record_hash(ByteView stored) { return sha256(stored); }

Hash genesis_hash(const VenueId& venue, JournalId journal) {
    Bytes text = bytes_of("gatehouse journal v1");
    text.insert(text.end(), venue.begin(), venue.end());
    text.push_back(static_cast<std::uint8_t>(journal.node.value & 0xffU));
    text.push_back(static_cast<std::uint8_t>(journal.node.value >> 8U));
    put_u32(text, journal.epoch.value);
    return sha256(text);
}

}  // namespace gatehouse
