#include "sync/replication/messages.hpp"

#include <doctest/doctest.h>

#include "sync/replication/packing.hpp"
#include "tests/support/result_printing.hpp"

namespace gatehouse::sync::testing {

namespace {

SignedHead head() { return {{NodeId{7}, Epoch{1}}, Seq{3}, Hash{1}, Signature{2}}; }

std::vector<Message> samples() {
    Hello hello;
    hello.certificate = {1, 2, 3};
    hello.software = "0.1.0";
    return {hello,
            Heads{{{head(), {9, 9}}, {head(), {}}}},
            Want{1, {NodeId{7}, Epoch{1}}, Seq{1}, Seq{9}, 4, 5},
            Unwant{1},
            Batch{1, Seq{2}, head(), Packing::plain, 3, {1, 2, 3}},
            Stored{1,
                   {NodeId{7}, Epoch{1}},
                   Seq{3},
                   1,
                   2,
                   3,
                   4,
                   {{Seq{3}, "why"}},
                   1,
                   Receipt{{NodeId{7}, Epoch{1}}, Seq{3}, Hash{1}, Signature{2}}},
            Receipts{{4, 5}, {Receipt{}}},
            Offer{5, {NodeId{7}, Epoch{1}}, Seq{1}, Seq{9}},
            Busy{15},
            TimeAsked{7},
            TimeTold{7, WallTime{1'790'000'000'123}}};
}

}  // namespace

TEST_CASE("every message comes back as it was sent") {
    for (const auto& message : samples()) CHECK(decode_message(encode_message(message)).value() == message);
}

TEST_CASE("a want has these octets") {
    CHECK(to_hex(encode_message(Want{1, {NodeId{7}, Epoch{1}}, Seq{5}, {}, 4, 0})) ==
          "03"                  // want
          "01000000"            // generation 1
          "0700"                // node 7
          "01000000"            // epoch 1
          "0500000000000000"    // from 5
          "00"                  // no end
          "0400"                // credit
          "0000000000000000");  // no offer
}

TEST_CASE("a truncated message is refused wherever it ends, and so is one with octets left over") {
    for (const auto& message : samples()) {
        const auto frame = encode_message(message);
        for (std::size_t size = 0; size < frame.size(); ++size)
            CHECK_FALSE(decode_message(ByteView{frame}.first(size)));
        auto longer = frame;
        longer.push_back(0);
        CHECK_FALSE(decode_message(longer));
    }
}

TEST_CASE("counts are taken at their limit and refused one past it") {
    Heads heads;
    heads.heads.resize(largest_heads);
    const auto frame = encode_message(heads);
    CHECK(decode_message(frame));
    heads.heads.emplace_back();
    // Written by hand: encode_message would stop us.
    auto more = frame;
    const auto one = encode_message(Heads{{AnnouncedHead{}}});
    more.insert(more.end(), one.begin() + 5, one.end());
    const auto count = static_cast<std::uint32_t>(largest_heads + 1);
    for (unsigned i = 0; i < 4; ++i) more[1 + i] = static_cast<std::uint8_t>(count >> (8 * i));
    const auto refused = decode_message(more);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::too_large);
}

TEST_CASE("unknown types are skipped only if they say so") {
    CHECK(decode_message(Bytes{0x81, 1, 2}).value() == Message{UnknownMessage{0x81}});
    CHECK(decode_message(Bytes{0x8a + 2, 1, 2}).value() == Message{UnknownMessage{0x8c}});
    CHECK_FALSE(decode_message(Bytes{10, 1, 2}));  // a known number without the mark that it is sent with
    CHECK_FALSE(decode_message(Bytes{0x41, 1, 2}));
    CHECK_FALSE(decode_message(Bytes{0}));
}

TEST_CASE("records are packed and come back; what lies about its size is refused in bounded memory") {
    std::vector<Bytes> records;
    for (std::uint8_t i = 0; i < 200; ++i) records.emplace_back(300, i);
    const auto packed = pack_records(records);
    CHECK(packed.packing == Packing::zstd);
    CHECK(packed.packed.size() < packed.unpacked / 4);
    Batch batch{1, Seq{1}, head(), packed.packing, packed.unpacked, packed.packed};
    CHECK(unpack_records(batch).value() == records);
    batch.unpacked += 1;
    CHECK_FALSE(unpack_records(batch));
    batch.unpacked = largest_batch + 1;
    CHECK_FALSE(unpack_records(batch));
    // A bomb: 1 MiB of zeros says that it is 100 octets.
    const auto bomb = pack_records({Bytes(largest_batch - 4, 0)});
    batch = {1, Seq{1}, head(), bomb.packing, 100, bomb.packed};
    CHECK_FALSE(unpack_records(batch));
    batch.unpacked = bomb.unpacked;
    CHECK(unpack_records(batch));
    CHECK(pack_records({Bytes{1, 2, 3}}).packing == Packing::plain);
}

TEST_CASE("a batch with more records than allowed is refused") {
    std::vector<Bytes> records(largest_batch_records, Bytes{1});
    auto packed = pack_records(records);
    CHECK(unpack_records({1, Seq{1}, head(), packed.packing, packed.unpacked, packed.packed}));
    Bytes plain;
    for (std::size_t i = 0; i <= largest_batch_records; ++i) plain.insert(plain.end(), {1, 0, 0, 0, 1});
    CHECK_FALSE(unpack_records({1, Seq{1}, head(), Packing::plain, static_cast<std::uint32_t>(plain.size()), plain}));
}

}  // namespace gatehouse::sync::testing
