// Reports as the API shows them: JSON, and CSV with the same columns. Values in, values out.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "schemas/calendar/calendar.hpp"
#include "sync/central/completeness.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::central {

struct ReportFrame {
    const VenueCalendar& calendar;
    std::string currency;
    std::map<NodeId, NodeName> names;
    Date business_date;
    const Completeness& completeness;
};

[[nodiscard]] boost::json::object completeness_json(const Completeness& completeness, const VenueCalendar& calendar);
[[nodiscard]] boost::json::object sales_json(const ledger::SalesReport& report, const ReportFrame& frame);
[[nodiscard]] boost::json::object admissions_json(const ledger::AdmissionsReport& report, const ReportFrame& frame);
[[nodiscard]] boost::json::object shifts_json(const std::vector<ledger::ShiftRow>& rows, const ReportFrame& frame);

// The rows under `key` as a table, then an empty line, then the completeness as a second table.
[[nodiscard]] std::string report_csv(const boost::json::object& report, std::string_view key);

}  // namespace gatehouse::central
