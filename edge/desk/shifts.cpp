// Shifts, and the sums over the own journal that the window needs.
#include "edge/ticketing/shift.hpp"

#include <cstdlib>

#include "edge/desk/state.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

bool is_amount(Minor amount) { return amount.value >= 0 && amount <= largest_amount; }

}  // namespace

ledger::ShiftFacts* Desk::State::shift_at(RecordRef ref) {
    if (const auto at = shifts.find(ref); at != shifts.end()) return &at->second;
    if (ref.node != options.journal.node) return nullptr;
    auto stored = reader.shift(ref);
    return stored ? &shifts.emplace(ref, std::move(*stored)).first->second : nullptr;
}

ledger::ShiftFacts* Desk::State::open_shift_at(const WindowName& window) {
    auto at = open_shifts.find(window);
    if (at == open_shifts.end())
        at = open_shifts.emplace(window, reader.open_shift(options.journal.node, window)).first;
    if (!at->second) return nullptr;
    auto* shift = shift_at(*at->second);
    return shift && !shift->counted ? shift : nullptr;
}

// An empty window means whichever the clerk has open.
ledger::ShiftFacts* Desk::State::own_shift(const WindowName& window, const OperatorName& clerk) {
    for (const auto& candidate : options.windows) {
        if (!window.value.empty() && candidate.name != window) continue;
        auto* shift = open_shift_at(candidate.name);
        if (shift && shift->clerk == clerk) return shift;
    }
    return nullptr;
}

Result<Reply> Desk::State::shift_reply(RecordRef ref, const OperatorName& asker) {
    const auto* shift = shift_at(ref);
    if (!shift) return fail(ErrorCode::not_found, "no such shift");
    const auto* person = catalogue.operator_named(asker);
    return Reply{report_of(*shift, person != nullptr && sees_open_cash(person->roles))};
}

void Desk::State::open_shift(const OpenShift& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, window_roles, step)) return;
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (!is_amount(command.opening_float)) return answer(from, fail(ErrorCode::invalid_body, "float_minor"), step);
    if (answered_before(command.id, from, step)) return;
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    if (!window_named(command.window)) return answer(from, fail_at("window", Why::unknown, "no such window"), step);
    const auto* open = open_shift_at(command.window);
    if (unreadable(from, step)) return;
    if (open)
        return answer(from,
                      fail_at("window", Why::open_shift, "still has a shift of {operator} open",
                              {{"operator", open->clerk.value}}),
                      step);
    carry_out(ShiftOpened{command.id, command.window, command.opening_float}, from, step);
}

void Desk::State::move_cash(const MoveCash& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, window_roles, step)) return;
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (const auto fit = check_cash_move(command); !fit) return answer(from, fit.error(), step);
    if (answered_before(command.id, from, step)) return;
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    const auto* shift = shift_at(command.shift);
    if (unreadable(from, step)) return;
    if (!shift) return answer(from, fail(ErrorCode::not_found, "no such shift"), step);
    if (shift->counted || (shift->clerk != from.actor.name && !may(from.actor.name, {Role::supervisor})))
        return answer(from, fail(ErrorCode::shift_closed, "not an open shift of yours"), step);
    // Half of what its closing can hold: sales and refunds still come, and are not refused for the drawer's sake.
    const Minor moved = command.direction == CashDirection::pay_in ? command.amount : -command.amount;
    if (std::abs((shift->expected_cash() + moved).value) > largest_sum.value / 2)
        return answer(from, fail_at("amount_minor", Why::too_much, "the drawer cannot come to so much"), step);
    carry_out(CashMoved{command.id, command.shift, command.direction, command.amount, command.reason}, from, step);
}

void Desk::State::close_shift(const CloseShift& command, const CommandReceived& from, Step& step) {
    if (!allowed(from, window_roles, step)) return;
    if (!is_client_id(command.id.value)) return answer(from, fail(ErrorCode::invalid_body, "id"), step);
    if (!is_amount(command.counted)) return answer(from, fail(ErrorCode::invalid_body, "counted"), step);
    if (answered_before(command.id, from, step)) return;
    if (!outbox.is_open()) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    const auto* shift = shift_at(command.shift);
    if (unreadable(from, step)) return;
    if (!shift) return answer(from, fail(ErrorCode::not_found, "no such shift"), step);
    if (shift->counted || (shift->clerk != from.actor.name && !may(from.actor.name, {Role::supervisor})))
        return answer(from, fail(ErrorCode::shift_closed, "not an open shift of yours"), step);
    carry_out(ShiftClosed{command.id, command.shift, command.counted, shift->expected_cash()}, from, step);
}

void Desk::State::find_shift(const FindShift& command, const CommandReceived& from, Step& step) {
    if (!started) return answer(from, fail(ErrorCode::storage_unavailable, closed_why), step);
    const auto* shift = command.window.value.empty() ? own_shift({}, from.actor.name) : open_shift_at(command.window);
    if (unreadable(from, step)) return;
    if (!shift) return answer(from, fail(ErrorCode::not_found, "no shift is open"), step);
    answer(from, shift_reply(shift->ref, from.actor.name), step);
}

// Keeps the sums up with a record that is being written.
void Desk::State::book(const ledger::Record& record) {
    std::visit(
        Match{[&](const ShiftOpened& opened) {
                  ledger::ShiftFacts facts;
                  facts.ref = record.ref();
                  facts.window = opened.window;
                  facts.clerk = record.header.actor;
                  facts.opening_float = opened.opening_float;
                  facts.opened = record.header.wall;
                  shifts[facts.ref] = facts;
                  open_shifts[opened.window] = facts.ref;
              },
              [&](const Sale& sale) {
                  if (auto* shift = shift_at(sale.shift)) apply(*shift, record.body);
                  for (const auto& line : sale.lines)
                      if (line.session)
                          units_of(*line.session).sold += static_cast<std::uint32_t>(ledger::units_of(line));
                  for (const auto& tender : sale.tenders)
                      if (tender.state == TenderState::unverified)
                          unverified = unverified.value_or(Minor{0}) + tender.amount;
              },
              [&](const Refund& refund) {
                  if (auto* shift = shift_at(refund.shift)) apply(*shift, record.body);
              },
              [&](const CashMoved& moved) {
                  if (auto* shift = shift_at(moved.shift)) apply(*shift, record.body);
              },
              [&](const ShiftClosed& closed) {
                  auto* shift = shift_at(closed.shift);
                  if (!shift) return;
                  apply(*shift, record.body);
                  // One that came back with an earlier epoch may be closed while another is open at its window.
                  auto& open = open_shifts[shift->window];
                  if (open == closed.shift) open.reset();
              },
              [&](const LeaseReceived& lease) { units_of(lease.session).received += lease.units; }, [](const auto&) {}},
        record.body);
}

}  // namespace gatehouse::edge
