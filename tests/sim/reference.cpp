#include "tests/sim/reference.hpp"

#include <algorithm>

#include "schemas/base/match.hpp"
#include "tests/sim/reference_parts.hpp"

namespace gatehouse::sim {

namespace {

std::int64_t cash(const std::vector<Tender>& tenders) {
    std::int64_t sum = 0;
    for (const auto& tender : tenders)
        if (tender.kind == TenderKind::cash) sum += tender.amount.value;
    return sum;
}

// What the records of gates tell of one ticket.
struct Admitted {
    std::map<Date, std::uint32_t> by_date;
    std::map<JournalId, std::uint32_t> by_gate;
    bool group = false;
    std::uint32_t product_room = 0;  // persons, by any catalogue that is held
};

// An entry is opened by its first person and ends with the business date, so entries are counted by date.
bool exceeds(const Admitted& admitted, const Right& right) {
    const std::uint32_t persons = std::max<std::uint32_t>(1, right.persons);
    std::uint32_t entries = 0;
    for (const auto& [date, held] : admitted.by_date) entries += (held + persons - 1) / persons;
    return entries > right.entries;
}

// Nobody holds what made the ticket. Each gate by itself lets in no more than it is for.
bool exceeds_unsold(const Admitted& admitted) {
    std::uint32_t held = 0;
    std::uint32_t room = std::max<std::uint32_t>(admitted.group ? 2 : 1, admitted.product_room);
    for (const auto& [gate, persons] : admitted.by_gate) {
        held += persons;
        room = std::max(room, persons);
    }
    return held > room;
}

// Persons that a ticket of each product is for, by every catalogue that is held.
std::map<ProductId, std::uint32_t> product_rooms(const RecordSet& records) {
    std::map<ProductId, std::uint32_t> rooms;
    for (const auto& [ref, record] : records)
        if (const auto* published = std::get_if<CataloguePublished>(&record.body))
            for (const auto& product : published->catalogue.products) {
                // How large a group is, only its sale says.
                const std::uint32_t persons = product.persons == 0 ? UINT16_MAX : product.persons;
                auto& room = rooms[product.id];
                room = std::max(room, persons * std::max<std::uint32_t>(product.entries, 1));
            }
    return rooms;
}

// Companions count; who is neither through nor back is uncertain.
void count_inside(const Verdict& verdict, const Reservation& reserved, Inside& inside) {
    const std::int64_t all = std::int64_t{verdict.persons} + verdict.companions;
    const std::int64_t turned = std::int64_t{reserved.turned} + reserved.turned_companions;
    const std::int64_t abandoned = std::int64_t{reserved.abandoned} + reserved.abandoned_companions;
    const bool at_once = verdict.confirmation == Confirmation::at_once;
    const bool entry = verdict.direction == Direction::entry;
    (entry ? inside.entered : inside.left) += at_once ? all : std::min(turned, all);
    if (!at_once)
        (entry ? inside.maybe_entered : inside.maybe_left) += std::max<std::int64_t>(all - turned - abandoned, 0);
}

void count_passages(const RecordSet& records, const Corrections& corrections, const VenueCalendar& calendar,
                    const Families& tickets, Books& books) {
    std::map<TicketId, Admitted> admitted;
    const auto rooms = product_rooms(records);
    for (const auto& [ref, reserved] : reservations(records)) {
        const Verdict& verdict = *reserved.verdict;
        const auto date = effective_date(records.at(ref).header, corrections, calendar);
        count_inside(verdict, reserved, books.occupancy[{date, verdict.zone}]);
        if (verdict.direction != Direction::entry) continue;
        const bool at_once = verdict.confirmation == Confirmation::at_once;
        const std::uint32_t persons = at_once ? verdict.persons : reserved.turned;
        const std::uint32_t companions = at_once ? verdict.companions : reserved.turned_companions;
        if (verdict.reentry)
            books.reentered += persons + companions;
        else
            books.turned += persons + companions;
        if (!reserved.uses()) continue;
        const std::uint32_t held = reserved.held();
        books.held[*verdict.ticket] += held;
        Admitted& by_ticket = admitted[tickets.first(*verdict.ticket)];
        by_ticket.by_date[tickets.entry_of(*verdict.ticket).value_or(date)] += held;
        by_ticket.by_gate[ref.journal()] += held;
        if (const auto room = rooms.find(verdict.product); room != rooms.end())
            by_ticket.product_room = std::max(by_ticket.product_room, room->second);
        if (held > 0 && std::ranges::find(verdict.notes, Note::group) != verdict.notes.end()) by_ticket.group = true;
    }
    for (const auto& [ticket, told] : admitted) {
        const auto right = tickets.known.find(ticket);
        if (right == tickets.known.end() ? exceeds_unsold(told) : exceeds(told, right->second))
            books.admitted_twice.insert(ticket);
    }
}

void count_sale(const RecordRef& ref, const Sale& sale, Books& books) {
    ++books.sales;
    books.sold_minor += sale.total.value;
    books.expected_cash[sale.shift] += cash(sale.tenders) - sale.change.value;
    for (const auto& line : sale.lines)
        if (line.session)
            books.units[{ref.node, *line.session}].second +=
                std::uint64_t{line.quantity} * std::max<std::uint64_t>(1, line.persons);
}

void count_refund(const Refund& refund, const Families& tickets, std::map<TicketId, int>& refunded, Books& books) {
    ++books.refunds;
    books.refunded_minor += refund.total.value;
    books.expected_cash[refund.shift] -= cash(refund.tenders);
    for (const auto& ticket : refund.tickets)
        if (++refunded[tickets.first(ticket.ticket)] > 1) books.refunded_twice.insert(tickets.first(ticket.ticket));
}

}  // namespace

Books keep_books(const RecordSet& records, const ledger::VenueSettings& venue) {
    Books books;
    std::map<TicketId, int> refunded;
    std::set<RecordRef> grants;
    const auto corrections = read_corrections(records);
    const auto calendar = *VenueCalendar::make(venue.time_zone, venue.cutover);
    const auto tickets = families(records, corrections, calendar);
    for (const auto& [ref, record] : records) {
        books.dates.insert(record.header.business_date);
        books.dates.insert(effective_date(record.header, corrections, calendar));
        std::visit(Match{[&](const Sale& sale) { count_sale(ref, sale, books); },
                         [&](const Refund& refund) { count_refund(refund, tickets, refunded, books); },
                         [&](const LeaseReceived& lease) {
                             if (grants.insert(lease.grant).second)
                                 books.units[{ref.node, lease.session}].first += lease.units;
                         },
                         [&](const ShiftOpened& shift) { books.expected_cash[ref] += shift.opening_float.value; },
                         [&](const CashMoved& moved) {
                             books.expected_cash[moved.shift] +=
                                 moved.direction == CashDirection::pay_in ? moved.amount.value : -moved.amount.value;
                         },
                         [&](const LaneCounted& counted) {
                             if (counted.cause == CountCause::green_mode) return;  // its verdicts count them
                             const auto date = effective_date(record.header, corrections, calendar);
                             auto& inside = books.occupancy[{date, counted.zone}];
                             (counted.direction == Direction::entry ? inside.entered : inside.left) += counted.persons;
                         },
                         [](const auto&) {}},
                   record.body);
    }
    count_passages(records, corrections, calendar, tickets, books);
    find_conflicts(records, corrections, tickets, books);
    return books;
}

}  // namespace gatehouse::sim
