// Revocations of tickets and nodes, and conflicts (待核差异) with their resolution.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/api/conflict_shape.hpp"
#include "sync/central/venue_facts.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

sync::HttpResponse recorded(const RecordRef& ref) { return sync::json_response(201, {{"record", to_string(ref)}}); }

struct WantedRevocation {
    std::optional<TicketId> ticket;
    std::string node;
    NodeRevoked of_node;
    std::string reason;
};

Result<WantedRevocation> read_revocation(const Call& call) {
    const auto body = parse_json(call.request.body);
    if (!body) return body.error();
    JsonFault fault;
    JsonReader in{fault, *body};
    WantedRevocation wanted;
    if (in.has("ticket")) {
        wanted.ticket = in.ticket_id("ticket");
    } else {
        wanted.node = std::to_string(in.integer<std::uint16_t>("node", 1, 65'535));
        wanted.of_node.epoch = Epoch{in.integer<std::uint32_t>("epoch", 1, ledger::largest_epoch)};
        wanted.of_node.last = Seq{in.integer<std::uint64_t>("last_seq", 0, ledger::largest_seq)};
    }
    wanted.reason = in.text("reason", 500);
    in.finish();
    if (fault.error) return *fault.error;
    return wanted;
}

Result<Decided> revoke_one_ticket(const WantedRevocation& wanted) {
    const auto revoked = revoke_ticket({*wanted.ticket, wanted.reason});
    if (!revoked) return revoked.error();
    return Decided{*revoked, recorded};
}

Result<Decided> revoke_one_node(WantedRevocation wanted, Writing& writing) {
    const auto node = node_of(writing.reader, wanted.node);
    if (!node) return node.error();
    wanted.of_node.node = *node;
    wanted.of_node.reason = wanted.reason;
    const auto revoked = revoke_node(known_nodes(writing.reader), wanted.of_node);
    if (!revoked) return revoked.error();
    return Decided{*revoked, recorded};
}

}  // namespace

void call_revoke(const Call& call) {
    const auto wanted = read_revocation(call);
    if (!wanted) return call.refuse(wanted.error());
    // Taking away a node's word is for those who run nodes.
    if (!wanted->ticket && !may(call.who.roles, Right::revoke_nodes))
        return call.refuse(needs_role_for(Right::revoke_nodes));
    if (wanted->ticket && !may(call.who.roles, Right::revoke_tickets))
        return call.refuse(needs_role_for(Right::revoke_tickets));
    answer_write(call, [wanted = *wanted](const Call&, Writing& writing) -> Result<Decided> {
        return wanted.ticket ? revoke_one_ticket(wanted) : revoke_one_node(wanted, writing);
    });
}

void call_list_conflicts(const Call& call) {
    const auto state = call.request.parameter("state").value_or("all");
    if (state != "all" && state != "open" && state != "resolved")
        return call.refuse(fail(ErrorCode::invalid_body, "state: open, resolved or all"));
    answer_read(call, [state = std::string{state}](const Call& asked, Reading& reading) {
        json::array conflicts;
        for (const auto& conflict : reading.reports.conflicts(state == "open"))
            if (state != "resolved" || conflict.resolved)
                conflicts.push_back(conflict_json(*asked.services, reading.reader, conflict));
        return sync::json_response(200, {{"conflicts", std::move(conflicts)}});
    });
}

void call_assign_conflict(const Call& call) {
    const auto body = parse_json(call.request.body);
    if (!body) return call.refuse(body.error());
    JsonFault fault;
    JsonReader in{fault, *body};
    const auto to = in.named<OperatorName>("operator");
    const auto note = in.optional_text("note", 400).value_or("");
    in.finish();
    if (fault.error) return call.refuse(*fault.error);
    answer_write(call, [to, note](const Call& asked, Writing& writing) -> Result<Decided> {
        ledger::Reports reports{writing.reader, asked.services->store.options().venue};
        auto conflict = reports.conflict(asked.parts.at(0));
        if (!conflict) return fail(ErrorCode::not_found, "no such conflict");
        auto assigned = assign_conflict(writing.reader.catalogue().value_or(Catalogue{}), conflict->id, to, note);
        if (!assigned) return assigned.error();
        conflict->resolved.reset();
        conflict->assigned = to;
        const auto answer = conflict_json(*asked.services, writing.reader, *conflict);
        return Decided{std::move(*assigned), [answer](const RecordRef&) { return sync::json_response(200, answer); }};
    });
}

void call_resolve_conflict(const Call& call) {
    const auto body = parse_json(call.request.body);
    if (!body) return call.refuse(body.error());
    JsonFault fault;
    JsonReader in{fault, *body};
    ConflictResolved wanted;
    wanted.conflict = call.parts.at(0);
    wanted.outcome = in.text("outcome", 200);
    wanted.note = in.text("note", 500);
    in.finish();
    if (fault.error) return call.refuse(*fault.error);
    answer_write(call, [wanted](const Call& asked, Writing& writing) -> Result<Decided> {
        ledger::Reports reports{writing.reader, asked.services->store.options().venue};
        const auto conflict = reports.conflict(wanted.conflict);
        if (!conflict) return fail(ErrorCode::not_found, "no such conflict");
        const auto resolved = resolve_conflict(wanted);
        if (!resolved) return resolved.error();
        auto answer = conflict_json(*asked.services, writing.reader, *conflict);
        answer.erase("assigned");
        add_resolution(answer, *asked.services, *resolved, asked.who.name, writing.clock.wall);
        return Decided{*resolved, [answer](const RecordRef&) { return sync::json_response(200, answer); }};
    });
}

}  // namespace gatehouse::central
