// What central decides for the venue: each function looks at facts and says which record to write, or why not. Pure;
// called on the writing thread between two transactions, so the facts are never stale.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/result.hpp"
#include "schemas/records/venue.hpp"

namespace gatehouse::central {

// Units of one session that have left, and come back to, central's pool.
struct PoolFacts {
    std::uint64_t granted = 0;   // sum of all lease_granted
    std::uint64_t returned = 0;  // units of refunded tickets, each once, and what fenced journals have not sold
};

// A node that was enrolled.
struct KnownNode {
    NodeId node;
    NodeName name;
    bool revoked = false;  // some epoch of it
};

// capacity - paper_slice - granted + returned, never below 0 nor above capacity - paper_slice.
[[nodiscard]] std::uint32_t units_left(const Session& session, const PoolFacts& pool);

// Errors: not_found (session or node), forbidden (a revoked node), invalid_body (no units), no_units_left (the detail
// says how many are left).
[[nodiscard]] Result<LeaseGranted> grant_lease(const Catalogue& catalogue, std::span<const KnownNode> nodes,
                                               const PoolFacts& pool, const LeaseGranted& wanted);

// A command with an id that became `granted` came again as `wanted`. Errors: id_reused (it asks for something else).
[[nodiscard]] Result<LeaseGranted> repeat_lease(const LeaseGranted& granted, const LeaseGranted& wanted);

// The next catalogue: `proposed` with the next version. Operators that come without a PIN hash keep theirs.
// `expected` is the version that If-Match named.
// Errors: version_conflict; forbidden (operators changed without the right to); invalid_body (names the field): what
// check_catalogue finds, no administrator left who can log in, or a session cut below what has been granted of it.
[[nodiscard]] Result<CataloguePublished> publish_catalogue(const Catalogue& current, Catalogue proposed,
                                                           std::uint64_t expected, bool may_change_operators,
                                                           const std::map<SessionId, PoolFacts>& pools);

// A publication on top of `expected` that came again, because its answer was lost: what it wants is in force already,
// as the version behind that.
[[nodiscard]] bool is_in_force(const Catalogue& current, Catalogue proposed, std::uint64_t expected);

// No node's: a machine that is being enrolled knows central by it.
constexpr std::string_view central_own_name = "central";

// Errors: invalid_body (not a name), id_reused (a node of that name is enrolled and not revoked, or it is central's
// own).
[[nodiscard]] Result<EnrolmentTokenIssued> issue_token(std::span<const KnownNode> nodes, const NodeName& name,
                                                       const Hash& token_digest, WallTime now);
constexpr std::chrono::minutes enrolment_token_life{15};

// A token that was issued, and whether a node has been enrolled under its name since.
struct TokenFacts {
    EnrolmentTokenIssued issued;
    bool used = false;
};

// The name that the token enrols. Errors: unauthenticated, whichever of unknown, used and expired it is.
[[nodiscard]] Result<NodeName> redeem_token(const TokenFacts* token, WallTime now);

// The number of the next node. Errors: too_large when 65,535 have been given out.
[[nodiscard]] Result<NodeId> next_node(std::span<const KnownNode> nodes);

// Errors: not_found, invalid_body (epoch 0, or a reason of more than 500 octets).
[[nodiscard]] Result<NodeRevoked> revoke_node(std::span<const KnownNode> nodes, const NodeRevoked& wanted);
[[nodiscard]] Result<TicketRevoked> revoke_ticket(const TicketRevoked& wanted);

// Errors: not_found, invalid_body (from is after to, or 0).
[[nodiscard]] Result<ResyncRequested> request_resync(std::span<const KnownNode> nodes, const ResyncRequested& wanted);

// The outcome is the venue's own word; a note is mandatory.
[[nodiscard]] Result<ConflictResolved> resolve_conflict(const ConflictResolved& wanted);
// Gives a conflict to an operator to look at, whatever their roles; a note may go with it, and one that was settled is
// open again. Errors: not_found (no such operator).
[[nodiscard]] Result<ConflictResolved> assign_conflict(const Catalogue& catalogue, const std::string& conflict,
                                                       const OperatorName& to, const std::string& note);

}  // namespace gatehouse::central
