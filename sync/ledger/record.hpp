// One record with everything that was worked out about it: what the desk hands to the journal, and what a batch of
// another machine becomes before it is stored.
#pragma once

#include <optional>
#include <string>

#include "schemas/records/body.hpp"
#include "schemas/records/codec.hpp"

namespace gatehouse::ledger {

struct Record {
    Header header;
    Body body;  // UnknownBody when the kind is not known or `undecodable` says why
    Bytes stored;
    Hash hash{};                             // record_hash(stored)
    std::optional<std::string> undecodable;  // the body's bytes do not decode: the record is stored and parked

    [[nodiscard]] RecordRef ref() const { return header.ref(); }
};

// A record of our own. `header.kind` is taken from the body; the caller has set everything else, `prev` included.
// `extension`: what schemas/records/FORMAT.md lets a record of that kind say behind its body.
[[nodiscard]] Record make_record(Header header, Body body, ByteView extension = {});

// Which epoch of its grantee may sell a lease_granted's units; 0 (none) where what it says cannot be read.
[[nodiscard]] Epoch leased_epoch(const Record& lease);

// What a clock_corrected says of its boot; nothing where it does not say, or where `correction` is of another kind.
[[nodiscard]] std::optional<WallTime> boot_began(const Record& correction);

// A record as it was stored or sent. Errors: those of parse_record (such bytes cannot be stored at all). A body that
// does not decode is no error here, see `undecodable`.
[[nodiscard]] Result<Record> read_record(Bytes stored);

}  // namespace gatehouse::ledger
