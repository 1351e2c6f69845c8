// Verdicts and lanes as JSON.
#pragma once

#include <boost/json/value.hpp>

#include "edge/api/services.hpp"

namespace gatehouse::edge {

[[nodiscard]] boost::json::value verdict_json(const ApiServices& services, const ScanReply& reply);
[[nodiscard]] boost::json::value admission_json(const ApiServices& services, const FirstAdmission& first);
[[nodiscard]] boost::json::value lane_json(const LaneStatus& lane);

}  // namespace gatehouse::edge
