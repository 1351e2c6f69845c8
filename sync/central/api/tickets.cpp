// What is known of one ticket, for whoever is about to revoke it.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "sync/central/api/calls.hpp"

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
    if (facts.origin) add_origin(out, services, *facts.origin);
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
