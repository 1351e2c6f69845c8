// One filled sample of every record kind, always the same: for golden bytes, round trips and fuzz seeds.
#pragma once

#include <vector>

#include "schemas/records/body.hpp"

namespace gatehouse::test {

// In the order of the variant; every alternative but UnknownBody appears once.
[[nodiscard]] std::vector<Body> record_samples();
[[nodiscard]] Header sample_header(Kind kind);

}  // namespace gatehouse::test
