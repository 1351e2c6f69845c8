// Leases (离线配额): what was granted, what is left, and granting.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "schemas/records/lease_extension.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/venue_facts.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

json::array session_list(const Catalogue& catalogue, const std::map<SessionId, PoolFacts>& pools) {
    json::array sessions;
    for (const auto& session : catalogue.sessions) {
        const auto at = pools.find(session.id);
        const auto pool = at == pools.end() ? PoolFacts{} : at->second;
        sessions.push_back({{"session", session.id.value},
                            {"capacity", session.capacity},
                            {"paper_slice", session.paper_slice},
                            {"granted", pool.granted},
                            {"returned", pool.returned},
                            {"pool", units_left(session, pool)}});
    }
    return sessions;
}

struct WantedLease {
    std::optional<ClientId> id;
    std::string node;  // its number, or its name
    SessionId session;
    std::uint32_t units = 0;
};

Result<WantedLease> read_lease(const Call& call) {
    const auto body = parse_json(call.request.body);
    if (!body) return body.error();
    JsonFault fault;
    JsonReader in{fault, *body};
    const auto* node = body->is_object() ? body->get_object().if_contains("node") : nullptr;
    WantedLease wanted;
    wanted.id = in.optional_named<ClientId>("id");
    wanted.node = node != nullptr && node->is_string() ? in.text("node", 32)
                                                       : std::to_string(in.integer<std::uint16_t>("node", 1, 65'535));
    wanted.session = in.named<SessionId>("session");
    wanted.units = in.integer<std::uint32_t>("units", 1, 1'000'000);
    in.finish();
    if (fault.error) return *fault.error;
    return wanted;
}

// The lease that an earlier command with this id became. Nodes' ids are no concern of central's: its own come first.
std::optional<ledger::Record> earlier_lease(ledger::LedgerReader& reader, const std::optional<ClientId>& id) {
    const auto ref = id ? reader.by_client(*id, central_node) : std::nullopt;
    const auto record = ref && ref->node == central_node ? reader.record(*ref) : std::nullopt;
    const auto* ordered = record ? std::get_if<LeaseOrdered>(&record->body) : nullptr;
    return ordered ? reader.record(ordered->grant) : std::nullopt;
}

sync::HttpResponse granted_json(const RecordRef& ref, const LeaseGranted& lease) {
    return sync::json_response(201, {{"lease", to_string(ref)},
                                     {"node", lease.node.value},
                                     {"session", lease.session.value},
                                     {"units", lease.units}});
}

// Decides, and writes the lease and what makes its command known again, if anything.
sync::HttpResponse grant(const Call& call, const WantedLease& asked, Writing& writing) {
    const auto node = node_of(writing.reader, asked.node);
    if (!node) return sync::problem(node.error());
    const LeaseGranted wanted{*node, asked.session, asked.units};
    if (const auto earlier = earlier_lease(writing.reader, asked.id)) {
        const auto again = repeat_lease(std::get<LeaseGranted>(earlier->body), wanted);
        return again ? granted_json(earlier->ref(), *again) : sync::problem(again.error());
    }
    const auto catalogue = writing.reader.catalogue().value_or(Catalogue{});
    const auto pool = pool_facts(writing.reader)[asked.session];
    const auto granted = grant_lease(catalogue, known_nodes(writing.reader), pool, wanted);
    if (!granted) {
        const auto* session = catalogue.session(asked.session);
        json::object members;
        if (granted.error().code == ErrorCode::no_units_left && session != nullptr)
            members["units_left"] = units_left(*session, pool);
        return sync::problem(granted.error(), members);
    }
    // Only that epoch may sell the units: what a node loses with its database it must not be given again by itself.
    const auto extension = lease_extension(latest_epoch(writing.reader, *node));
    const auto record = writing.journal.append(writing.ledger, *granted, call.who.name, writing.clock, extension);
    if (!record) return sync::problem(record.error());
    if (asked.id) {
        const LeaseOrdered ordered{*asked.id, record->ref()};
        const auto noted = writing.journal.append(writing.ledger, ordered, call.who.name, writing.clock);
        if (!noted) return sync::problem(noted.error());
    }
    return granted_json(record->ref(), *granted);
}

}  // namespace

void call_list_leases(const Call& call) {
    answer_read(call, [](const Call& asked, Reading& reading) {
        std::optional<NodeId> only;
        if (const auto name = asked.request.parameter("node")) {
            const auto node = node_of(reading.reader, *name);
            if (!node) return sync::problem(node.error());
            only = *node;
        }
        json::array leases;
        for (const auto& grant : reading.reader.grants(only)) {
            const auto record = reading.reader.record(grant.ref);
            if (!record) continue;
            leases.push_back({{"lease", to_string(grant.ref)},
                              {"node", grant.body.node.value},
                              {"epoch", grant.epoch.value},
                              {"session", grant.body.session.value},
                              {"units", grant.body.units},
                              {"received", grant.received},
                              {"time", time_text(*asked.services, record->header.wall)},
                              {"operator", record->header.actor.value}});
        }
        const auto catalogue = asked.services->store.catalogue();
        return sync::json_response(
            200, {{"leases", std::move(leases)}, {"sessions", session_list(*catalogue, pool_facts(reading.reader))}});
    });
}

void call_grant_lease(const Call& call) {
    const auto wanted = read_lease(call);
    if (!wanted) return call.refuse(wanted.error());
    const auto job = [call, wanted = *wanted](Writing& writing) -> Committed {
        return [call, response = grant(call, wanted, writing)](const Result<void>& outcome) {
            call.answer(outcome ? response : sync::problem(outcome.error()));
        };
    };
    call.services->store.submit(job, [call](const Error& why) { call.refuse(why); });
}

}  // namespace gatehouse::central
