// What is known of one ticket, for whoever is about to revoke it.
#include <algorithm>
#include <map>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "sync/central/api/calls.hpp"
#include "sync/central/machine_clock.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

json::object use_json(const ApiServices& services, const ledger::Use& use) {
    return {{"record", to_string(use.verdict)},
            {"time", time_text(services, use.at)},
            {"gate", use.gate.value},
            {"lane", use.lane.value},
            {"persons", use.held()}};
}

// Persons that it still lets in. An entry stays open for its remaining persons until its business date ends.
std::uint64_t places_left(const TicketPayload& payload, const ledger::TicketFacts& facts, Date today) {
    std::map<Date, std::uint64_t> held_by_date;
    for (const auto& [verdict, use] : facts.uses)
        if (use.direction == Direction::entry && !use.reentry) held_by_date[use.business_date] += use.held();
    const std::uint64_t persons = std::max<std::uint64_t>(payload.persons, 1);
    const std::uint64_t all = payload.entries * persons;
    std::uint64_t gone = 0;
    for (const auto& [date, held] : held_by_date)
        gone += date == today ? held : (held + persons - 1) / persons * persons;
    return all > gone ? all - gone : 0;
}

void add_origin(json::object& out, const ApiServices& services, const ledger::TicketOrigin& origin) {
    out["product"] = origin.payload.product.value;
    out["persons"] = origin.payload.persons;
    out["entries"] = origin.payload.entries;
    out["price_minor"] = origin.price.value;
    out["currency"] = services.settings.currency;
    if (origin.payload.session) out["session"] = origin.payload.session->id.value;
    if (origin.order_code) out["channel"] = origin.channel;
}

json::object ticket_json(const ApiServices& services, ledger::LedgerReader& reader, const TicketId& id) {
    const auto facts = reader.ticket(id);
    json::object out{{"ticket", to_string(id)},
                     {"known", facts.origin.has_value()},
                     {"refunded", !facts.refunds.empty()},
                     {"revoked", !facts.revocations.empty()},
                     {"replaced", !facts.reissues.empty()}};
    if (facts.origin) {
        add_origin(out, services, *facts.origin);
        const auto today = services.calendar.business_date(read_clock({}).wall);
        out["persons_left"] = places_left(facts.origin->payload, facts, today);
    }
    if (const auto record = facts.origin ? reader.record(id.sold) : std::nullopt) {
        out["time"] = time_text(services, record->header.wall);
        out["operator"] = record->header.actor.value;
    }
    json::array uses;
    for (const auto& [verdict, use] : facts.uses)
        if (use.held() > 0) uses.push_back(use_json(services, use));
    out["uses"] = std::move(uses);
    return out;
}

}  // namespace

void call_get_ticket(const Call& call) {
    const auto id = parse_ticket_id(call.parts.at(0));
    if (!id) return call.refuse(fail(ErrorCode::not_found, "that is no ticket's id"));
    answer_read(call, [id = *id](const Call& asked, Reading& reading) {
        return sync::json_response(200, ticket_json(*asked.services, reading.reader, id));
    });
}

}  // namespace gatehouse::central
