// Which role may ask central for what. An administrator may everything.
#pragma once

#include <cstdint>
#include <span>

#include "schemas/base/result.hpp"
#include "schemas/catalogue/catalogue.hpp"

namespace gatehouse::central {

enum class Right : std::uint8_t {
    read_catalogue,
    write_catalogue,  // all but operators
    write_operators,  // names, roles, PINs
    enrol_nodes,      // issue enrolment tokens
    read_nodes,
    revoke_nodes,
    order_resync,
    read_leases,
    grant_leases,
    import_orders,
    read_redemptions,
    revoke_tickets,
    read_records,  // everybody's actions, one by one
    read_conflicts,
    resolve_conflicts,
    settle_tenders,
    read_reports,
    read_occupancy,
    follow_events,
};

[[nodiscard]] bool may(std::span<const Role> roles, Right right);
// What is told to who may not: it names the roles that may.
[[nodiscard]] Error needs_role_for(Right right);

}  // namespace gatehouse::central
