// What the records of other journals change here: they count on receipt, before they are stored.
#include <algorithm>
#include <utility>

#include "edge/desk/state.hpp"
#include "edge/ticketing/shift.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

void Desk::State::on(const ForeignRecordsReceived& event, Step& step) {
    auto& batch = foreign_batches[event.batch];
    if (event.records) {
        for (const auto& record : *event.records) {
            // Shares the whole batch's life: no record is copied.
            const SharedRecord shared{event.records, &record};
            overlay.add(shared, ticket_of_passage(record));
            batch.push_back(record.ref());
            learn(record, step);
            sums_behind |= record.header.node == options.journal.node;
        }
        step.out.emplace_back(AppendForeign{event.batch, event.live});
    }
}

void Desk::State::on(const ForeignRecordsStored& event, Step& step) {
    const auto at = foreign_batches.find(event.batch);
    if (at == foreign_batches.end()) return;
    for (const auto& ref : at->second) overlay.remove(ref);
    foreign_batches.erase(at);
    recount(step);
}

// What this node wrote before it lost its database comes back as others' journals do, and changes sums over all that it
// ever wrote: shifts, the unverified, the day's counts. So does a correction of the clock. They are read anew as soon
// as nothing is between here and disk.
void Desk::State::recount(Step& step) {
    const bool all_stored = outbox.is_open() && outbox.waiting().empty() && owed.empty() && foreign_batches.empty();
    if (!sums_behind || !all_stored) return;
    sums_behind = false;
    forget_cached();
    unverified = reader.unverified_total(options.journal.node);
    begin_day(step);
}

std::optional<TicketId> Desk::State::ticket_of_passage(const ledger::Record& record) {
    const auto* passage = std::get_if<Passage>(&record.body);
    if (!passage) return std::nullopt;
    for (const auto& lane : lanes)
        if (lane.granted == passage->verdict) return lane.ticket;
    const auto verdict = record_at(passage->verdict);
    const auto* body = verdict ? std::get_if<Verdict>(&verdict->body) : nullptr;
    return body ? body->ticket : std::nullopt;
}

void Desk::State::learn(const ledger::Record& record, Step& step) {
    const auto& header = record.header;
    if (const auto* opened = std::get_if<EpochOpened>(&record.body)) {
        if (keys.add(opened->certificate) && header.node != options.journal.node && header.node != central_node)
            known_nodes.insert(header.node);
        return;
    }
    if (header.node != central_node) return;  // nobody else decides for the venue
    if (header.clock == ClockQuality::synced) floor.raise(header.wall);
    std::visit(Match{[&](const CataloguePublished& fresh) {
                         if (fresh.catalogue.version <= published) return;
                         published = fresh.catalogue.version;
                         catalogue = fresh.catalogue;
                     },
                     [&](const NodeEnrolled& enrolled) {
                         keys.add(enrolled.certificate);
                         if (enrolled.node != options.journal.node) known_nodes.insert(enrolled.node);
                     },
                     [&](const NodeRevoked& revoked) { keys.revoke(revoked); },
                     [&](const TenderSettled& found_out) { settle(found_out); },
                     [&](const LeaseGranted& l) { take_lease(record.ref(), l, ledger::leased_epoch(record), step); },
                     [&](const ResyncRequested& asked) {
                         if (asked.node == options.journal.node && asked.epoch == options.journal.epoch)
                             step.out.emplace_back(StartResync{record.ref(), outbox.journal(), asked.from, asked.to});
                     },
                     [](const auto&) {}},
               record.body);
}

// With either outcome the tender is open no more: its amount is free for others, and the sums of its shift follow. So
// do those of the shifts that handed some of it back, of which this node may have one where another sold.
void Desk::State::settle(const TenderSettled& found_out) {
    if (found_out.state == TenderState::unverified) return;
    const auto tender = reader.tender(found_out.sale, found_out.line);
    if (!tender || !tender->asked) return;
    const auto sold = sale_facts(found_out.sale);
    if (!sold || found_out.line >= sold->sale.tenders.size()) return;
    const bool own = found_out.sale.node == options.journal.node;
    if (own && !unverified) unverified = reader.unverified_total(options.journal.node);
    auto* shift = shift_at(sold->sale.shift);
    std::vector<std::pair<ledger::ShiftFacts*, Refund>> handed_back;
    for (auto& refund : refunds_of(*sold))
        if (auto* paid_by = shift_at(refund.shift)) handed_back.emplace_back(paid_by, std::move(refund));

    auto before = sold->sale;
    show_settled(found_out.sale, before);
    auto now = before;
    now.tenders[found_out.line].state = found_out.state;
    settled[{found_out.sale, found_out.line}] = found_out.state;
    const auto& open = before.tenders[found_out.line];
    if (own && open.state == TenderState::unverified) *unverified += -open.amount;
    if (shift) edge::settle(*shift, open, found_out.state);
    for (const auto& [paid_by, refund] : handed_back) edge::settle(*paid_by, refund, open.kind, before, now);
}

// What an earlier epoch was leased may have been sold by records that are lost: its units are nobody's any more.
void Desk::State::take_lease(RecordRef grant, const LeaseGranted& lease, Epoch epoch, Step& step) {
    if (lease.node != options.journal.node || epoch != options.journal.epoch || !outbox.is_open()) return;
    if (!grants_received.insert(grant).second) return;
    write(LeaseReceived{grant, lease.session, lease.units}, {}, {}, step);
}

}  // namespace gatehouse::edge
