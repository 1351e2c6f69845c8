#include "sync/central/venue_desk.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "schemas/json/catalogue_json.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::central {

namespace {

constexpr std::size_t longest_words = 500;

const KnownNode* find(std::span<const KnownNode> nodes, NodeId node) {
    const auto at = std::ranges::find(nodes, node, &KnownNode::node);
    return at == nodes.end() ? nullptr : &*at;
}

Result<void> check_text(std::string_view text, std::string_view field) {
    if (text.empty() || text.size() > longest_words)
        return fail_at(field, Why::octets, "1 to {most} octets", {{"most", std::to_string(longest_words)}});
    return {};
}

bool same_people(const std::vector<Operator>& before, const std::vector<Operator>& after) {
    const auto known = [&](const Operator& o) { return std::ranges::find(before, o) != before.end(); };
    return before.size() == after.size() && std::ranges::all_of(after, known);
}

bool can_administer(const Operator& o) {
    return !o.pin_hash.empty() && std::ranges::find(o.roles, Role::administrator) != o.roles.end();
}

// What nodes sell of it; the rest is for paper.
std::uint64_t room_of(const Session& session) {
    return std::uint64_t{session.capacity} - std::min(session.capacity, session.paper_slice);
}

// A session may be out by more than it has: what had come back from a revoked node is out again when that node turns
// out to be a clone. That is no reason to refuse what does not cut it any further.
Result<void> check_pools(const Catalogue& current, const Catalogue& proposed,
                         const std::map<SessionId, PoolFacts>& pools) {
    for (const auto& [id, pool] : pools) {
        if (pool.granted == 0) continue;
        const auto* session = proposed.session(id);
        if (session == nullptr)
            return fail_at("sessions", Why::granted, "units of {session} have been granted; it must stay",
                           {{"session", id.value}});
        const auto* before = current.session(id);
        const auto room = room_of(*session);
        if (room + pool.returned < pool.granted && (before == nullptr || room < room_of(*before)))
            return fail_at("sessions." + id.value + ".capacity", Why::granted_units, "{units} units have been granted",
                           {{"units", std::to_string(pool.granted)}});
    }
    return {};
}

// Operators that come without a PIN hash keep theirs.
void keep_pins(const Catalogue& current, Catalogue& proposed) {
    for (auto& person : proposed.operators) {
        const auto* former = current.operator_named(person.name);
        if (person.pin_hash.empty() && former != nullptr) person.pin_hash = former->pin_hash;
    }
}

}  // namespace

std::uint32_t units_left(const Session& session, const PoolFacts& pool) {
    const auto room = room_of(session);
    const auto out = pool.granted - std::min(pool.granted, pool.returned);
    return static_cast<std::uint32_t>(room - std::min(room, out));
}

Result<LeaseGranted> grant_lease(const Catalogue& catalogue, std::span<const KnownNode> nodes, const PoolFacts& pool,
                                 const LeaseGranted& wanted) {
    const auto* session = catalogue.session(wanted.session);
    if (session == nullptr) return fail(ErrorCode::not_found, "no session " + wanted.session.value);
    const auto* node = find(nodes, wanted.node);
    if (node == nullptr) return fail(ErrorCode::not_found, "no node " + std::to_string(wanted.node.value));
    if (node->revoked)
        return fail(ErrorCode::forbidden, Why::node_revoked, "node {name} is revoked", {{"name", node->name.value}});
    if (wanted.units == 0) return fail_at("units", Why::range, "at least 1");
    const auto left = units_left(*session, pool);
    if (wanted.units > left)
        return fail(ErrorCode::no_units_left, Why::units_left, "{units} left", {{"units", std::to_string(left)}});
    return wanted;
}

Result<LeaseGranted> repeat_lease(const LeaseGranted& granted, const LeaseGranted& wanted) {
    if (granted != wanted) return fail(ErrorCode::id_reused, "this id was another lease's");
    return granted;
}

Result<CataloguePublished> publish_catalogue(const Catalogue& current, Catalogue proposed, std::uint64_t expected,
                                             bool may_change_operators, const std::map<SessionId, PoolFacts>& pools) {
    if (expected != current.version)
        return fail(ErrorCode::version_conflict, "the catalogue is at version " + std::to_string(current.version));
    keep_pins(current, proposed);
    if (!may_change_operators && !same_people(current.operators, proposed.operators))
        return fail(ErrorCode::forbidden, Why::not_administrator, "only an administrator changes operators");
    proposed.version = current.version + 1;
    if (auto sound = check_catalogue(proposed); !sound) return sound.error();
    if (std::ranges::none_of(proposed.operators, can_administer))
        return fail_at("operators", Why::no_administrator, "nobody with a PIN would be administrator");
    if (auto kept = check_pools(current, proposed, pools); !kept) return kept.error();
    return CataloguePublished{std::move(proposed)};
}

