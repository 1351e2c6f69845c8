// A clerk's shift in figures: X report while it runs, shift report once it is closed.
#pragma once

#include "edge/desk/commands.hpp"
#include "sync/ledger/facts.hpp"

namespace gatehouse::edge {

// Adds what a record means for the shift; records of other shifts change nothing. Not idempotent: once for each record.
void apply(ledger::ShiftFacts& shift, const Body& body);

// Central found out about a tender of one of its sales; `tender` has the state that counted until then.
void settle(ledger::ShiftFacts& shift, const Tender& tender, TenderState now);

// `show_expected`: else an open shift does not tell what should be in the drawer, since the count is blind.
[[nodiscard]] ShiftReply report_of(const ledger::ShiftFacts& shift, bool show_expected);

}  // namespace gatehouse::edge
