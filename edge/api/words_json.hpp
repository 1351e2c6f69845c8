// The stable words of the contract for enumerations that records carry, in and out.
#pragma once

#include <string_view>

#include "edge/desk/effects.hpp"
#include "schemas/json/json_reader.hpp"

namespace gatehouse::edge {

[[nodiscard]] std::string_view word(TenderKind kind);
[[nodiscard]] std::string_view word(TenderState state);
[[nodiscard]] std::string_view word(LaneMode mode);
[[nodiscard]] std::string_view word(LanePhase phase);
[[nodiscard]] std::string_view word(Decision decision);
[[nodiscard]] std::string_view word(Direction direction);
[[nodiscard]] std::string_view word(DeviceState state);
[[nodiscard]] std::string_view word(ClockQuality quality);
[[nodiscard]] std::string_view word(PassageOutcome outcome);
[[nodiscard]] std::string_view word(Evidence evidence);
[[nodiscard]] std::string_view word(PrintOutcome outcome);
[[nodiscard]] std::string_view word(CountCause cause);

[[nodiscard]] TenderKind read_tender_kind(JsonReader& in, std::string_view key);
[[nodiscard]] LaneMode read_lane_mode(JsonReader& in, std::string_view key);
[[nodiscard]] Direction read_direction(JsonReader& in, std::string_view key);

}  // namespace gatehouse::edge
