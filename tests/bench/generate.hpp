// A node's journal of a long outage, made at once: what replay, memory and start-up are measured on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "edge/journal/journal.hpp"
#include "schemas/base/result.hpp"
#include "schemas/calendar/calendar.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse::bench {

struct Outage {
    std::uint64_t records = 0;
    std::uint32_t tickets_a_sale = 1;  // 1: each fifth sale is of two; with 4, a million records sell a million tickets
    VenueCalendar calendar = VenueCalendar::utc();
    WallTime from;  // wall time of the first record; one a second from there
    VenueId venue{};
    ProductId product{"adult"};  // one that the catalogue has, with its price
    Minor price{6000};
    ZoneId zone{"park"};
};

struct Generated {
    std::uint64_t sales = 0;
    std::uint64_t tickets = 0;
    std::uint64_t verdicts = 0;
    std::uint64_t passages = 0;
    std::uint64_t others = 0;
    std::vector<std::string> unused_codes;  // tickets sold and never shown, signed
};

// Continues `journal`, whose epoch is open: of 20 records 5 are sales, 6 verdicts, 6 passages, 3 others (a shift's
// pay-in, a device's state, a login), 1,000 to a transaction. Keeps at most `codes` codes of unused tickets.
[[nodiscard]] Result<Generated> generate(edge::Journal& journal, const SigningKey& key, const Outage& outage,
                                         std::size_t codes);

}  // namespace gatehouse::bench
