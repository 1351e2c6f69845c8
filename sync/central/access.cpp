#include "sync/central/access.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace gatehouse::central {

namespace {

constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }
constexpr unsigned any_of(std::initializer_list<Role> roles) {
    unsigned set = 0;
    for (const auto role : roles) set |= bit(role);
    return set;
}

constexpr unsigned everybody = (1U << enum_count(Role{})) - 1;
constexpr unsigned technical = any_of({Role::operator_, Role::administrator});
constexpr unsigned commercial = any_of({Role::manager, Role::administrator});
constexpr unsigned overseeing =
    any_of({Role::supervisor, Role::operator_, Role::manager, Role::auditor, Role::administrator});

unsigned holders(Right right) {
    switch (right) {
        case Right::read_catalogue: return everybody;
        case Right::read_occupancy: return everybody;
        case Right::write_catalogue: return commercial;
        case Right::write_operators: return bit(Role::administrator);
        case Right::enrol_nodes: return technical;
        case Right::read_nodes: return overseeing;
        case Right::revoke_nodes: return technical;
        case Right::order_resync: return technical;
        case Right::read_leases: return overseeing;
        case Right::grant_leases: return technical | commercial;
        case Right::import_orders: return technical | commercial;
        case Right::read_redemptions: return overseeing;
        case Right::revoke_tickets: return commercial | bit(Role::supervisor);
        case Right::read_records: return overseeing;
        case Right::read_conflicts: return overseeing;
        case Right::resolve_conflicts: return commercial | bit(Role::auditor);
        case Right::settle_tenders: return commercial | bit(Role::auditor);
        case Right::read_reports: return overseeing;
        case Right::follow_events: return overseeing;
    }
    return 0;
}

}  // namespace

bool may(std::span<const Role> roles, Right right) {
    const auto set = holders(right);
    return std::ranges::any_of(roles, [&](Role role) { return (set & bit(role)) != 0; });
}

// An administrator, who may everything, is named where nobody else may.
Error needs_role_for(Right right) {
    std::vector<Role> holding;
    for (auto role = Role::clerk; role < Role::administrator; role = static_cast<Role>(static_cast<unsigned>(role) + 1))
        if ((holders(right) & bit(role)) != 0) holding.push_back(role);
    if (holding.empty()) holding.push_back(Role::administrator);
    return needs_role(holding);
}

}  // namespace gatehouse::central
