// Sums of a business day as far as this node knows it: its own journal and those it holds copies of.
#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "edge/api/answers.hpp"
#include "edge/api/words_json.hpp"
#include "edge/ticketing/shift.hpp"
#include "sync/ledger/reports.hpp"
#include "sync/ledger/snapshot.hpp"

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

bool is_told_blindly(ApiServices& services, const OperatorName& name) {
    services.refresh_catalogue();
    const Operator* person = services.catalogue.operator_named(name);
    const bool shift_is_open = std::ranges::any_of(services.facts.windows, [&](const WindowName& window) {
        return services.reader->open_shift(services.facts.node, window).has_value();
    });
    return person != nullptr && counts_blindly(person->roles, shift_is_open);
}

json::array products_json(const ledger::SalesReport& sales, bool blind) {
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
    for (const auto& [product, sum] : sums) {
        json::object one{{"product", product.value},
                         {"tickets", sum.tickets},
                         {"persons", sum.persons},
                         {"refunded_tickets", sum.refunded_tickets}};
        if (!blind) one["amount_minor"] = sum.amount.value;
        if (!blind) one["refunded_minor"] = sum.refunded.value;
        all.push_back(std::move(one));
    }
    return all;
}

json::array tenders_sum_json(const ledger::SalesReport& sales, bool blind) {
    std::map<std::pair<TenderKind, TenderState>, std::pair<Minor, Minor>> sums;
    for (const ledger::TenderRow& row : sales.tenders) {
        if (blind && row.kind == TenderKind::cash) continue;
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
    ApiServices& services = *call->services;
    const bool blind = is_told_blindly(services, call->actor.name);
    const ledger::Snapshot now{reader->database()};
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
    json::object body{{"business_date", format_date(date)},
                      {"currency", services.facts.currency},
                      {"sales", sales.sales},
                      {"refunds", sales.refunds},
                      {"products", products_json(sales, blind)},
                      {"tenders", tenders_sum_json(sales, blind)},
                      {"admitted_persons", admitted},
                      {"silent", std::move(silent)}};
    if (!blind) body["total_minor"] = sales.total.value;
    if (!blind) body["refunded_minor"] = sales.refunded.value;
    answer_json(*call, 200, body);
}

void day(Call call) { on_business_date(std::move(call), answer_day); }

}  // namespace

void add_report_routes(Router& router) { router.add("GET", "/api/v1/reports/day", Access::named, day); }

}  // namespace gatehouse::edge