bool is_in_force(const Catalogue& current, Catalogue proposed, std::uint64_t expected) {
    if (current.version != expected + 1) return false;
    keep_pins(current, proposed);
    proposed.version = current.version;
    return proposed == current;
}

Result<EnrolmentTokenIssued> issue_token(std::span<const KnownNode> nodes, const NodeName& name,
                                         const Hash& token_digest, WallTime now) {
    if (!is_name(name.value))
        return fail_at("name", Why::name, "1 to 32 of a-z, 0-9, '.', '_', '-', beginning with a-z or 0-9");
    // The TLS certificate of that name is how a machine that is being enrolled knows central.
    if (name.value == central_own_name) return fail(ErrorCode::id_reused, "name: that is central's own");
    const auto taken = [&](const KnownNode& node) { return node.name == name && !node.revoked; };
    if (std::ranges::any_of(nodes, taken))
        return fail(ErrorCode::id_reused, Why::node_name, "a node named {name} is enrolled; revoke it first",
                    {{"name", name.value}});
    const auto life = std::chrono::milliseconds{enrolment_token_life}.count();
    return EnrolmentTokenIssued{name, token_digest, WallTime{now.value + life}};
}

Result<NodeName> redeem_token(const TokenFacts* token, WallTime now) {
    if (token == nullptr) return fail(ErrorCode::unauthenticated, "the token is not known");
    if (token->used) return fail(ErrorCode::unauthenticated, "the token has been used");
    if (now.value >= token->issued.expires.value) return fail(ErrorCode::unauthenticated, "the token has expired");
    return token->issued.name;
}

Result<NodeId> next_node(std::span<const KnownNode> nodes) {
    std::uint16_t last = 0;
    for (const auto& node : nodes) last = std::max(last, node.node.value);
    if (last == std::numeric_limits<std::uint16_t>::max())
        return fail(ErrorCode::too_large, "all 65,535 node numbers have been given out");
    return NodeId{static_cast<std::uint16_t>(last + 1)};
}

Result<NodeRevoked> revoke_node(std::span<const KnownNode> nodes, const NodeRevoked& wanted) {
    if (find(nodes, wanted.node) == nullptr)
        return fail(ErrorCode::not_found, "no node " + std::to_string(wanted.node.value));
    if (wanted.epoch.value == 0) return fail_at("epoch", Why::range, "from 1");
    if (auto good = check_text(wanted.reason, "reason"); !good) return good.error();
    return wanted;
}

Result<TicketRevoked> revoke_ticket(const TicketRevoked& wanted) {
    if (wanted.ticket.sold.epoch.value == 0 || wanted.ticket.sold.seq.value == 0 || wanted.ticket.ordinal == 0)
        return fail_at("ticket", Why::ticket, "node, epoch, seq and ordinal, as 7-1-1234-1");
    if (auto good = check_text(wanted.reason, "reason"); !good) return good.error();
    return wanted;
}

Result<ResyncRequested> request_resync(std::span<const KnownNode> nodes, const ResyncRequested& wanted) {
    if (find(nodes, wanted.node) == nullptr)
        return fail(ErrorCode::not_found, "no node " + std::to_string(wanted.node.value));
    if (wanted.from.value == 0 || wanted.from > wanted.to)
        return fail_at("from", Why::order, "1 or more, and not after to");
    return wanted;
}

Result<ConflictResolved> resolve_conflict(const ConflictResolved& wanted) {
    if (auto good = check_text(wanted.outcome, "outcome"); !good) return good.error();
    if (auto good = check_text(wanted.note, "note"); !good) return good.error();
    if (wanted.outcome == ledger::outcome_assigned)
        return fail(ErrorCode::invalid_body, "outcome: 'assigned' settles nothing");
    return wanted;
}

Result<ConflictResolved> assign_conflict(const Catalogue& catalogue, const std::string& conflict,
                                         const OperatorName& to, const std::string& note) {
    if (catalogue.operator_named(to) == nullptr)
        return fail(ErrorCode::not_found, "operator: nobody here is called " + to.value);
    return ConflictResolved{conflict, std::string{ledger::outcome_assigned},
                            note.empty() ? to.value : to.value + ' ' + note};
}

}  // namespace gatehouse::central
