#include "tests/sim/reference.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "schemas/base/match.hpp"
#include "schemas/calendar/calendar.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::sim {

namespace {

struct Reservation {
    const Verdict* verdict = nullptr;
    std::uint32_t turned = 0;
    std::uint32_t turned_companions = 0;
    std::uint32_t abandoned = 0;
};

std::int64_t cash(const std::vector<Tender>& tenders) {
    std::int64_t sum = 0;
    for (const auto& tender : tenders)
        if (tender.kind == TenderKind::cash) sum += tender.amount.value;
    return sum;
}

std::map<RecordRef, Reservation> reservations(const RecordSet& records) {
    std::map<RecordRef, Reservation> all;
    for (const auto& [ref, record] : records)
        if (const auto* verdict = std::get_if<Verdict>(&record.body))
            if (verdict->decision == Decision::admit) all[ref].verdict = verdict;
    for (const auto& [ref, record] : records) {
        const auto* passage = std::get_if<Passage>(&record.body);
        if (passage == nullptr || !all.contains(passage->verdict)) continue;
        Reservation& reserved = all.at(passage->verdict);
        if (passage->outcome == PassageOutcome::turned) {
            reserved.turned += passage->persons;
            reserved.turned_companions += passage->companions;
        } else if (passage->outcome == PassageOutcome::abandoned) {
            reserved.abandoned += passage->persons;
        }
    }
    return all;
}

struct Right {
    std::uint32_t persons = 1;
    std::uint32_t entries = 1;
};

// Of every ticket that some record made.
std::map<TicketId, Right> rights(const RecordSet& records) {
    std::map<TicketId, Right> all;
    const auto add = [&](const Bytes& octets) {
        if (const auto payload = decode_payload(octets)) all[payload->id] = {payload->persons, payload->entries};
    };
    for (const auto& [ref, record] : records) {
        if (const auto* sale = std::get_if<Sale>(&record.body))
            for (const auto& ticket : sale->tickets) add(ticket);
        if (const auto* reissue = std::get_if<Reissue>(&record.body)) add(reissue->ticket);
        if (const auto* order = std::get_if<OrderImported>(&record.body))
            all[{ref, 1}] = {order->persons, order->entries};
    }
    return all;
}

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

// Of the boots whose suspect records were dated afterwards.
struct Correction {
    std::int64_t offset_ms;
    std::optional<WallTime> began;
};
using Corrections = std::map<std::pair<NodeId, BootId>, Correction>;

// Nothing where the record says it itself, as far as is known.
std::optional<WallTime> corrected_wall(const Header& header, const Corrections& corrections) {
    const auto at = corrections.find({header.node, header.boot});
    if (header.clock != ClockQuality::suspect || at == corrections.end()) return std::nullopt;
    const auto& [offset_ms, began] = at->second;
    if (began) return WallTime{began->value + static_cast<std::int64_t>(header.boot_ns / 1'000'000)};
    return WallTime{header.wall.value + offset_ms};
}

Date effective_date(const Header& header, const Corrections& corrections, const VenueCalendar& calendar) {
    const auto wall = corrected_wall(header, corrections);
    return wall ? calendar.business_date(*wall) : header.business_date;
}

Families families(const RecordSet& records, const Corrections& corrections, const VenueCalendar& calendar) {
    Families all{rights(records), {}};
    for (const auto& [ref, record] : records) {
        const auto* reissue = std::get_if<Reissue>(&record.body);
        if (reissue == nullptr || !all.known.contains({ref, 1})) continue;
        const auto& header = record.header;
        const WallTime wall = corrected_wall(header, corrections).value_or(header.wall);
        all.replaced[{ref, 1}] = {reissue->replaced, calendar.business_date(wall)};
    }
    return all;
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

void count_passages(const RecordSet& records, const Corrections& corrections, const VenueCalendar& calendar,
                    const Families& tickets, Books& books) {
    std::map<TicketId, Admitted> admitted;
    const auto rooms = product_rooms(records);
    for (const auto& [ref, reserved] : reservations(records)) {
        const Verdict& verdict = *reserved.verdict;
        if (verdict.direction != Direction::entry) continue;
        const bool at_once = verdict.confirmation == Confirmation::at_once;
        const std::uint32_t persons = at_once ? verdict.persons : reserved.turned;
        const std::uint32_t companions = at_once ? verdict.companions : reserved.turned_companions;
        if (verdict.reentry)
            books.reentered += persons + companions;
        else
            books.turned += persons + companions;
        if (!verdict.ticket || verdict.reentry) continue;
        // Who was seen walking through has used it, also when somebody gave it back.
        const std::uint32_t persons_in =
            at_once ? verdict.persons : std::min<std::uint32_t>(reserved.turned, verdict.persons);
        const std::uint32_t held =
            std::max(persons_in, verdict.persons - std::min<std::uint32_t>(reserved.abandoned, verdict.persons));
        books.held[*verdict.ticket] += held;
        Admitted& by_ticket = admitted[tickets.first(*verdict.ticket)];
        const auto date = effective_date(records.at(ref).header, corrections, calendar);
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
    Corrections corrections;
    std::set<RecordRef> grants;
    for (const auto& [ref, record] : records)
        if (const auto* corrected = std::get_if<ClockCorrected>(&record.body))
            corrections.try_emplace({ref.node, corrected->boot}, Correction{corrected->offset_ms, record.boot_began});
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
                         [](const auto&) {}},
                   record.body);
    }
    count_passages(records, corrections, calendar, tickets, books);
    return books;
}

}  // namespace gatehouse::sim
