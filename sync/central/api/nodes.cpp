// Nodes: tokens for new ones, the list, revocation, resync.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/venue_facts.hpp"
#include "sync/link/enrolment.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

constexpr std::uint64_t all_records = (1ULL << 32U) - 1;

// `known` is the highest number that its owner signed and that was heard of.
json::object epoch_json(const ApiServices& services, const ledger::JournalState& state, Seq announced) {
    auto known = std::max(state.head, announced);
    if (state.announced) known = std::max(known, state.announced->seq);
    json::object out{{"epoch", state.journal.epoch.value},
                     {"head", known.value},
                     {"received", state.head.value},
                     {"acked", state.receipt ? state.receipt->seq.value : 0},
                     {"forked", state.forked}};
    if (state.head.value > 0) out["last_record"] = time_text(services, state.last_wall);
    return out;
}

struct NodeLists {
    std::vector<ExpectedNode> nodes;
    std::vector<ledger::JournalState> journals;
    std::map<NodeId, ConnectedNode> connected;
    std::map<NodeId, ledger::NodeCatalogue> catalogues;
    std::uint64_t newest = 0;  // catalogue
};

NodeLists read_lists(const Call& call, ledger::LedgerReader& reader) {
    return {expected_nodes(reader, call.services->presence), reader.journals(), call.services->presence.connected(),
            reader.node_catalogues(), reader.catalogue_version()};
}

// The catalogue that the node works with, by what it acknowledged; null before it said anything.
json::value held_catalogue(const ApiServices& services, const NodeLists& lists, NodeId node) {
    const auto held = lists.catalogues.find(node);
    if (held == lists.catalogues.end()) return nullptr;
    const auto& [version, told] = held->second;
    return {{"version", version},
            {"behind", lists.newest - std::min(version, lists.newest)},
            {"since", time_text(services, told)}};
}

json::object node_json(const ApiServices& services, const NodeLists& lists, const ExpectedNode& node) {
    json::object out{{"node", node.node.value},
                     {"name", node.name.value},
                     {"connected", lists.connected.contains(node.node)},
                     {"revoked", node.revoked},
                     {"enrolled_at", time_text(services, node.enrolled)}};
    out["last_contact"] = node.last_contact ? json::value(time_text(services, *node.last_contact)) : json::value{};
    if (const auto link = lists.connected.find(node.node); link != lists.connected.end()) {
        out["address"] = link->second.address;
        out["software"] = link->second.software;
    }
    out["catalogue"] = held_catalogue(services, lists, node.node);
    json::array epochs;
    for (const auto& state : lists.journals) {
        if (state.journal.node != node.node) continue;
        const auto announced = node.announced.find(state.journal);
        epochs.push_back(epoch_json(services, state, announced == node.announced.end() ? Seq{} : announced->second));
    }
    out["epochs"] = std::move(epochs);
    return out;
}

sync::HttpResponse recorded(unsigned status, const RecordRef& ref) {
    return sync::json_response(status, {{"record", to_string(ref)}});
}

}  // namespace

void call_issue_token(const Call& call) {
    const auto body = parse_json(call.request.body);
    if (!body) return call.refuse(body.error());
    JsonFault fault;
    JsonReader in{fault, *body};
    const auto name = in.named<NodeName>("name");
    in.finish();
    if (fault.error) return call.refuse(*fault.error);
    answer_write(call, [name](const Call& asked, Writing& writing) -> Result<Decided> {
        const auto ca = sync::fingerprint(asked.services->identity.ca.certificate);
        if (!ca) return ca.error();
        const auto token = sync::make_enrolment_token(*ca);
        const auto issued =
            issue_token(known_nodes(writing.reader), name, sync::token_digest(token), writing.clock.wall);
        if (!issued) return issued.error();
        return Decided{*issued, [asked, issued = *issued, text = to_string(token)](const RecordRef&) {
                           return sync::json_response(201,
                                                      {{"token", text},
                                                       {"name", issued.name.value},
                                                       {"expires_at", time_text(*asked.services, issued.expires)}});
                       }};
    });
}

void call_list_nodes(const Call& call) {
    answer_read(call, [](const Call& asked, Reading& reading) {
        const auto lists = read_lists(asked, reading.reader);
        json::array nodes;
        for (const auto& node : lists.nodes) nodes.push_back(node_json(*asked.services, lists, node));
        return sync::json_response(200, {{"nodes", std::move(nodes)}});
    });
}

void call_get_node(const Call& call) {
    answer_read(call, [](const Call& asked, Reading& reading) {
        const auto id = node_of(reading.reader, asked.parts.at(0));
        if (!id) return sync::problem(id.error());
        const auto lists = read_lists(asked, reading.reader);
        const auto node = std::ranges::find(lists.nodes, *id, &ExpectedNode::node);
        return sync::json_response(200, node_json(*asked.services, lists, *node));
    });
}

void call_revoke_node(const Call& call) {
    const auto body = parse_json(call.request.body);
    if (!body) return call.refuse(body.error());
    JsonFault fault;
    JsonReader in{fault, *body};
    NodeRevoked wanted;
    wanted.last = Seq{in.integer<std::uint64_t>("last_seq", 0, all_records)};
    wanted.reason = in.text("reason", 500);
    const auto epoch = in.optional_integer<std::uint32_t>("epoch", 1, ledger::largest_epoch);
    in.finish();
    if (fault.error) return call.refuse(*fault.error);
    answer_write(call, [wanted, epoch](const Call& asked, Writing& writing) mutable -> Result<Decided> {
        const auto node = node_of(writing.reader, asked.parts.at(0));
        if (!node) return node.error();
        wanted.node = *node;
        wanted.epoch = epoch ? Epoch{*epoch} : latest_epoch(writing.reader, *node);
        const auto revoked = revoke_node(known_nodes(writing.reader), wanted);
        if (!revoked) return revoked.error();
        return Decided{*revoked, [](const RecordRef& ref) { return recorded(200, ref); }};
    });
}

void call_resync_node(const Call& call) {
    JsonFault fault;
    static const json::value nothing(json::object_kind);
    const auto body = call.request.body.empty() ? Result<json::value>{nothing} : parse_json(call.request.body);
    if (!body) return call.refuse(body.error());
    JsonReader in{fault, *body};
    const auto from = in.integer_or<std::uint64_t>("from", 1, all_records, 1);
    const auto to = in.integer_or<std::uint64_t>("to", 1, all_records, all_records);
    const auto epoch = in.optional_integer<std::uint32_t>("epoch", 1, ledger::largest_epoch);
    in.finish();
    if (fault.error) return call.refuse(*fault.error);
    answer_write(call, [from, to, epoch](const Call& asked, Writing& writing) -> Result<Decided> {
        const auto node = node_of(writing.reader, asked.parts.at(0));
        if (!node) return node.error();
        const auto wanted =
            request_resync(known_nodes(writing.reader),
                           {*node, epoch ? Epoch{*epoch} : latest_epoch(writing.reader, *node), Seq{from}, Seq{to}});
        if (!wanted) return wanted.error();
        return Decided{*wanted, [](const RecordRef& ref) { return recorded(202, ref); }};
    });
}

}  // namespace gatehouse::central
