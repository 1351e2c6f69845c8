#include "edge/api/sales_json.hpp"

#include <boost/json.hpp>

#include "edge/api/gates_json.hpp"
#include "edge/api/words_json.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

std::optional<Concession> read_concession(JsonReader& line) {
    auto in = line.optional_object("concession");
    if (!in) return std::nullopt;
    Concession concession{in->named<ConcessionClass>("class"), in->text("document", limits::text, 0)};
    in->finish();
    return concession;
}

json::value line_json(const SaleLine& line) {
    json::object body{{"product", line.product.value},
                      {"quantity", line.quantity},
                      {"persons", line.persons},
                      {"unit_price_minor", line.unit_price.value}};
    if (line.session) body["session"] = line.session->value;
    if (line.concession)
        body["concession"] =
            json::object{{"class", line.concession->concession_class.value}, {"document", line.concession->document}};
    return body;
}

}  // namespace

json::value ticket_json(const TicketView& ticket) {
    json::object body{{"id", to_string(ticket.id)},
                      {"product", ticket.product.value},
                      {"persons", ticket.persons},
                      {"entries", ticket.entries}};
    if (!ticket.code.empty()) body["code"] = ticket.code;
    if (ticket.refunded) body["refunded"] = true;
    if (ticket.replaced) body["replaced"] = true;
    return body;
}

json::object ticket_look_json(const ApiServices& services, const TicketReply& reply) {
    json::object body{{"fault", to_string(reply.fault)},
                      {"sale_held", reply.sale_held},
                      {"used", reply.used},
                      {"copies", reply.copies}};
    if (reply.ticket) body["ticket"] = ticket_json(*reply.ticket);
    if (reply.ticket && reply.sale_held) body["sale"] = to_string(reply.ticket->id.sold);
    if (reply.first_admission) body["first_admission"] = admission_json(services, *reply.first_admission);
    return body;
}

std::vector<SellLine> read_sell_lines(JsonReader& in, std::size_t least) {
    std::vector<SellLine> lines;
    for (JsonReader& line : in.objects("lines", least, limits::lines)) {
        SellLine read;
        read.product = line.named<ProductId>("product");
        read.quantity = line.integer<std::uint32_t>("quantity", 1, limits::tickets);
        read.persons = line.optional_integer<std::uint16_t>("persons", 1, limits::persons);
        read.session = line.optional_named<SessionId>("session");
        read.concession = read_concession(line);
        line.finish();
        lines.push_back(std::move(read));
    }
    return lines;
}

std::vector<SellTender> read_sell_tenders(JsonReader& in) {
    std::vector<SellTender> tenders;
    for (JsonReader& tender : in.objects("tenders", 0, limits::tenders)) {
        SellTender read;
        read.kind = read_tender_kind(tender, "kind");
        read.amount = tender.amount("amount_minor");
        read.reference = tender.optional_text("reference", limits::text, 0).value_or("");
        tender.finish();
        tenders.push_back(std::move(read));
    }
    return tenders;
}

json::value tenders_json(const std::vector<Tender>& tenders) {
    json::array all;
    for (const Tender& tender : tenders) {
        json::object one{
            {"kind", word(tender.kind)}, {"state", word(tender.state)}, {"amount_minor", tender.amount.value}};
        if (!tender.reference.empty()) one["reference"] = tender.reference;
        all.push_back(std::move(one));
    }
    return all;
}

json::value sale_json(const ApiServices& services, const SaleReply& reply) {
    json::array lines;
    for (const SaleLine& line : reply.body.lines) lines.push_back(line_json(line));
    json::array tickets;
    for (const TicketView& ticket : reply.tickets) tickets.push_back(ticket_json(ticket));
    return json::object{{"sale", to_string(reply.sale)},
                        {"seq", reply.sale.seq.value},
                        {"id", reply.body.id.value},
                        {"window", reply.body.window.value},
                        {"operator", reply.header.actor.value},
                        {"total_minor", reply.body.total.value},
                        {"change_minor", reply.body.change.value},
                        {"currency", services.facts.currency},
                        {"safety", to_string(reply.safety)},
                        {"time", services.time_text(reply.header.wall)},
                        {"business_date", format_date(reply.header.business_date)},
                        {"lines", std::move(lines)},
                        {"tenders", tenders_json(reply.body.tenders)},
                        {"tickets", std::move(tickets)}};
}

json::value refund_json(const ApiServices& services, const RefundReply& reply) {
    json::array tickets;
    for (const RefundedTicket& ticket : reply.body.tickets)
        tickets.push_back(json::object{{"id", to_string(ticket.ticket)},
                                       {"amount_minor", ticket.amount.value},
                                       {"was_admitted", ticket.was_admitted}});
    return json::object{{"refund", to_string(reply.refund)},
                        {"sale", to_string(reply.body.sale)},
                        {"total_minor", reply.body.total.value},
                        {"currency", services.facts.currency},
                        {"tickets", std::move(tickets)},
                        {"tenders", tenders_json(reply.body.tenders)},
                        {"by_supervisor", reply.body.by_supervisor},
                        {"safety", to_string(reply.safety)},
                        {"time", services.time_text(reply.header.wall)}};
}

}  // namespace gatehouse::edge
