// How long an operator must wait after wrong PINs: nothing for the first three failures, then 2 s doubling to 15 min.
// Counted by boot-time clock; a restart of the machine makes the wait begin anew, so that a power switch is no way
// round it.
#pragma once

#include "sync/ledger/facts.hpp"

namespace gatehouse::edge {

[[nodiscard]] Duration back_off(std::uint32_t failures);
// What is left of the wait; zero when the PIN may be tried.
[[nodiscard]] Duration wait_left(const ledger::LoginFacts& facts, const Clock& clock);

}  // namespace gatehouse::edge
