// Identities that travel: of nodes, journals, records, tickets, and of the venue's named things.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/base/bytes.hpp"
#include "schemas/base/strong.hpp"

namespace gatehouse {

using VenueId = std::array<std::uint8_t, 16>;            // random, made by `gatehouse-central init`
using NodeId = Strong<struct NodeIdTag, std::uint16_t>;  // 1..65535, never reused; 0 is central
using Epoch = Strong<struct EpochTag, std::uint32_t>;    // from 1
using Seq = Strong<struct SeqTag, std::uint64_t>;        // from 1 in each epoch; 0 means "nothing yet"

constexpr NodeId central_node{0};

// One writer's chain. The venue is implied: a ledger holds journals of one venue.
struct JournalId {
    NodeId node;
    Epoch epoch;
    friend auto operator<=>(const JournalId&, const JournalId&) = default;
    template <class A>
    void serialize(A& a) {
        a(node, epoch);
    }
};

// One record. Ordering is (node, epoch, seq): the tie-break of every projection.
struct RecordRef {
    NodeId node;
    Epoch epoch;
    Seq seq;
    friend auto operator<=>(const RecordRef&, const RecordRef&) = default;
    [[nodiscard]] JournalId journal() const { return {node, epoch}; }
    template <class A>
    void serialize(A& a) {
        a(node, epoch, seq);
    }
};

// A ticket: the `ordinal`th (from 1) of the sale, or of the order import, recorded at `sold`.
struct TicketId {
    RecordRef sold;
    std::uint16_t ordinal = 0;
    friend auto operator<=>(const TicketId&, const TicketId&) = default;
    template <class A>
    void serialize(A& a) {
        a(sold, ordinal);
    }
};

[[nodiscard]] std::string to_string(const RecordRef& ref);                       // "7-1-1234"
[[nodiscard]] std::string to_string(const TicketId& id);                         // "7-1-1234-1"
[[nodiscard]] std::optional<RecordRef> parse_record_ref(std::string_view text);  // canonical spelling only
[[nodiscard]] std::optional<TicketId> parse_ticket_id(std::string_view text);    // canonical spelling only

// Names that people chose. A `name` is [a-z0-9][a-z0-9._-]{0,31}; see `is_name`.
using NodeName = Strong<struct NodeNameTag, std::string>;
using ProductId = Strong<struct ProductIdTag, std::string>;
using SessionId = Strong<struct SessionIdTag, std::string>;
using ZoneId = Strong<struct ZoneIdTag, std::string>;
using GateName = Strong<struct GateNameTag, std::string>;
using LaneName = Strong<struct LaneNameTag, std::string>;
using WindowName = Strong<struct WindowNameTag, std::string>;
using DeviceName = Strong<struct DeviceNameTag, std::string>;
using OperatorName = Strong<struct OperatorNameTag, std::string>;  // empty: the machine itself
using ConcessionClass = Strong<struct ConcessionClassTag, std::string>;
// Chosen by the client of a command; the same id never acts twice. 1..64 of [A-Za-z0-9._-].
using ClientId = Strong<struct ClientIdTag, std::string>;

[[nodiscard]] bool is_name(std::string_view text);
[[nodiscard]] bool is_client_id(std::string_view text);

}  // namespace gatehouse
