#include "sync/replication/messages.hpp"

#include <type_traits>
#include <utility>

#include "schemas/base/check.hpp"
#include "schemas/wire/codec_impl.hpp"

namespace gatehouse {

GATEHOUSE_WIRE(sync::Hello);
GATEHOUSE_WIRE(sync::Heads);
GATEHOUSE_WIRE(sync::Want);
GATEHOUSE_WIRE(sync::Unwant);
GATEHOUSE_WIRE(sync::Batch);
GATEHOUSE_WIRE(sync::Stored);
GATEHOUSE_WIRE(sync::Receipts);
GATEHOUSE_WIRE(sync::Offer);
GATEHOUSE_WIRE(sync::Busy);
GATEHOUSE_WIRE(sync::TimeAsked);
GATEHOUSE_WIRE(sync::TimeTold);

}  // namespace gatehouse

namespace gatehouse::sync {

namespace {

constexpr std::size_t first_skippable = static_cast<std::size_t>(MessageType::busy) + 1;

// The first octet of the frame of an alternative of Message.
constexpr std::uint8_t type_of(std::size_t alternative) {
    const auto number = static_cast<std::uint8_t>(alternative);
    return alternative < first_skippable ? number : static_cast<std::uint8_t>(number | skippable);
}

static_assert(type_of(std::variant_size_v<Message> - 1) == static_cast<std::uint8_t>(MessageType::time_told));
static_assert(std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(MessageType::batch), Message>, Batch>);
static_assert(std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(MessageType::offer), Message>, Offer>);

template <std::size_t I = 1>
Result<Message> decode_as(std::uint8_t type, ByteView body) {
    if constexpr (I == std::variant_size_v<Message>) {
        if ((type & skippable) != 0) return Message{UnknownMessage{type}};
        return fail(ErrorCode::invalid_body, "message type " + std::to_string(type) + " is not known");
    } else {
        if (type != type_of(I)) return decode_as<I + 1>(type, body);
        auto message = wire::decode<std::variant_alternative_t<I, Message>>(body);
        if (!message) return message.error();
        return Message{std::move(*message)};
    }
}

bool within_limits(const Message& message) {
    if (const auto* heads = std::get_if<Heads>(&message)) return heads->heads.size() <= largest_heads;
    if (const auto* receipts = std::get_if<Receipts>(&message)) return receipts->receipts.size() <= largest_heads;
    if (const auto* stored = std::get_if<Stored>(&message)) return stored->parked_records.size() <= largest_parked;
    if (const auto* batch = std::get_if<Batch>(&message)) return batch->unpacked <= largest_batch;
    return true;
}

}  // namespace

Bytes encode_message(const Message& message) {
    check(within_limits(message), "a message keeps within its limits");
    Bytes frame = std::visit(
        [](const auto& m) {
            using M = std::decay_t<decltype(m)>;
            if constexpr (std::is_same_v<M, UnknownMessage>) {
                check(false, "an unknown message is never sent");
                return Bytes{};
            } else {
                return wire::encode(m);
            }
        },
        message);
    frame.insert(frame.begin(), type_of(message.index()));
    check(frame.size() <= largest_frame, "a frame keeps within its limit");
    return frame;
}

Result<Message> decode_message(ByteView frame) {
    if (frame.empty()) return fail(ErrorCode::truncated, "a frame is empty");
    if (frame.size() > largest_frame) return fail(ErrorCode::too_large, "a frame passes 1 MiB");
    auto message = decode_as(frame.front(), frame.subspan(1));
    if (message && !within_limits(*message)) return fail(ErrorCode::too_large, "a message names too much");
    return message;
}

}  // namespace gatehouse::sync
