// A clerk's shift in figures: X report while it runs, shift report once it is closed.
#pragma once

#include <vector>

#include "edge/desk/commands.hpp"
#include "sync/ledger/facts.hpp"

namespace gatehouse::edge {

// Adds what a record means for the shift; records of other shifts change nothing. Not idempotent: once for each record.
void apply(ledger::ShiftFacts& shift, const Body& body);

// Central found out about a tender of one of its sales; `tender` has the state that counted until then.
void settle(ledger::ShiftFacts& shift, const Tender& tender, TenderState now);

// What a refund of the shift handed back of `kind` while it was unverified follows the sale's tenders of that kind:
// nobody was paid when all of them failed. `before` and `now` are the sale with its tenders as settled.
void settle(ledger::ShiftFacts& shift, const Refund& refund, TenderKind kind, const Sale& before, const Sale& now);

// As much cash seldom moves at once: it is asked for twice.
constexpr Minor large_cash_move{100'000};

// What is wrong with a pay-in or pay-out as it was asked for, whatever the drawer holds: nobody is told that by a
// refusal. Errors: invalid_body (with the field's path).
[[nodiscard]] Result<void> check_cash_move(const MoveCash& command);

// Who is told what the drawer of an open shift should hold.
[[nodiscard]] bool sees_open_cash(const std::vector<Role>& roles);
// Whether sums of money would tell somebody what a drawer should hold that he is about to count.
[[nodiscard]] bool counts_blindly(const std::vector<Role>& roles, bool shift_is_open);

// `show_cash`: else an open shift tells nothing of which what should be in the drawer could be made up: neither cash
// sums nor what is expected. The count is blind.
[[nodiscard]] ShiftReply report_of(const ledger::ShiftFacts& shift, bool show_cash);

}  // namespace gatehouse::edge
