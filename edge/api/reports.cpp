// Sums of a business day as far as this node knows it: its own journal and those it holds copies of.
#include <boost/json.hpp>
#include <map>

#include "edge/api/answers.hpp"
#include "edge/api/words_json.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

struct ProductSum {
    std::int64_t tickets = 0;
    std::int64_t persons = 0;
    Minor amount;
    std::int64_t refunded_tickets = 0;
    Minor refunded;
};

json::array products_json(const ledger::SalesReport& sales) {
    std::map<ProductId, ProductSum> sums;
    for (const ledger::SalesRow& row : sales.lines) {
        ProductSum& sum = sums[row.product];
        sum.tickets += row.tickets;
        sum.persons += row.persons;
        sum.amount += row.amount;
        sum.refunded_tickets += row.refunded_tickets;
        sum.refunded += row.refunded;
    }
    json::array all;
    for (const auto& [product, sum] : sums)
        all.push_back(json::object{{"product", product.value},
                                   {"tickets", sum.tickets},
                                   {"persons", sum.persons},
                                   {"amount_minor", sum.amount.value},
                                   {"refunded_tickets", sum.refunded_tickets},
                                   {"refunded_minor", sum.refunded.value}});
    return all;
}

json::array tenders_sum_json(const ledger::SalesReport& sales) {
    std::map<std::pair<TenderKind, TenderState>, std::pair<Minor, Minor>> sums;
    for (const ledger::TenderRow& row : sales.tenders) {
        auto& [taken, refunded] = sums[{row.kind, row.state}];
        taken += row.taken;
        refunded += row.refunded;
    }
    json::array all;
    for (const auto& [key, sum] : sums)
        all.push_back(json::object{{"kind", word(key.first)},
                                   {"state", word(key.second)},
                                   {"taken_minor", sum.first.value},
                                   {"refunded_minor", sum.second.value}});
    return all;
}

void answer_day(const Call& call, Date date) {
    auto* reader = reader_of(*call);
    if (reader == nullptr) return;
    const ApiServices& services = *call->services;
    ledger::Reports reports{*reader,
                            {services.facts.venue, services.facts.calendar.zone(), services.facts.calendar.cut_over()}};
    const ledger::SalesReport sales = reports.sales(date);
    std::int64_t admitted = 0;
    for (const ledger::AdmissionRow& row : reports.admissions(date).admissions)
        if (row.direction == Direction::entry) admitted += row.persons;
    json::array silent;
    for (const auto& [node, peer] : services.board.peers)
        if (!peer.connected) silent.emplace_back(peer.name.empty() ? std::to_string(node.value) : peer.name);
    if (read_failed(*call)) return;
    answer_json(*call, 200,
                json::object{{"business_date", format_date(date)},
                             {"currency", services.facts.currency},
                             {"sales", sales.sales},
                             {"refunds", sales.refunds},
                             {"total_minor", sales.total.value},
                             {"refunded_minor", sales.refunded.value},
                             {"products", products_json(sales)},
                             {"tenders", tenders_sum_json(sales)},
                             {"admitted_persons", admitted},
                             {"silent", std::move(silent)}});
}

void day(Call call) {
    if (const auto text = call->request.parameter("business_date")) {
        const auto date = parse_date(*text);
        if (!date) return answer_problem(*call, fail(ErrorCode::invalid_body, "business_date: is not YYYY-MM-DD"));
        return answer_day(call, *date);
    }
    call->services->outlets.desk_status([call](const DeskStatus& status) { answer_day(call, status.business_date); });
}

}  // namespace

void add_report_routes(Router& router) { router.add("GET", "/api/v1/reports/day", Access::named, day); }

}  // namespace gatehouse::edge
