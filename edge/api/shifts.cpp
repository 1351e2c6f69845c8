// Shifts: opening float, pay-in and pay-out, the blind count, and the report as it stands.
#include <boost/json.hpp>
#include <ranges>

#include "edge/api/answers.hpp"
#include "edge/api/words_json.hpp"
#include "edge/ticketing/shift.hpp"
#include "sync/ledger/reports.hpp"
#include "sync/ledger/snapshot.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

json::value shift_json(const ApiServices& services, const ShiftReply& reply) {
    json::array tenders;
    for (const auto& sum : reply.tenders)
        tenders.push_back(json::object{{"kind", word(sum.kind)},
                                       {"amount_minor", sum.amount.value},
                                       {"refunded_minor", sum.refunded.value},
                                       {"unverified_minor", sum.unverified.value}});
    json::object body{{"shift", to_string(reply.shift)},
                      {"window", reply.window.value},
                      {"operator", reply.clerk.value},
                      {"opened", services.time_text(reply.opened)},
                      {"open", reply.open},
                      {"float_minor", reply.opening_float.value},
                      {"paid_in_minor", reply.paid_in.value},
                      {"paid_out_minor", reply.paid_out.value},
                      {"large_move_minor", large_cash_move.value},
                      {"tenders", std::move(tenders)},
                      {"sales", reply.sales},
                      {"refunds", reply.refunds},
                      {"tickets", reply.tickets},
                      {"currency", services.facts.currency}};
    if (reply.cash_sales) body["cash_sales_minor"] = reply.cash_sales->value;
    if (reply.cash_refunds) body["cash_refunds_minor"] = reply.cash_refunds->value;
    if (reply.expected) body["expected_minor"] = reply.expected->value;
    if (reply.counted) body["counted_minor"] = reply.counted->value;
    if (reply.difference) body["difference_minor"] = reply.difference->value;
    return body;
}

void ask_shift(Call call, Command command, unsigned status) {
    ApiServices* services = call->services;
    ask(std::move(call), std::move(command), status,
        [services](const Reply& reply) { return shift_json(*services, std::get<ShiftReply>(reply)); });
}

void open_shift(Call call) {
    const auto body = read_body<OpenShift>(*call, [](JsonReader& in) {
        return OpenShift{in.named<ClientId>("id"), in.named<WindowName>("window"), in.amount("float_minor")};
    });
    if (body) ask_shift(std::move(call), *body, 201);
}

void current_shift(Call call) {
    WindowName window;
    if (const auto name = call->request.parameter("window")) {
        if (!is_name(*name)) return answer_problem(*call, fail_at("window", Why::name, "is not a name"));
        window = WindowName{std::string{*name}};
    }
    ask_shift(std::move(call), FindShift{window}, 200);
}

ApiHandler move_cash(CashDirection direction) {
    return [direction](Call call) {
        const auto shift = path_record(*call, 0);
        if (!shift) return;
        const auto body = read_body<MoveCash>(*call, [&](JsonReader& in) {
            MoveCash read;
            read.id = in.named<ClientId>("id");
            read.shift = *shift;
            read.direction = direction;
            read.amount = Minor{in.integer<std::int64_t>("amount_minor", 1, largest_amount.value)};
            read.reason = in.optional_text("reason", limits::text, 0).value_or("");
            read.large = in.boolean_or("large", false);
            return read;
        });
        if (body) ask_shift(std::move(call), *body, 200);
    };
}

void close_shift(Call call) {
    const auto shift = path_record(*call, 0);
    if (!shift) return;
    const auto body = read_body<CloseShift>(*call, [&](JsonReader& in) {
        return CloseShift{id_or_new(in.optional_named<ClientId>("id")), *shift, in.amount("counted")};
    });
    if (body) ask_shift(std::move(call), *body, 200);
}

// Shifts that this node opened on a business day, or on the one before and closed on this one, the latest first: a
// sheet is there again after a reload, or when somebody asks for it later.
void answer_shifts(const Call& call, Date date) {
    auto* reader = reader_of(*call);
    if (reader == nullptr) return;
    ApiServices& services = *call->services;
    services.refresh_catalogue();
    const Operator* person = services.catalogue.operator_named(call->actor.name);
    const bool show_cash = person != nullptr && sees_open_cash(person->roles);
    ledger::Reports reports{*reader,
                            {services.facts.venue, services.facts.calendar.zone(), services.facts.calendar.cut_over()}};
    const ledger::Snapshot now{reader->database()};
    json::array all;
    for (const Date opened : {date, Date{date.value - 1}})
        for (const ledger::ShiftRow& row : reports.shifts(opened) | std::views::reverse) {
            if (row.node != services.facts.node) continue;
            if (opened != date && (!row.closed || services.facts.calendar.business_date(*row.closed) != date)) continue;
            auto one = shift_json(services, report_of(row.facts, show_cash)).as_object();
            if (row.closed) one["closed"] = services.time_text(*row.closed);
            if (const auto record = row.closing ? reader->record(*row.closing) : std::nullopt)
                one["closed_by"] = record->header.actor.value;
            all.push_back(std::move(one));
        }
    if (read_failed(*call)) return;
    answer_json(*call, 200, json::object{{"business_date", format_date(date)}, {"shifts", std::move(all)}});
}

void list_shifts(Call call) { on_business_date(std::move(call), answer_shifts); }

}  // namespace

void add_shift_routes(Router& router) {
    router.add("GET", "/api/v1/shifts", Access::named, list_shifts);
    router.add("GET", "/api/v1/shifts/current", Access::named, current_shift);
    router.add("POST", "/api/v1/shifts", Access::named, open_shift);
    router.add("POST", "/api/v1/shifts/{}/pay-in", Access::named, move_cash(CashDirection::pay_in));
    router.add("POST", "/api/v1/shifts/{}/pay-out", Access::named, move_cash(CashDirection::pay_out));
    router.add("POST", "/api/v1/shifts/{}/close", Access::named, close_shift);
}

}  // namespace gatehouse::edge
