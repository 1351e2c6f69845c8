// Shifts, the drawer, and paper.
#include "schemas/ticket/ticket_code.hpp"
#include "sync/ledger/fold.hpp"

namespace gatehouse::ledger {

namespace {

// print_job.state. On disk.
constexpr int open_state = 0;
int state_of(PrintOutcome outcome) { return static_cast<int>(outcome) + 1; }

}  // namespace

void require_own_shift(Fold& fold, RecordRef shift) {
    fold.require(has_key(shift), "its shift cannot be a record");
    fold.require(shift == RecordRef{} || shift.node == fold.ref.node, "its shift is another node's");
}

void fold_shift_opened(Fold& fold, const ShiftOpened& body) {
    fold.require(is_amount(body.opening_float), "an amount beyond the largest");
    fold.put("INSERT INTO shift VALUES (?, ?, ?, ?, ?, ?)", fold.ref, body.window, fold.header.actor,
             body.opening_float, fold.wall, fold.business_date);
    note_client(fold, body.id);
}

void fold_cash_moved(Fold& fold, const CashMoved& body) {
    require_own_shift(fold, body.shift);
    fold.require(is_amount(body.amount), "an amount beyond the largest");
    if (fold.stopped()) return;
    fold.put("INSERT INTO cash_move VALUES (?, ?, ?, ?)", body.shift, fold.ref, body.direction, body.amount);
    note_client(fold, body.id);
}

void fold_shift_closed(Fold& fold, const ShiftClosed& body) {
    require_own_shift(fold, body.shift);
    fold.require(is_amount(body.counted) && is_sum(body.expected), "an amount beyond the largest");
    if (fold.stopped()) return;
    fold.put("INSERT INTO shift_close VALUES (?, ?, ?, ?, ?)", body.shift, fold.ref, body.counted, body.expected,
             fold.wall);
    note_client(fold, body.id);
}

void add_print_job(Fold& fold, Kind kind, const DeviceName& printer) {
    const auto outcome =
        fold.number("SELECT outcome FROM print_resolved WHERE job = ? ORDER BY ref DESC LIMIT 1", fold.ref);
    const int state = outcome ? state_of(as<PrintOutcome>(*outcome)) : open_state;
    fold.put("INSERT INTO print_job VALUES (?, ?, ?, ?)", fold.ref, kind, printer, state);
}

void fold_print_resolved(Fold& fold, const PrintResolved& body) {
    fold.require(has_key(body.job), "its job cannot be a record");
    fold.require(body.job.node == fold.ref.node, "its job is another node's");
    if (fold.stopped()) return;
    fold.put("INSERT INTO print_resolved VALUES (?, ?, ?)", body.job, fold.ref, body.outcome);
    // The last by record holds: an operator's look at the paper comes after `ask`.
    const auto last = fold.number("SELECT max(ref) FROM print_resolved WHERE job = ?", body.job);
    if (last == to_key(fold.ref))
        fold.put("UPDATE print_job SET state = ? WHERE ref = ?", state_of(body.outcome), body.job);
}

void fold_reprint(Fold& fold, const Reprint& body) {
    mark_ticket(fold, body.ticket, Mark::reprint, body.copy, 0);
    note_client(fold, body.id);
    add_print_job(fold, Kind::reprint, body.printer);
}

void fold_reissue(Fold& fold, const Reissue& body) {
    const auto payload = decode_payload(body.ticket);
    fold.require(payload.has_value() && payload->id == TicketId{fold.ref, 1}, "the new ticket cannot be read");
    mark_ticket(fold, body.replaced, Mark::reissue, 0, 0);
    note_client(fold, body.id);
    if (body.printer) add_print_job(fold, Kind::reissue, *body.printer);
    if (fold.stopped()) return;
    if (const auto order = order_of(fold.database, fold.ref)) redeem_all(fold, *order);
    judge_ticket(fold, body.replaced);
    judge_ticket(fold, {fold.ref, 1});
}

}  // namespace gatehouse::ledger
