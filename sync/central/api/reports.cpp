// The report calls: each reads on the reading thread and says how whole it is.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "sync/central/api/calls.hpp"
#include "sync/central/api/report_shapes.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/central/venue_facts.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

Completeness completeness_of(const Call& call, Reading& reading, Date business_date) {
    const auto nodes = expected_nodes(reading.reader, call.services->presence);
    return judge_completeness(business_date, call.services->calendar, nodes,
                              reading.reports.completeness(business_date));
}

std::map<NodeId, NodeName> names_of(ledger::LedgerReader& reader) {
    std::map<NodeId, NodeName> names;
    for (const auto& node : reader.nodes()) names[node.node] = node.name;
    return names;
}

using MakeReport = std::function<json::object(Reading&, const ReportFrame&)>;

void answer_report(const Call& call, std::string key, MakeReport make) {
    const auto date = business_date_of(call);
    if (!date) return call.refuse(date.error());
    const auto format = call.request.parameter("format").value_or("json");
    if (format != "json" && format != "csv") return call.refuse(fail(ErrorCode::invalid_body, "format: json or csv"));
    answer_read(call, [key = std::move(key), make = std::move(make), date = *date, csv = format == "csv"](
                          const Call& asked, Reading& reading) {
        const auto completeness = completeness_of(asked, reading, date);
        const ReportFrame frame{asked.services->calendar, asked.services->settings.currency, names_of(reading.reader),
                                date, completeness};
        const auto report = make(reading, frame);
        if (!csv) return sync::json_response(200, report);
        auto response = sync::http_response(200, "text/csv; charset=utf-8", report_csv(report, key));
        response.fields.push_back({"Cache-Control", "no-store"});
        return response;
    });
}

}  // namespace

void call_sales_report(const Call& call) {
    answer_report(call, "sales", [](Reading& reading, const ReportFrame& frame) {
        return sales_json(reading.reports.sales(frame.business_date), frame);
    });
}

void call_admissions_report(const Call& call) {
    answer_report(call, "admissions", [](Reading& reading, const ReportFrame& frame) {
        return admissions_json(reading.reports.admissions(frame.business_date), frame);
    });
}

void call_shifts_report(const Call& call) {
    answer_report(call, "shifts", [](Reading& reading, const ReportFrame& frame) {
        return shifts_json(reading.reports.shifts(frame.business_date), frame);
    });
}

void call_completeness(const Call& call) {
    const auto date = business_date_of(call);
    if (!date) return call.refuse(date.error());
    answer_read(call, [date = *date](const Call& asked, Reading& reading) {
        return sync::json_response(200,
                                   completeness_json(completeness_of(asked, reading, date), asked.services->calendar));
    });
}

void call_occupancy(const Call& call) {
    const auto date = business_date_of(call);
    if (!date) return call.refuse(date.error());
    answer_read(call, [date = *date](const Call& asked, Reading& reading) {
        json::array zones;
        for (const auto& zone : reading.reader.occupancy(date))
            zones.push_back({{"zone", zone.zone.value},
                             {"inside", zone.inside()},
                             {"inside_at_least", zone.inside_at_least()},
                             {"inside_at_most", zone.inside_at_most()},
                             {"entered", zone.entered},
                             {"left", zone.left}});
        json::array silent;
        for (const auto& node : expected_nodes(reading.reader, asked.services->presence))
            if (!node.revoked && !node.connected) silent.push_back(json::string{node.name.value});
        return sync::json_response(200, {{"business_date", format_date(date)},
                                         {"time", time_text(*asked.services, read_clock({}).wall)},
                                         {"zones", std::move(zones)},
                                         {"silent", std::move(silent)}});
    });
}

}  // namespace gatehouse::central
