// What the books are worked out with: reservations, families of tickets, dates. Included by the reference's sources
// only.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "schemas/calendar/calendar.hpp"
#include "tests/sim/reference.hpp"

namespace gatehouse::sim {

struct Reservation {
    const Verdict* verdict = nullptr;
    std::uint32_t turned = 0;
    std::uint32_t turned_companions = 0;
    std::uint32_t abandoned = 0;
    std::uint32_t abandoned_companions = 0;

    // Persons that it lets in by now. Who was seen walking through has used it, also when somebody gave it back.
    [[nodiscard]] std::uint32_t held() const {
        const bool at_once = verdict->confirmation == Confirmation::at_once;
        const std::uint32_t in = at_once ? verdict->persons : std::min<std::uint32_t>(turned, verdict->persons);
        return std::max(in, verdict->persons - std::min<std::uint32_t>(abandoned, verdict->persons));
    }
    // An admission that uses up what a ticket has.
    [[nodiscard]] bool uses() const {
        return verdict->ticket && verdict->direction == Direction::entry && !verdict->reentry;
    }
};

[[nodiscard]] std::map<RecordRef, Reservation> reservations(const RecordSet& records);

struct Right {
    std::uint32_t persons = 1;
    std::uint32_t entries = 1;
};

// A record that gave a ticket out for another one.
struct Replacement {
    TicketId former;
    Date date;
};

// Families of tickets, by the records that replaced one by another.
struct Families {
    std::map<TicketId, Right> known;
    std::map<TicketId, Replacement> replaced;

    // The ticket whose right `ticket` stands for: the first of those before it that is known.
    [[nodiscard]] TicketId first(const TicketId& ticket) const {
        TicketId at = ticket;
        std::set<TicketId> passed{at};
        while (replaced.contains(at) && known.contains(replaced.at(at).former)) {
            at = replaced.at(at).former;
            if (!passed.insert(at).second) return smallest_round(at);
        }
        return at;
    }
    // Who uses a ticket for fewer persons than the one before it uses an entry that was open then.
    [[nodiscard]] std::optional<Date> entry_of(const TicketId& ticket) const {
        std::optional<Date> entry;
        const auto family = first(ticket);
        for (TicketId at = ticket; at != family; at = replaced.at(at).former)
            if (known.at(at).persons < known.at(replaced.at(at).former).persons) entry = replaced.at(at).date;
        return entry;
    }

private:
    [[nodiscard]] TicketId smallest_round(const TicketId& circle) const {
        TicketId least = circle;
        for (TicketId at = replaced.at(circle).former; at != circle; at = replaced.at(at).former)
            least = std::min(least, at);
        return least;
    }
};

// Of the boots whose suspect records were dated afterwards.
struct Correction {
    std::int64_t offset_ms;
    std::optional<WallTime> began;
};
using Corrections = std::map<std::pair<NodeId, BootId>, Correction>;

[[nodiscard]] Corrections read_corrections(const RecordSet& records);
// By the clock that the record was written with, or as it was corrected afterwards.
[[nodiscard]] WallTime effective_wall(const Header& header, const Corrections& corrections);
[[nodiscard]] Date effective_date(const Header& header, const Corrections& corrections, const VenueCalendar& calendar);
[[nodiscard]] Families families(const RecordSet& records, const Corrections& corrections,
                                const VenueCalendar& calendar);

// The findings that reference_conflicts.cpp adds.
void find_conflicts(const RecordSet& records, const Corrections& corrections, const Families& tickets, Books& books);

}  // namespace gatehouse::sim
