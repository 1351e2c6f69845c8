#include "sync/central/api/report_shapes.hpp"

#include <boost/json/array.hpp>
#include <set>
#include <utility>

#include "schemas/calendar/date_text.hpp"
#include "schemas/records/words.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

std::string name_of(const ReportFrame& frame, NodeId node) {
    const auto at = frame.names.find(node);
    return at == frame.names.end() ? std::string{} : at->second.value;
}

json::object frame_json(const ReportFrame& frame) {
    return {{"business_date", format_date(frame.business_date)},
            {"currency", frame.currency},
            {"completeness", completeness_json(frame.completeness, frame.calendar)}};
}

// A shift that is named by no record (a sale outside any) is null.
json::value ref_json(const RecordRef& ref) { return ref.seq.value == 0 ? json::value{} : json::value(to_string(ref)); }

json::value time_json(const VenueCalendar& calendar, const std::optional<WallTime>& time) {
    return time ? json::value(calendar.format_rfc3339(*time)) : json::value{};
}

json::object sales_row(const ledger::SalesRow& row, const ReportFrame& frame) {
    return {{"node", row.node.value},
            {"node_name", name_of(frame, row.node)},
            {"window", row.window.value},
            {"shift", ref_json(row.shift)},
            {"product", row.product.value},
            {"concession", row.concession ? json::value(row.concession->value) : json::value{}},
            {"tickets", row.tickets},
            {"persons", row.persons},
            {"amount_minor", row.amount.value},
            {"refunded_tickets", row.refunded_tickets},
            {"refunded_minor", row.refunded.value}};
}

json::object admission_row(const ledger::AdmissionRow& row, const ReportFrame& frame) {
    return {{"node", row.node.value},     {"node_name", name_of(frame, row.node)},
            {"gate", row.gate.value},     {"lane", row.lane.value},
            {"zone", row.zone.value},     {"direction", word(row.direction)},
            {"hour", row.hour},           {"product", row.product.value},
            {"tickets", row.tickets},     {"persons", row.persons},
            {"reentries", row.reentries}, {"uncertain", row.uncertain}};
}

json::object by_kind(const std::map<TenderKind, Minor>& sums) {
    json::object out;
    for (const auto& [kind, amount] : sums) out[word(kind)] = amount.value;
    return out;
}

json::object shift_row(const ledger::ShiftRow& row, const ReportFrame& frame) {
    const auto& f = row.facts;
    json::object out{{"shift", to_string(f.ref)},
                     {"node", row.node.value},
                     {"node_name", name_of(frame, row.node)},
                     {"window", f.window.value},
                     {"operator", f.clerk.value},
                     {"opened", frame.calendar.format_rfc3339(f.opened)},
                     {"closed", time_json(frame.calendar, row.closed)},
                     {"float_minor", f.opening_float.value},
                     {"cash_sales_minor", f.cash_sales.value},
                     {"cash_refunds_minor", f.cash_refunds.value},
                     {"paid_in_minor", f.paid_in.value},
                     {"paid_out_minor", f.paid_out.value},
                     {"expected_minor", f.expected_cash().value},
                     {"sales", f.sales},
                     {"refunds", f.refunds},
                     {"tickets", f.tickets},
                     {"tenders", by_kind(f.tenders)},
                     {"refunded", by_kind(f.refunded)},
                     {"unverified", by_kind(f.unverified)}};
    out["counted_minor"] = f.counted ? json::value(f.counted->value) : json::value{};
    out["difference_minor"] = f.counted ? json::value((*f.counted - f.expected_cash()).value) : json::value{};
    return out;
}

}  // namespace

