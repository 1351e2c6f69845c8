// CSV of a report: RFC 4180, two tables with an empty line between them.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "schemas/csv/csv.hpp"
#include "sync/central/api/report_shapes.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

std::string text_of_value(const json::value& value) {
    if (value.is_null()) return {};
    if (const auto* text = value.if_string()) return csv_field({text->data(), text->size()});
    return csv_field(json::serialize(value));
}

void add_line(std::string& out, const std::vector<std::string>& columns, const json::object& row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i > 0) out += ',';
        if (const auto* value = row.if_contains(columns[i])) out += text_of_value(*value);
    }
    out += "\r\n";
}

void add_header(std::string& out, const std::vector<std::string>& columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) out += (i > 0 ? "," : "") + columns[i];
    out += "\r\n";
}

std::vector<std::string> columns_of(std::string_view key) {
    if (key == "shifts")
        return {"shift",         "node",           "node_name",      "window",           "operator",
                "opened",        "closed",         "float_minor",    "cash_sales_minor", "cash_refunds_minor",
                "paid_in_minor", "paid_out_minor", "expected_minor", "counted_minor",    "difference_minor",
                "sales",         "refunds",        "tickets",        "tenders",          "refunded",
                "unverified"};
    if (key == "admissions")
        return {"node", "node_name", "gate",    "lane",    "zone",      "direction",
                "hour", "product",   "tickets", "persons", "reentries", "uncertain"};
    return {"node",    "node_name",    "window",           "shift",         "product", "concession", "tickets",
            "persons", "amount_minor", "refunded_tickets", "refunded_minor"};
}

}  // namespace

std::string report_csv(const json::object& report, std::string_view key) {
    std::string out;
    const auto columns = columns_of(key);
    add_header(out, columns);
    for (const auto& row : report.at(key == "shifts" ? "shifts" : "rows").as_array())
        add_line(out, columns, row.as_object());
    out += "\r\n";
    const std::vector<std::string> states{"business_date", "node", "name", "state", "received", "head", "last_known"};
    add_header(out, states);
    const auto& completeness = report.at("completeness").as_object();
    const auto find = [&](std::string_view list, const json::value& node) -> const json::object* {
        for (const auto& one : completeness.at(list).as_array())
            if (one.as_object().at("node") == node) return &one.as_object();
        return nullptr;
    };
    for (const auto& node : completeness.at("expected").as_array()) {
        const auto* missing = find("missing", node);
        const auto* known = find("nodes", node);
        json::object row{{"business_date", report.at("business_date")},
                         {"node", node},
                         {"state", missing != nullptr ? "missing" : "complete"}};
        if (missing != nullptr) row["name"] = missing->at("name");
        if (known != nullptr) {
            row["name"] = known->at("name");
            row["received"] = known->at("received");
            row["head"] = known->at("head");
            row["last_known"] = known->at("last_record");
        }
        add_line(out, states, row);
    }
    return out;
}

}  // namespace gatehouse::central
