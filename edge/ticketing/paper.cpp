#include "edge/ticketing/paper.hpp"

#include <array>

#include "schemas/words/text.hpp"

namespace gatehouse::edge {

namespace {

using drivers::PaperAlign;
using drivers::PaperLine;
using drivers::PaperSize;
using Values = std::initializer_list<TextParameter>;

std::string amount(Minor minor) {
    const auto cents = minor.value % 100;
    return std::to_string(minor.value / 100) + (cents < 10 ? ".0" : ".") + std::to_string(cents);
}

// "人数 2 · Persons 2"
std::string both(Text text, Values values = {}) {
    return words(text, Language::zh, values) + " · " + words(text, Language::en, values);
}

PaperLine centred(std::string text, PaperSize size = PaperSize::normal) {
    return {std::move(text), PaperAlign::centre, size, size != PaperSize::normal};
}

Words name_of(const TicketPayload& ticket, const Catalogue& catalogue) {
    const auto* product = catalogue.product(ticket.product);
    return product ? product->name : Words{ticket.product.value, ticket.product.value};
}

std::string validity(const TicketPayload& ticket, const VenueCalendar& calendar) {
    if (ticket.session)
        return both(Text::paper_session, {{"starts", calendar.format_minute(ticket.session->starts)},
                                          {"ends", calendar.format_minute(ticket.session->ends)}});
    if (ticket.valid_from == ticket.valid_to)
        return both(Text::paper_valid_on, {{"date", format_date(ticket.valid_from)}});
    return both(Text::paper_valid_from_to,
                {{"from", format_date(ticket.valid_from)}, {"to", format_date(ticket.valid_to)}});
}

std::string concession_line(const Concession& concession, const Catalogue& catalogue) {
    const auto* kind = catalogue.concession(concession.concession_class);
    const Words name = kind ? kind->name : Words{concession.concession_class.value, concession.concession_class.value};
    return words(Text::paper_concession, Language::zh, {{"class", name.zh}}) + " · " +
           words(Text::paper_concession, Language::en, {{"class", name.en}});
}

}  // namespace

drivers::TicketPaper paper_of(const TicketPayload& ticket, const std::string& code, const PaperContext& context) {
    drivers::TicketPaper paper;
    if (context.copy > 0) paper.reprint_mark = both(Text::paper_reprint, {{"copy", std::to_string(context.copy)}});
    const auto name = name_of(ticket, context.catalogue);
    paper.head.push_back(centred(context.venue_name));
    paper.head.push_back(centred(name.zh, PaperSize::large));
    if (name.en != name.zh) paper.head.push_back(centred(name.en));
    if (context.reissued) paper.head.push_back(centred(both(Text::paper_reissue)));
    paper.head.push_back(centred(validity(ticket, context.calendar)));
    if (ticket.persons > 1)
        paper.head.push_back(centred(both(Text::paper_persons, {{"persons", std::to_string(ticket.persons)}})));
    if (ticket.entries > 1)
        paper.head.push_back(centred(both(Text::paper_entries, {{"entries", std::to_string(ticket.entries)}})));
    paper.qr = code;

    if (context.concession) paper.foot.push_back({concession_line(*context.concession, context.catalogue), {}, {}, {}});
    if (ticket.check_id) paper.foot.push_back({both(Text::paper_check_id), {}, {}, {}});
    if (context.price) paper.foot.push_back({both(Text::paper_price, {{"price", amount(*context.price)}}), {}, {}, {}});
    paper.foot.push_back(
        {both(Text::paper_sold, {{"time", context.calendar.format_minute(context.sold)}}), {}, {}, {}});
    paper.foot.push_back({both(Text::paper_window, {{"window", context.window.value}}), {}, {}, {}});
    paper.foot.push_back({both(Text::paper_number, {{"number", to_string(ticket.id)}}), {}, {}, {}});
    return paper;
}

drivers::TicketPaper test_paper(const std::string& venue_name, const DeviceName& printer, const std::string& time) {
    drivers::TicketPaper paper;
    paper.head.push_back(centred(venue_name));
    for (const auto language : {Language::zh, Language::en})
        paper.head.push_back(centred(std::string{text(Text::paper_test, language)}, PaperSize::large));
    paper.qr = "gatehouse test " + printer.value + ' ' + time;
    paper.foot.push_back({both(Text::paper_test_printer, {{"device", printer.value}}), {}, {}, {}});
    paper.foot.push_back({both(Text::paper_test_time, {{"time", time}}), {}, {}, {}});
    return paper;
}

}  // namespace gatehouse::edge
