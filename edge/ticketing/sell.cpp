#include "edge/ticketing/sell.hpp"

#include <algorithm>

#include "edge/ticketing/tenders.hpp"
#include "schemas/base/octets.hpp"
#include "schemas/crypto/crypto.hpp"
#include "schemas/ticket/ticket_code.hpp"
#include "sync/ledger/facts.hpp"

namespace gatehouse::edge {

namespace {

// A line with everything looked up.
struct Planned {
    SaleLine line;
    const Product* product = nullptr;
    const Session* session = nullptr;
};

Result<std::uint16_t> persons_of(const SellLine& asked, const Product& product, const std::string& path) {
    if (product.persons == 0) {
        if (!asked.persons) return fail_at(path + ".persons", Why::none, "a group ticket says how many");
        if (*asked.persons == 0 || *asked.persons > limits::persons)
            return fail_at(path + ".persons", Why::range, "out of range");
        return *asked.persons;
    }
    if (asked.persons && *asked.persons != product.persons)
        return fail_at(path + ".persons", Why::none, "not as the product says");
    return product.persons;
}

Result<const Session*> session_of(const SellLine& asked, const Product& product, const SaleContext& context,
                                  const std::string& path) {
    const Session* none = nullptr;
    if (product.validity.kind != ValidityKind::session) {
        if (asked.session) return fail_at(path + ".session", Why::none, "the product has no sessions");
        return none;
    }
    if (!asked.session) return fail_at(path + ".session", Why::needs_session, "the product is sold by session");
    const auto* session = context.catalogue.session(*asked.session);
    if (!session || session->product != product.id)
        return fail_at(path + ".session", Why::unknown, "no such session of the product");
    if (!context.clock_suspect && context.now >= session->ends)
        return fail_at(path + ".session", Why::over, "it is over");
    return session;
}

Result<const ConcessionKind*> concession_of(const SellLine& asked, const SaleContext& context,
                                            const std::string& path) {
    const ConcessionKind* none = nullptr;
    if (!asked.concession) return none;
    const auto* kind = context.catalogue.concession(asked.concession->concession_class);
    if (!kind) return fail_at(path + ".concession.class", Why::unknown, "no such class");
    if (asked.concession->document.empty() || asked.concession->document.size() > limits::text)
        return fail_at(path + ".concession.document", Why::missing, "names the document that was seen");
    return kind;
}

bool on_sale(const Product& product, Date today) {
    if (product.sold_from && today < *product.sold_from) return false;
    if (product.sold_to && today > *product.sold_to) return false;
    return product.validity.kind != ValidityKind::range || !product.validity.to || today <= *product.validity.to;
}

Result<Planned> plan_line(const SellLine& asked, const SaleContext& context, const std::string& path) {
    const auto* product = context.catalogue.product(asked.product);
    if (!product) return fail_at(path + ".product", Why::unknown, "no such product");
    if (!on_sale(*product, context.today)) return fail_at(path + ".product", Why::not_on_sale, "not on sale today");
    if (asked.quantity == 0 || asked.quantity > limits::tickets)
        return fail_at(path + ".quantity", Why::range, "out of range");
    const auto persons = persons_of(asked, *product, path);
    if (!persons) return persons.error();
    const auto session = session_of(asked, *product, context, path);
    if (!session) return session.error();
    const auto concession = concession_of(asked, context, path);
    if (!concession) return concession.error();
    const auto price = ticket_price(*product, *persons, *concession, context.today);
    if (!price) return fail_at(path, Why::range, "the price is out of range");
    return Planned{SaleLine{asked.product, asked.quantity, *persons, asked.session, asked.concession, *price}, product,
                   *session};
}

// Several lines may draw on one session.
Result<void> check_units(const std::vector<Planned>& lines, const SaleContext& context) {
    std::map<SessionId, std::uint64_t> wanted;
    for (const auto& planned : lines)
        if (planned.session) wanted[planned.session->id] += ledger::units_of(planned.line);
    for (const auto& [session, units] : wanted) {
        const auto at = context.units_left.find(session);
        const std::uint32_t left = at == context.units_left.end() ? 0 : at->second;
        if (units > left)
            return fail(ErrorCode::no_units_left, Why::units_left, "session " + session.value + ": {units} left",
                        {{"units", std::to_string(left)}});
    }
    return {};
}

Result<Minor> total_of(const std::vector<Planned>& lines) {
    Minor total;
    for (const auto& planned : lines) {
        const auto part = times(planned.line.unit_price, planned.line.quantity);
        if (!part || (total + *part) > largest_amount) return fail_at("lines", Why::none, "the total is out of range");
        total += *part;
    }
    return total;
}

TicketPayload payload_of(const Planned& planned, const SaleContext& context, std::uint16_t ordinal) {
    const auto& product = *planned.product;
    TicketPayload ticket;
    ticket.id = {context.next, ordinal};
    ticket.product = product.id;
    ticket.persons = planned.line.persons;
    ticket.entries = product.entries;
    ticket.valid_from = ticket.valid_to = context.today;
    if (product.validity.kind == ValidityKind::range) {
        ticket.valid_from = product.validity.from.value_or(context.today);
        ticket.valid_to = product.validity.to.value_or(ticket.valid_from);
    }
    if (planned.session) {
        const auto& session = *planned.session;
        ticket.session = TicketSession{session.id, session.starts, session.ends};
        ticket.valid_from = context.calendar.business_date(session.starts);
        ticket.valid_to = context.calendar.business_date(WallTime{session.ends.value - 1});
    }
    ticket.zones = product.zones;
    std::ranges::sort(ticket.zones);
    ticket.zones.erase(std::unique(ticket.zones.begin(), ticket.zones.end()), ticket.zones.end());
    ticket.reentry = product.reentry;
    ticket.check_id = product.check_id;
    ticket.concession = planned.line.concession.has_value();
    ticket.companions = static_cast<std::uint8_t>(std::min<std::uint16_t>(product.companions, 255));
    return ticket;
}

Result<std::vector<Bytes>> tickets_of(const std::vector<Planned>& lines, const SaleContext& context) {
    std::vector<Bytes> out;
    for (const auto& planned : lines) {
        for (std::uint32_t i = 0; i < planned.line.quantity; ++i) {
            if (out.size() == limits::tickets) return fail_at("lines", Why::none, "too many tickets in one sale");
            auto octets = encode_payload(payload_of(planned, context, static_cast<std::uint16_t>(out.size() + 1)));
            if (!octets) return octets.error();
            out.push_back(std::move(*octets));
        }
    }
    return out;
}

}  // namespace

Result<Sale> plan_sale(const Sell& command, const SaleContext& context) {
    if (command.lines.empty() || command.lines.size() > limits::lines)
        return fail_at("lines", Why::none, "between 1 and 50");
    std::vector<Planned> lines;
    for (std::size_t i = 0; i < command.lines.size(); ++i) {
        auto planned = plan_line(command.lines[i], context, "lines[" + std::to_string(i) + "]");
        if (!planned) return planned.error();
        lines.push_back(std::move(*planned));
    }
    const auto units = check_units(lines, context);
    if (!units) return units.error();
    const auto total = total_of(lines);
    if (!total) return total.error();
    auto settled =
        settle(command.tenders, *total, {context.unverified_open, context.catalogue.limits.unverified_total});
    if (!settled) return settled.error();
    auto tickets = tickets_of(lines, context);
    if (!tickets) return tickets.error();

    Sale sale;
    sale.id = command.id;
    sale.request = request_of(command);
    sale.window = command.window;
    sale.shift = context.shift;
    sale.catalogue_version = context.catalogue.version;
    for (auto& planned : lines) sale.lines.push_back(std::move(planned.line));
    sale.tenders = std::move(settled->tenders);
    sale.total = *total;
    sale.change = settled->change;
    sale.tickets = std::move(*tickets);
    sale.printer = context.printer;
    return sale;
}

Hash request_of(const Sell& command) {
    OctetWriter out;
    const auto text = [&](std::string_view t) { out.varint(t.size()).octets(view_of(t)); };
    text("sell");
    text(command.window.value);
    out.varint(command.lines.size());
    for (const auto& line : command.lines) {
        text(line.product.value);
        out.varint(line.quantity);
        out.varint(line.persons ? *line.persons + 1U : 0U);
        out.varint(line.session ? 1 : 0);
        if (line.session) text(line.session->value);
        out.varint(line.concession ? 1 : 0);
        if (line.concession) {
            text(line.concession->concession_class.value);
            text(line.concession->document);
        }
    }
    out.varint(command.tenders.size());
    for (const auto& tender : command.tenders) {
        out.varint(static_cast<std::uint64_t>(tender.kind));
        out.varint(static_cast<std::uint64_t>(tender.amount.value));
        text(tender.reference);
    }
    return sha256(out.bytes());
}

}  // namespace gatehouse::edge
