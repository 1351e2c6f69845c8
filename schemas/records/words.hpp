// The stable words of the contract for the closed enumerations that records carry: the same in exports, reports and
// APIs.
#pragma once

#include <string_view>

#include "schemas/records/admission.hpp"
#include "schemas/records/node.hpp"
#include "schemas/records/selling.hpp"

namespace gatehouse {

[[nodiscard]] std::string_view word(CashDirection direction);
[[nodiscard]] std::string_view word(TenderKind kind);
[[nodiscard]] std::string_view word(TenderState state);
[[nodiscard]] std::string_view word(PrintOutcome outcome);
[[nodiscard]] std::string_view word(DeviceState state);
[[nodiscard]] std::string_view word(DeviceOrder order);
[[nodiscard]] std::string_view word(Decision decision);
[[nodiscard]] std::string_view word(Direction direction);
[[nodiscard]] std::string_view word(LaneMode mode);
[[nodiscard]] std::string_view word(Confirmation confirmation);
[[nodiscard]] std::string_view word(PassageOutcome outcome);
[[nodiscard]] std::string_view word(Evidence evidence);
[[nodiscard]] std::string_view word(CountCause cause);

}  // namespace gatehouse
