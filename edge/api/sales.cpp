// The window's calls: sell, look up, refund, reprint, reissue, and print jobs.
#include <boost/json.hpp>
#include <set>

#include "edge/api/answers.hpp"
#include "edge/api/sales_json.hpp"
#include "edge/api/words_json.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

Sell read_sell(JsonReader& in) {
    Sell sell;
    sell.id = in.named<ClientId>("id");
    sell.window = in.named<WindowName>("window");
    sell.lines = read_sell_lines(in, 1);
    sell.tenders = read_sell_tenders(in);
    return sell;
}

// A session was short: with the answer goes what is left of each that was asked for, and the least of it.
void answer_units_left(const Call& call, const Error& error, const std::set<SessionId>& asked) {
    const auto answered = [call, error, asked](const Result<Reply>& reply) {
        json::object members;
        if (reply) {
            json::array sessions;
            std::optional<std::uint32_t> least;
            for (const auto& units : std::get<CatalogueReply>(*reply).units) {
                if (!asked.contains(units.session)) continue;
                sessions.push_back(json::object{{"id", units.session.value}, {"units_left", units.left}});
                least = std::min(least.value_or(units.left), units.left);
            }
            members["units_left"] = least.value_or(0);
            members["sessions"] = std::move(sessions);
        }
        answer_problem(*call, error, members);
    };
    call->services->outlets.command(call->actor, ReadCatalogue{}, {}, answered);
}

void sell(Call call) {
    auto body = read_body<Sell>(*call, read_sell);
    if (!body) return;
    std::set<SessionId> asked;
    for (const SellLine& line : body->lines)
        if (line.session) asked.insert(*line.session);
    const auto answered = [call, asked = std::move(asked)](const Result<Reply>& reply) {
        if (reply) return answer_json(*call, 201, sale_json(*call->services, std::get<SaleReply>(*reply)));
        if (reply.error().code == ErrorCode::no_units_left) return answer_units_left(call, reply.error(), asked);
        answer_problem(*call, reply.error());
    };
    call->services->outlets.command(call->actor, std::move(*body), {}, answered);
}

void find_sale(Call call) {
    const auto ref = path_record(*call, 0);
    if (!ref) return;
    const auto answered = [call](Result<Reply> reply) {
        if (reply) return answer_json(*call, 200, sale_json(*call->services, std::get<SaleReply>(*reply)));
        Error error = reply.error();
        if (error.code == ErrorCode::sale_unknown) error.code = ErrorCode::not_found;  // a look is no refund
        answer_problem(*call, error);
    };
    call->services->outlets.command(call->actor, FindSale{*ref}, {}, answered);
}

// Asks the desk for one sale after the other, newest first, so that each is shown as GET sales/ID shows it.
struct SaleList {
    Call call;
    std::vector<RecordRef> wanted;
    std::size_t done = 0;
    bool more = false;
    json::array sales;
};

void list_next(const std::shared_ptr<SaleList>& list) {
    if (list->done == list->wanted.size()) {
        json::object body{{"sales", std::move(list->sales)}};
        if (list->more) body["next"] = to_string(list->wanted.back());
        answer_json(*list->call, 200, body);
        return;
    }
    const auto answered = [list](Result<Reply> reply) {
        if (!reply) return answer_problem(*list->call, reply.error());
        list->sales.push_back(sale_json(*list->call->services, std::get<SaleReply>(*reply)));
        ++list->done;
        list_next(list);
    };
    list->call->services->outlets.command(list->call->actor, FindSale{list->wanted[list->done]}, {}, answered);
}

// The sale that a client's own id became, or none: what a page asks that was loaded again while it sold.
void find_by_client(Call call) {
    const std::string id{call->request.parameter("id").value_or("")};
    if (!is_client_id(id)) return answer_problem(*call, fail(ErrorCode::invalid_body, "id: is not a command's id"));
    const auto answered = [call](const Result<Reply>& reply) {
        json::array sales;
        if (reply)
            sales.push_back(sale_json(*call->services, std::get<SaleReply>(*reply)));
        else if (reply.error().code != ErrorCode::sale_unknown)
            return answer_problem(*call, reply.error());
        answer_json(*call, 200, json::object{{"sales", std::move(sales)}});
    };
    call->services->outlets.command(call->actor, FindSale{{}, ClientId{id}}, {}, answered);
}

void list_sales(Call call) {
    const auto limit = query_number(*call, "limit", 1, 200, 50);
    if (!limit) return;
    if (call->request.parameter("id")) return find_by_client(std::move(call));
    std::optional<RecordRef> before;
    if (const auto text = call->request.parameter("before")) {
        before = parse_record_ref(*text);
        if (!before) return answer_problem(*call, fail(ErrorCode::invalid_body, "before: is not a record's id"));
    }
    auto* reader = reader_of(*call);
    if (reader == nullptr) return;
    auto list = std::make_shared<SaleList>();
    list->wanted = reader->recent_sales(call->services->facts.node, before, *limit);
    list->more = list->wanted.size() == *limit;
    list->call = std::move(call);
    if (!read_failed(*list->call)) list_next(list);
}

