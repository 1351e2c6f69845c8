// The stable words of the contract, in and out: those of records (schemas/records/words.hpp) and those of a node's
// state.
#pragma once

#include <string_view>

#include "edge/desk/effects.hpp"
#include "schemas/json/json_reader.hpp"
#include "schemas/records/words.hpp"

namespace gatehouse::edge {

[[nodiscard]] std::string_view word(LanePhase phase);
[[nodiscard]] std::string_view word(ClockQuality quality);

[[nodiscard]] TenderKind read_tender_kind(JsonReader& in, std::string_view key);
[[nodiscard]] LaneMode read_lane_mode(JsonReader& in, std::string_view key);
[[nodiscard]] Direction read_direction(JsonReader& in, std::string_view key);

}  // namespace gatehouse::edge
