// The reference: what a person must settle, each kind by its own sentence in docs.
#include <algorithm>

#include "schemas/base/match.hpp"
#include "tests/sim/reference_parts.hpp"

namespace gatehouse::sim {

namespace {

// Units of a session that each of its tickets stands for.
struct Units {
    SessionId session;
    std::int64_t units = 0;
};

std::map<TicketId, Units> units_of_tickets(const RecordSet& records) {
    std::map<TicketId, Units> all;
    for (const auto& [ref, record] : records) {
        const auto* sale = std::get_if<Sale>(&record.body);
        if (sale == nullptr) continue;
        std::uint16_t ordinal = 0;
        for (const auto& line : sale->lines)
            for (std::uint32_t i = 0; i < line.quantity; ++i) {
                ++ordinal;
                if (line.session) all[{ref, ordinal}] = {*line.session, std::max<std::int64_t>(1, line.persons)};
            }
    }
    return all;
}

const Catalogue* latest_catalogue(const RecordSet& records) {
    const Catalogue* latest = nullptr;
    for (const auto& [ref, record] : records)
        if (const auto* published = std::get_if<CataloguePublished>(&record.body))
            if (latest == nullptr || published->catalogue.version >= latest->version) latest = &published->catalogue;
    return latest;
}

// By node and session: units whose grant is held, as far as both central and the node's first word of it say.
std::map<std::pair<NodeId, SessionId>, std::uint64_t> granted_units(const RecordSet& records) {
    std::map<std::pair<NodeId, SessionId>, std::uint64_t> granted;
    std::set<std::pair<NodeId, RecordRef>> spoken_of;
    for (const auto& [ref, record] : records) {
        const auto* lease = std::get_if<LeaseReceived>(&record.body);
        if (lease == nullptr || !spoken_of.insert({ref.node, lease->grant}).second) continue;
        const auto held = records.find(lease->grant);
        const auto* grant = held == records.end() ? nullptr : std::get_if<LeaseGranted>(&held->second.body);
        if (grant != nullptr && grant->node == ref.node && grant->session == lease->session)
            granted[{ref.node, lease->session}] += std::min(lease->units, grant->units);
    }
    return granted;
}

// More sold and not given back than a session has, or more sold at a node than it was granted.
void find_oversold(const RecordSet& records, Books& books) {
    const auto tickets = units_of_tickets(records);
    std::map<SessionId, std::int64_t> live;
    for (const auto& [ticket, units] : tickets) live[units.session] += units.units;
    std::set<TicketId> refunded;
    for (const auto& [ref, record] : records)
        if (const auto* refund = std::get_if<Refund>(&record.body))
            for (const auto& part : refund->tickets)
                if (tickets.contains(part.ticket) && refunded.insert(part.ticket).second)
                    live[tickets.at(part.ticket).session] -= tickets.at(part.ticket).units;
    if (const auto* catalogue = latest_catalogue(records))
        for (const auto& session : catalogue->sessions)
            if (live[session.id] > session.capacity) books.oversold.insert(session.id.value);
    auto granted = granted_units(records);
    for (const auto& [where, units] : books.units)
        if (units.second > granted[where])
            books.oversold.insert(where.second.value + "@" + std::to_string(where.first.value));
}

// A supervisor who refunds what is known to be admitted knows why; any other refund of an admitted ticket is a loss. It
// is one right, whichever of a family was refunded or used.
void find_after_refund(const RecordSet& records, const Families& tickets, Books& books) {
    std::set<TicketId> used;
    for (const auto& [ticket, held] : books.held)
        if (held > 0) used.insert(tickets.first(ticket));
    for (const auto& [ref, record] : records) {
        const auto* refund = std::get_if<Refund>(&record.body);
        if (refund == nullptr) continue;
        for (const auto& part : refund->tickets) {
            const bool known = refund->by_supervisor && part.was_admitted;
            if (!known && used.contains(tickets.first(part.ticket)))
                books.admitted_after_refund.insert(tickets.first(part.ticket));
        }
    }
}

// By the clocks of the records: a ticket that was used later than it was revoked or replaced, each by itself.
void find_after_revocation(const RecordSet& records, const Corrections& corrections, Books& books) {
    std::map<TicketId, WallTime> void_since;
    for (const auto& [ref, record] : records) {
        const WallTime wall = effective_wall(record.header, corrections);
        const auto ends = [&](const TicketId& ticket) {
            const auto [at, fresh] = void_since.try_emplace(ticket, wall);
            if (!fresh) at->second = std::min(at->second, wall);
        };
        std::visit(Match{[&](const TicketRevoked& revoked) { ends(revoked.ticket); },
                         [&](const Reissue& reissue) { ends(reissue.replaced); }, [](const auto&) {}},
                   record.body);
    }
    for (const auto& [ref, reserved] : reservations(records)) {
        if (!reserved.uses() || reserved.held() == 0) continue;
        const auto since = void_since.find(*reserved.verdict->ticket);
        if (since != void_since.end() && effective_wall(records.at(ref).header, corrections) > since->second)
            books.admitted_after_revocation.insert(*reserved.verdict->ticket);
    }
}

}  // namespace

void find_conflicts(const RecordSet& records, const Corrections& corrections, const Families& tickets, Books& books) {
    find_oversold(records, books);
    find_after_refund(records, tickets, books);
    find_after_revocation(records, corrections, books);
}

}  // namespace gatehouse::sim
