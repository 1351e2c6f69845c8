#include "edge/admission/allowance.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace gatehouse::edge {

Allowance allowance_of(const TicketPayload& payload, const ledger::TicketFacts& facts, Date today) {
    Allowance sum;
    std::map<Date, std::uint32_t> held_by_date;
    std::uint32_t came_in = 0;
    std::uint32_t leave = 0;  // those on their way out among them
    std::uint32_t left_today = 0;
    std::uint32_t returned_today = 0;
    std::optional<std::pair<WallTime, RecordRef>> earliest;
    for (const auto& [ref, use] : facts.uses) {
        const std::uint32_t held = use.held();
        const bool of_today = use.business_date == today;
        if (use.direction == Direction::exit) {
            if (of_today) left_today += use.turned();
            if (of_today) leave += held;
            continue;
        }
        // Whoever may have walked in may walk out; who is still expected at the barrier may not.
        if (of_today) came_in += held - std::min(held, std::uint32_t{use.open()});
        if (use.reentry) {
            if (of_today) returned_today += held;
            continue;
        }
        if (of_today) sum.companions_used += use.companions_held();
        if (held == 0) continue;
        held_by_date[use.business_date] += held;
        const std::pair when{use.at, ref};
        if (!earliest || when < *earliest) earliest = when;
    }
    const std::uint32_t persons = std::max<std::uint32_t>(payload.persons, 1);
    std::uint32_t opened = 0;
    for (const auto& [date, held] : held_by_date) opened += (held + persons - 1) / persons;
    sum.entries_left = payload.entries > opened ? payload.entries - opened : 0;
    if (const auto at = held_by_date.find(today); at != held_by_date.end()) {
        sum.entries_today = (at->second + persons - 1) / persons;
        // Gates that did not hear each other may have opened more entries than there are. Those have no rest: of the
        // persons held today, no more than the entries that other dates left over have room for.
        const std::uint32_t others = opened - sum.entries_today;
        const std::uint32_t rightful =
            payload.entries > others ? std::min(payload.entries - others, sum.entries_today) : 0;
        sum.entry_rest = rightful * persons > at->second ? rightful * persons - at->second : 0;
    }
    sum.inside = came_in > leave ? came_in - leave : 0;
    // Of whoever walks out where no node saw anybody come in today: one entry is taken for open.
    const std::uint32_t unseen = sum.entries_today == 0 ? persons : 0;
    sum.may_leave = came_in + unseen > leave ? came_in + unseen - leave : 0;
    // Gates that did not hear each other may both have let the same person out.
    const auto most = std::uint64_t{persons} * std::max<std::uint32_t>(sum.entries_today, 1);
    const std::uint32_t outside = left_today > returned_today ? left_today - returned_today : 0;
    sum.outside = static_cast<std::uint32_t>(std::min<std::uint64_t>(outside, most));
    if (earliest) sum.first = earliest->second;
    return sum;
}

}  // namespace gatehouse::edge