void refund(Call call) {
    const auto sale = path_record(*call, 0);
    if (!sale) return;
    auto body = read_body<MakeRefund>(*call, [&](JsonReader& in) {
        MakeRefund read;
        read.id = in.named<ClientId>("id");
        read.sale = *sale;
        if (in.has("tickets")) read.tickets = in.ticket_ids("tickets", 1, limits::tickets);
        read.window = in.optional_named<WindowName>("window").value_or(WindowName{});
        read.reason = in.text("reason", limits::text);
        return read;
    });
    if (!body) return;
    ApiServices* services = call->services;
    ask(std::move(call), std::move(*body), 201,
        [services](const Reply& reply) { return refund_json(*services, std::get<RefundReply>(reply)); });
}

void find_ticket(Call call) {
    auto body = read_body<FindTicket>(*call, [](JsonReader& in) {
        FindTicket read;
        if (in.has("ticket")) read.ticket = in.ticket_id("ticket");
        if (!read.ticket) read.code = in.text("code", limits::code);
        return read;
    });
    if (!body) return;
    ApiServices* services = call->services;
    ask(std::move(call), std::move(*body), 200,
        [services](const Reply& reply) { return ticket_look_json(*services, std::get<TicketReply>(reply)); });
}

void reprint(Call call) {
    const auto ticket = path_ticket(*call, 0);
    if (!ticket) return;
    auto body = read_body<MakeReprint>(*call, [&](JsonReader& in) {
        return MakeReprint{in.named<ClientId>("id"), *ticket,
                           in.optional_named<WindowName>("window").value_or(WindowName{}),
                           in.text("reason", limits::text)};
    });
    if (!body) return;
    ask(std::move(call), std::move(*body), 201, [](const Reply& reply) {
        const auto& made = std::get<ReprintReply>(reply);
        return json::object{
            {"reprint", to_string(made.reprint)}, {"ticket", ticket_json(made.ticket)}, {"copy", made.body.copy}};
    });
}

void reissue(Call call) {
    const auto ticket = path_ticket(*call, 0);
    if (!ticket) return;
    auto body = read_body<MakeReissue>(*call, [&](JsonReader& in) {
        return MakeReissue{in.named<ClientId>("id"), *ticket,
                           in.optional_named<WindowName>("window").value_or(WindowName{}),
                           in.text("reason", limits::text), in.optional_text("code", limits::code)};
    });
    if (!body) return;
    ask(std::move(call), std::move(*body), 201, [](const Reply& reply) {
        const auto& made = std::get<ReissueReply>(reply);
        return json::object{{"reissue", to_string(made.reissue)},
                            {"replaced", to_string(made.body.replaced)},
                            {"ticket", ticket_json(made.ticket)}};
    });
}

void list_prints(Call call) {
    call->services->outlets.desk_status([call](const DeskStatus& status) {
        json::array prints;
        for (const PrintStatus& print : status.prints)
            prints.push_back(json::object{{"job", to_string(print.job)},
                                          {"printer", print.printer.value},
                                          {"state", print.ask ? "ask" : "printing"},
                                          {"reason", print.reason}});
        answer_json(*call, 200, json::object{{"prints", std::move(prints)}});
    });
}

void resolve_print(Call call) {
    const auto job = path_record(*call, 0);
    if (!job) return;
    const auto body =
        read_body<ResolvePrint>(*call, [&](JsonReader& in) { return ResolvePrint{*job, in.boolean("printed")}; });
    if (body) ask(std::move(call), *body, 200, done_json);
}

}  // namespace

void add_sales_routes(Router& router) {
    router.add("GET", "/api/v1/sales", Access::named, list_sales);
    router.add("POST", "/api/v1/sales", Access::named, sell);
    router.add("GET", "/api/v1/sales/{}", Access::named, find_sale);
    router.add("POST", "/api/v1/sales/{}/refund", Access::named, refund);
    router.add("POST", "/api/v1/tickets/find", Access::named, find_ticket);
    router.add("POST", "/api/v1/tickets/{}/reprint", Access::named, reprint);
    router.add("POST", "/api/v1/tickets/{}/reissue", Access::named, reissue);
    router.add("GET", "/api/v1/prints", Access::named, list_prints);
    router.add("POST", "/api/v1/prints/{}/resolve", Access::named, resolve_print);
}

}  // namespace gatehouse::edge
