// The rules of admission, pure: the same question over the same facts has one answer, on every node.
//
// The first fault in this order is the reason: the lane, the code, the direction; then, for entry only, the ticket's
// own state (revoked, refunded, blocked), zone, time, entries left, and at last what isolation forbids. Exit is never
// refused for anything but a code that is no ticket, or a forged one: nobody is kept inside. Where the seller is
// unknown or revoked the exit says unconfirmed.
//
// While the clock is suspect, `expired` is judged by the clock's floor; `not_yet_valid` and `wrong_session`, which
// only the wall clock could tell, become an admission with the note clock_suspect.
#pragma once

#include "edge/admission/question.hpp"

namespace gatehouse::edge {

[[nodiscard]] Judgement judge(const ScanQuestion& question, const Presented& presented,
                              const ledger::TicketFacts& facts, const LaneFacts& lane, const VenueFacts& venue);

}  // namespace gatehouse::edge
