// What a ticket's code says, so that a gate with an old catalogue still judges it. Bytes: schemas/ticket/FORMAT.md.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse {

struct TicketSession {
    SessionId id;
    WallTime starts;  // whole minutes
    WallTime ends;    // whole minutes
    friend bool operator==(const TicketSession&, const TicketSession&) = default;
};

// The unsigned right. Limits: product and session ids up to 32 octets, 1..8 zones; the whole code must fit QR 8-M,
// else encoding fails with too_large, which the catalogue's check reports when the product is published.
struct TicketPayload {
    TicketId id;
    ProductId product;
    std::uint16_t persons = 1;
    std::uint16_t entries = 1;
    Date valid_from;  // business dates, both included
    Date valid_to;
    std::optional<TicketSession> session;
    std::vector<ZoneId> zones;  // ascending, distinct
    bool reentry = false;
    bool check_id = false;
    bool concession = false;
    std::uint8_t companions = 0;
    friend bool operator==(const TicketPayload&, const TicketPayload&) = default;
};

}  // namespace gatehouse
