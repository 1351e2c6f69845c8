// Print jobs: started once after their record is synced, ended by the printer's report or by a person.
#include <algorithm>

#include "edge/desk/state.hpp"
#include "edge/ticketing/paper.hpp"
#include "edge/ticketing/refund.hpp"
#include "edge/ticketing/tenders.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

const WindowOptions* Desk::State::window_named(const WindowName& name) const {
    const auto at = std::ranges::find(options.windows, name, &WindowOptions::name);
    return at == options.windows.end() ? nullptr : &*at;
}

namespace {

const SaleLine* line_of(const Sale& sale, std::uint16_t ordinal) {
    std::uint32_t first = 1;
    for (const auto& line : sale.lines) {
        if (ordinal >= first && ordinal < first + line.quantity) return &line;
        first += line.quantity;
    }
    return nullptr;
}

}  // namespace

std::vector<drivers::TicketPaper> Desk::State::papers_of(const ledger::Record& job) {
    std::vector<drivers::TicketPaper> papers;
    const auto print = [&](const Bytes& octets, const ledger::Record& sold, std::uint16_t copy, bool reissued) {
        const auto payload = decode_payload(octets);
        if (!payload || !options.key) return;
        PaperContext context{catalogue, options.calendar, options.venue_name, sold.header.wall, {}, {}, {},
                             copy,      reissued};
        if (const auto* sale = std::get_if<Sale>(&sold.body)) {
            context.window = sale->window;
            context.price = price_of(*sale, payload->id.ordinal);
            if (const auto* line = line_of(*sale, payload->id.ordinal)) context.concession = line->concession;
        }
        papers.push_back(paper_of(*payload, codes.code_of(octets), context));
    };
    std::visit(Match{[&](const Sale& sale) {
                         for (const auto& octets : sale.tickets) print(octets, job, 0, false);
                         if (!papers.empty()) papers.front().open_drawer = moves_cash(sale.tenders);
                     },
                     [&](const Reissue& reissue) { print(reissue.ticket, job, 0, true); },
                     [&](const Reprint& reprint) {
                         const auto sold = record_at(reprint.ticket.sold);
                         if (!sold) return;
                         if (const auto* reissue = std::get_if<Reissue>(&sold->body))
                             print(reissue->ticket, *sold, reprint.copy, true);
                         const auto* sale = std::get_if<Sale>(&sold->body);
                         if (sale && reprint.ticket.ordinal >= 1 && reprint.ticket.ordinal <= sale->tickets.size())
                             print(sale->tickets[reprint.ticket.ordinal - 1U], *sold, reprint.copy, false);
                     },
                     [](const auto&) {}},
               job.body);
    return papers;
}

void Desk::State::open_drawer(const WindowName& window, Step& step) const {
    const auto* at = window_named(window);
    if (at && at->printer) step.out.emplace_back(OpenDrawer{*at->printer});
}

void Desk::State::start_print(RecordRef job, Step& step) {
    const auto record = record_at(job);
    if (!record) return;
    const auto printer =
        std::visit(Match{[](const Sale& s) { return s.printer; }, [](const Reissue& r) { return r.printer; },
                         [](const Reprint& r) { return std::optional{r.printer}; },
                         [](const auto&) { return std::optional<DeviceName>{}; }},
                   record->body);
    if (!printer) return;
    prints[job] = PrintStatus{job, *printer, false, {}};
    step.out.emplace_back(PrintTickets{*printer, job, papers_of(*record)});
}

void Desk::State::on(const PrintEnded& event, Step& step) {
    const auto at = prints.find(event.job);
    if (at == prints.end()) return;
    PrintResolved resolved{event.job, PrintOutcome::printed, {}};
    std::visit(Match{[](const drivers::ReportPrinted&) {},
                     [&](const drivers::ReportNotPrinted& r) {
                         resolved.outcome = PrintOutcome::not_printed;
                         resolved.reason = drivers::to_string(r.reason);
                     },
                     [&](const drivers::ReportPrintUnknown& r) {
                         resolved.outcome = PrintOutcome::ask;
                         resolved.reason = "printed " + std::to_string(r.printed);
                     }},
               event.report);
    at->second.ask = resolved.outcome == PrintOutcome::ask;
    at->second.reason = resolved.reason;
    if (resolved.outcome != PrintOutcome::ask) prints.erase(at);
    write_or_owe(std::move(resolved), {}, step);
}

void Desk::State::resolve(const ResolvePrint& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, {Role::clerk, Role::supervisor}, step)) return;
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    const auto at = prints.find(command.job);
    if (at == prints.end() || !at->second.ask)
        return answer(from, fail(ErrorCode::not_found, "no print job waits for an answer under this number"), step);
    prints_answered.insert(prints.extract(at));
    write_owed(step);
    const auto outcome = command.printed ? PrintOutcome::printed : PrintOutcome::not_printed;
    const auto ref = outbox.next();
    write(PrintResolved{command.job, outcome, "operator"}, from.actor.name,
          {Answer{from.token, Reply{DoneReply{ref, true, Safety::disk}}}}, step);
}

}  // namespace gatehouse::edge
