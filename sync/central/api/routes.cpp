#include "sync/central/api/routes.hpp"

#include <array>

#include "sync/central/api/calls.hpp"

namespace gatehouse::central {

namespace {

constexpr std::array routes{
    Route{"POST", "/api/v1/login", {}, call_login},
    Route{"POST", "/api/v1/session", {}, call_begin_session},
    Route{"GET", "/api/v1/session", Right::read_catalogue, call_read_session},
    Route{"DELETE", "/api/v1/session", Right::read_catalogue, call_end_session},
    Route{"GET", "/api/v1/catalogue", Right::read_catalogue, call_get_catalogue},
    Route{"PUT", "/api/v1/catalogue", Right::write_catalogue, call_put_catalogue},
    Route{"GET", "/api/v1/catalogue/versions", Right::read_catalogue, call_list_versions},
    Route{"GET", "/api/v1/catalogue/versions/{}", Right::read_catalogue, call_get_version},
    Route{"POST", "/api/v1/catalogue/check", Right::write_catalogue, call_check_catalogue},
    Route{"POST", "/api/v1/enrolment-tokens", Right::enrol_nodes, call_issue_token},
    Route{"GET", "/api/v1/nodes", Right::read_nodes, call_list_nodes},
    Route{"GET", "/api/v1/nodes/{}", Right::read_nodes, call_get_node},
    Route{"POST", "/api/v1/nodes/{}/revoke", Right::revoke_nodes, call_revoke_node},
    Route{"POST", "/api/v1/nodes/{}/resync", Right::order_resync, call_resync_node},
    Route{"GET", "/api/v1/leases", Right::read_leases, call_list_leases},
    Route{"POST", "/api/v1/leases", Right::grant_leases, call_grant_lease},
    Route{"POST", "/api/v1/orders/import", Right::import_orders, call_import_orders},
    Route{"GET", "/api/v1/redemptions", Right::read_redemptions, call_redemptions},
    Route{"GET", "/api/v1/tickets/{}", Right::read_conflicts, call_get_ticket},
    // Which of tickets and nodes is known with the body: the call asks again.
    Route{"POST", "/api/v1/revocations", Right::read_conflicts, call_revoke},
    Route{"GET", "/api/v1/conflicts", Right::read_conflicts, call_list_conflicts},
    Route{"POST", "/api/v1/conflicts/{}/assign", Right::resolve_conflicts, call_assign_conflict},
    Route{"POST", "/api/v1/conflicts/{}/resolve", Right::resolve_conflicts, call_resolve_conflict},
    Route{"GET", "/api/v1/records", Right::read_records, call_list_records},
    Route{"GET", "/api/v1/records/{}", Right::read_records, call_get_record},
    Route{"GET", "/api/v1/tenders/unverified", Right::read_reports, call_list_tenders},
    Route{"POST", "/api/v1/sales/{}/tenders/{}/settle", Right::settle_tenders, call_settle_tender},
    Route{"GET", "/api/v1/reports/sales", Right::read_reports, call_sales_report},
    Route{"GET", "/api/v1/reports/admissions", Right::read_reports, call_admissions_report},
    Route{"GET", "/api/v1/reports/shifts", Right::read_reports, call_shifts_report},
    Route{"GET", "/api/v1/occupancy", Right::read_occupancy, call_occupancy},
    Route{"GET", "/api/v1/completeness", Right::read_reports, call_completeness},
    Route{"GET", "/api/v1/events", Right::follow_events, call_events},
    Route{"GET", "/livez", {}, call_livez},
    Route{"GET", "/readyz", {}, call_readyz},
    Route{"GET", "/healthz", {}, call_healthz},
    Route{"GET", "/metrics", {}, call_metrics},
};

}  // namespace

std::span<const Route> api_routes() { return routes; }

}  // namespace gatehouse::central
