// How long a name must wait after wrong PINs. The attempt is a record before the PIN is checked, so neither a power cut
// nor a restart resets the count; waiting is measured on the boot-time clock, which nobody can set.
#pragma once

#include "schemas/base/time.hpp"
#include "sync/ledger/facts.hpp"

namespace gatehouse::central {

constexpr std::uint32_t free_failures = 3;     // wrong PINs in a row that cost nothing
constexpr std::chrono::seconds first_wait{2};  // doubles with each further failure
constexpr std::chrono::seconds longest_wait{900};

// Time still to wait before the next attempt is taken; zero when it may come now. In another boot than that of the
// last attempt only the time since that boot began is known to have passed.
[[nodiscard]] std::chrono::seconds lockout_left(const ledger::LoginFacts& facts, const Clock& clock);

}  // namespace gatehouse::central
