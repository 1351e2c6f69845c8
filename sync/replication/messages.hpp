// What two machines say to each other: one message a frame. Bytes with a worked example: sync/replication/FORMAT.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/base/ids.hpp"
#include "schemas/base/result.hpp"
#include "schemas/base/time.hpp"
#include "schemas/crypto/receipt.hpp"
#include "schemas/crypto/signed_head.hpp"

namespace gatehouse::sync {

constexpr std::size_t largest_frame = 1U << 20U;  // octets, type included
constexpr std::size_t largest_batch = 1U << 20U;  // octets of a batch's records, unpacked
constexpr std::size_t largest_batch_records = 4096;
constexpr std::size_t largest_heads = 1024;     // in one Heads or Receipts
constexpr std::size_t largest_parked = 64;      // named in one Stored
constexpr std::uint32_t largest_credit = 1024;  // batches that may be sent ahead for one Want
constexpr std::uint16_t oldest_protocol = 1;
constexpr std::uint16_t newest_protocol = 1;
constexpr std::array<std::uint8_t, 4> hello_magic{'G', 'H', 's', 'y'};

constexpr std::uint8_t skippable = 0x80;

// First octet of a frame. A receiver skips numbers it does not know when `skippable` is set in them, and hangs up
// otherwise.
enum class MessageType : std::uint8_t {
    hello = 1,
    heads = 2,
    want = 3,
    unwant = 4,
    batch = 5,
    stored = 6,
    receipts = 7,
    offer = 8,
    busy = 9,
    time_asked = skippable | 10U,
    time_told = skippable | 11U,
};

// First message of each side, once.
struct Hello {
    std::array<std::uint8_t, 4> magic = hello_magic;
    std::uint16_t oldest = oldest_protocol;  // the newest that both speak is spoken
    std::uint16_t newest = newest_protocol;
    Bytes certificate;  // the sender's statement; its tls_key must be the connection's
    std::string software;
    std::uint64_t capabilities = 0;  // none yet
    Bytes extension;                 // of a later release: ignored
    friend bool operator==(const Hello&, const Hello&) = default;
    template <class A>
    void serialize(A& a) {
        a(magic, oldest, newest, certificate, software, capabilities, extension);
    }
};

// "I can serve this journal up to here." The owner's certificate comes with the first head of a journal.
struct AnnouncedHead {
    SignedHead head;
    Bytes certificate;
    friend bool operator==(const AnnouncedHead&, const AnnouncedHead&) = default;
    template <class A>
    void serialize(A& a) {
        a(head, certificate);
    }
};

struct Heads {
    std::vector<AnnouncedHead> heads;
    friend bool operator==(const Heads&, const Heads&) = default;
    template <class A>
    void serialize(A& a) {
        a(heads);
    }
};

// "Send me this journal from here on, as it grows": stands until `to`, Unwant or the end of the connection.
struct Want {
    std::uint32_t generation = 0;  // chosen by the receiver, new for each Want of a connection
    JournalId journal;
    Seq from;                  // from 1
    std::optional<Seq> to;     // only for a resync: ends at the first batch that reaches it
    std::uint16_t credit = 0;  // batches that may be sent before a Stored gives more
    std::uint64_t offer = 0;   // the Offer that this answers; else 0
    friend bool operator==(const Want&, const Want&) = default;
    template <class A>
    void serialize(A& a) {
        a(generation, journal, from, to, credit, offer);
    }
};

struct Unwant {
    std::uint32_t generation = 0;
    friend bool operator==(const Unwant&, const Unwant&) = default;
    template <class A>
    void serialize(A& a) {
        a(generation);
    }
};

enum class Packing : std::uint8_t { plain = 0, zstd = 1 };
constexpr unsigned enum_count(Packing) { return 2; }

// Records `first`..`head.seq` of head.journal, without a gap. Unpacked: for each record u32 length, then its bytes.
struct Batch {
    std::uint32_t generation = 0;
    Seq first;
    SignedHead head;
    Packing packing{};
    std::uint32_t unpacked = 0;  // octets
    Bytes packed;
    friend bool operator==(const Batch&, const Batch&) = default;
    template <class A>
    void serialize(A& a) {
        a(generation, first, head, packing, unpacked, packed);
    }
};

struct ParkedRecord {
    Seq seq;
    std::string reason;
    friend bool operator==(const ParkedRecord&, const ParkedRecord&) = default;
    template <class A>
    void serialize(A& a) {
        a(seq, reason);
    }
};

// "Batch taken and synced here." Each record of it counts once: accepted, or duplicate; parked ones are accepted too.
struct Stored {
    std::uint32_t generation = 0;
    JournalId journal;
    Seq up_to;
    std::uint32_t accepted = 0;
    std::uint32_t duplicate = 0;
    std::uint32_t parked = 0;
    std::uint32_t conflicts = 0;               // that these records brought to light
    std::vector<ParkedRecord> parked_records;  // the first of them
    std::uint16_t credit = 0;                  // further batches
    std::optional<Receipt> receipt;            // from central only
    friend bool operator==(const Stored&, const Stored&) = default;
    template <class A>
    void serialize(A& a) {
        a(generation, journal, up_to, accepted, duplicate, parked, conflicts, parked_records, credit, receipt);
    }
};

// Central's receipts, newest of each journal, passed on by anyone.
struct Receipts {
    Bytes certificate;  // central's; may be left out after the first
    std::vector<Receipt> receipts;
    friend bool operator==(const Receipts&, const Receipts&) = default;
    template <class A>
    void serialize(A& a) {
        a(certificate, receipts);
    }
};

// "Take this range again": answered by a Want that names it.
struct Offer {
    std::uint64_t id = 0;  // not 0
    JournalId journal;
    Seq from;
    Seq to;
    friend bool operator==(const Offer&, const Offer&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, journal, from, to);
    }
};

// "Not now." The sender hangs up after it.
struct Busy {
    std::uint32_t retry_after_s = 0;
    friend bool operator==(const Busy&, const Busy&) = default;
    template <class A>
    void serialize(A& a) {
        a(retry_after_s);
    }
};

// "What time is it with you?" Answered at once, before anything that waits; by a release that knows it.
struct TimeAsked {
    std::uint64_t question = 0;  // comes back; new for each question of a connection
    friend bool operator==(const TimeAsked&, const TimeAsked&) = default;
    template <class A>
    void serialize(A& a) {
        a(question);
    }
};

struct TimeTold {
    std::uint64_t question = 0;
    WallTime wall;  // of the one who was asked, when it answered
    friend bool operator==(const TimeTold&, const TimeTold&) = default;
    template <class A>
    void serialize(A& a) {
        a(question, wall);
    }
};

// Of a later release and marked skippable.
struct UnknownMessage {
    std::uint8_t type = 0;
    friend bool operator==(const UnknownMessage&, const UnknownMessage&) = default;
};

// The number of an alternative is its MessageType without `skippable`.
using Message =
    std::variant<UnknownMessage, Hello, Heads, Want, Unwant, Batch, Stored, Receipts, Offer, Busy, TimeAsked, TimeTold>;

// Precondition: not UnknownMessage, and within the limits above.
[[nodiscard]] Bytes encode_message(const Message& message);

// Errors: truncated (empty frame), too_large (frame or a count), invalid_body (malformed, or a type that is neither
// known nor skippable). Signatures are not judged here.
[[nodiscard]] Result<Message> decode_message(ByteView frame);

}  // namespace gatehouse::sync
