#include "sync/ledger/ticket_family.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace gatehouse::ledger {

namespace {

std::optional<TicketId> replaced_by(Fold& fold, const TicketId& ticket) {
    if (ticket.ordinal != 1) return std::nullopt;
    auto row =
        fold.rows("SELECT sold, ordinal FROM ticket_mark WHERE ref = ? AND kind = ?", ticket.sold, Mark::reissue);
    if (!fold.next(row)) return std::nullopt;
    return TicketId{ref_at(row, 0), as<std::uint16_t>(row.number(1))};
}

TicketId first_of(Fold& fold, const TicketId& ticket) {
    std::vector<TicketId> way{ticket};
    std::set<TicketId> seen{ticket};
    while (const auto former = replaced_by(fold, way.back())) {
        if (!seen.insert(*former).second) return *std::min_element(std::ranges::find(way, *former), way.end());
        way.push_back(*former);
    }
    // What replaced another one is held. Only what came before all of it may not be.
    if (way.size() > 1 && !right_of(fold.database, way.back())) way.pop_back();
    return way.back();
}

struct Replacement {
    TicketId ticket;
    WallTime wall;
};

std::vector<Replacement> replacements_of(Fold& fold, const TicketId& ticket) {
    std::vector<Replacement> found;
    auto rows = fold.rows("SELECT ref, wall FROM ticket_mark WHERE sold = ? AND ordinal = ? AND kind = ? ORDER BY ref",
                          ticket.sold, ticket.ordinal, Mark::reissue);
    while (fold.next(rows)) found.push_back({{ref_at(rows, 0), 1}, WallTime{rows.number(1)}});
    return found;
}

}  // namespace

bool is_reissue(Fold& fold, RecordRef sold) {
    return fold.number("SELECT 1 FROM ticket_mark WHERE ref = ? AND kind = ?", sold, Mark::reissue).has_value();
}

TicketFamily family_of(Fold& fold, const TicketId& ticket) {
    const auto first = first_of(fold, ticket);
    TicketFamily family{right_of(fold.database, first), {}};
    family.members.push_back({first, family.right.value_or(TicketRight{}).persons, std::nullopt});
    if (!family.right) return family;
    std::set<TicketId> seen{first};
    for (std::size_t i = 0; i < family.members.size(); ++i) {
        const auto former = family.members[i];
        for (const auto& [fresh, wall] : replacements_of(fold, former.ticket)) {
            if (!seen.insert(fresh).second) continue;
            const auto persons = right_of(fold.database, fresh).value_or(TicketRight{}).persons;
            auto entry = former.entry;
            if (!entry && persons < former.persons) entry = fold.calendar.business_date(wall);
            family.members.push_back({fresh, persons, entry});
        }
    }
    return family;
}

}  // namespace gatehouse::ledger