json::object completeness_json(const Completeness& completeness, const VenueCalendar& calendar) {
    json::array expected;
    json::array complete;
    json::array missing;
    json::array nodes;
    for (const auto& node : completeness.nodes) {
        expected.push_back(node.node.value);
        if (node.complete)
            complete.push_back(node.node.value);
        else
            missing.push_back({{"node", node.node.value},
                               {"name", node.name.value},
                               {"last_known", time_json(calendar, node.last_known)},
                               {"missing_records", node.missing_records}});
        if (node.epoch.value > 0)
            nodes.push_back({{"node", node.node.value},
                             {"name", node.name.value},
                             {"epoch", node.epoch.value},
                             {"received", node.received.value},
                             {"head", node.known.value},
                             {"last_record", time_json(calendar, node.last_known)}});
    }
    return {{"business_date", format_date(completeness.business_date)},
            {"expected", std::move(expected)},
            {"complete", std::move(complete)},
            {"missing", std::move(missing)},
            {"nodes", std::move(nodes)}};
}

json::object sales_json(const ledger::SalesReport& report, const ReportFrame& frame) {
    auto out = frame_json(frame);
    std::int64_t tickets = 0;
    std::int64_t persons = 0;
    json::array rows;
    for (const auto& row : report.lines) {
        tickets += row.tickets;
        persons += row.persons;
        rows.push_back(sales_row(row, frame));
    }
    json::array tenders;
    for (const auto& row : report.tenders)
        tenders.push_back({{"node", row.node.value},
                           {"node_name", name_of(frame, row.node)},
                           {"window", row.window.value},
                           {"shift", ref_json(row.shift)},
                           {"kind", word(row.kind)},
                           {"state", word(row.state)},
                           {"taken_minor", row.taken.value},
                           {"refunded_minor", row.refunded.value},
                           {"amount_minor", (row.taken - row.refunded).value}});
    out["totals"] = {{"sales", report.sales},
                     {"tickets", tickets},
                     {"persons", persons},
                     {"gross_minor", report.total.value},
                     {"refunds", report.refunds},
                     {"refunded_minor", report.refunded.value},
                     {"net_minor", (report.total - report.refunded).value}};
    out["rows"] = std::move(rows);
    out["tenders"] = std::move(tenders);
    return out;
}

json::object admissions_json(const ledger::AdmissionsReport& report, const ReportFrame& frame) {
    auto out = frame_json(frame);
    std::int64_t tickets = 0;
    std::int64_t persons = 0;
    std::int64_t reentries = 0;
    std::int64_t uncertain = 0;
    std::int64_t refused = 0;
    json::array rows;
    for (const auto& row : report.admissions) {
        rows.push_back(admission_row(row, frame));
        if (row.direction != Direction::entry) continue;
        tickets += row.tickets;
        persons += row.persons;
        reentries += row.reentries;
        uncertain += row.uncertain;
    }
    json::array refusals;
    for (const auto& row : report.refusals) {
        refused += row.count;
        refusals.push_back({{"node", row.node.value},
                            {"node_name", name_of(frame, row.node)},
                            {"gate", row.gate.value},
                            {"lane", row.lane.value},
                            {"reason", to_string(row.reason)},
                            {"count", row.count}});
    }
    json::array counts;
    for (const auto& row : report.counts)
        counts.push_back({{"node", row.node.value},
                          {"node_name", name_of(frame, row.node)},
                          {"gate", row.gate.value},
                          {"lane", row.lane.value},
                          {"direction", word(row.direction)},
                          {"cause", word(row.cause)},
                          {"persons", row.persons}});
    out["totals"] = {{"tickets", tickets},
                     {"persons", persons},
                     {"reentries", reentries},
                     {"uncertain", uncertain},
                     {"refused", refused}};
    out["rows"] = std::move(rows);
    out["refusals"] = std::move(refusals);
    out["counts"] = std::move(counts);
    return out;
}

json::object shifts_json(const std::vector<ledger::ShiftRow>& rows, const ReportFrame& frame) {
    auto out = frame_json(frame);
    json::array shifts;
    for (const auto& row : rows) shifts.push_back(shift_row(row, frame));
    out["shifts"] = std::move(shifts);
    return out;
}

}  // namespace gatehouse::central
