// The calls of central's API, one function each; routes.cpp says which path is which. Each answers once, now or
// later. Shapes are in schemas/api.
#pragma once

#include "sync/central/api/services.hpp"

namespace gatehouse::central {

// The name of the cookie of central's browsers' sessions.
constexpr std::string_view browser_cookie = "gatehouse-central";

void call_login(const Call& call);
void call_begin_session(const Call& call);
void call_read_session(const Call& call);
void call_end_session(const Call& call);

void call_get_catalogue(const Call& call);
void call_put_catalogue(const Call& call);
void call_check_catalogue(const Call& call);
void call_list_versions(const Call& call);
void call_get_version(const Call& call);

void call_issue_token(const Call& call);
void call_list_nodes(const Call& call);
void call_get_node(const Call& call);
void call_revoke_node(const Call& call);
void call_resync_node(const Call& call);

void call_list_leases(const Call& call);
void call_grant_lease(const Call& call);

void call_import_orders(const Call& call);
void call_redemptions(const Call& call);

void call_get_ticket(const Call& call);
void call_revoke(const Call& call);
void call_list_conflicts(const Call& call);
void call_assign_conflict(const Call& call);
void call_resolve_conflict(const Call& call);

void call_list_records(const Call& call);
void call_get_record(const Call& call);

void call_list_tenders(const Call& call);
void call_settle_tender(const Call& call);

void call_sales_report(const Call& call);
void call_admissions_report(const Call& call);
void call_shifts_report(const Call& call);
void call_occupancy(const Call& call);
void call_completeness(const Call& call);

void call_events(const Call& call);
void call_livez(const Call& call);
void call_readyz(const Call& call);
void call_healthz(const Call& call);
void call_metrics(const Call& call);

}  // namespace gatehouse::central
