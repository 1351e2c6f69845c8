// What `gatehouse-central init` publishes first: enough to sell and admit with, to be replaced by the venue's own.
#pragma once

#include <span>
#include <string>

#include "schemas/catalogue/catalogue.hpp"

namespace gatehouse::central {

// `midnights` are the beginnings of the days for which sessions are made (the venue's local midnight). Version 1, with
// one operator: `admin`, administrator, with this PIN hash.
[[nodiscard]] Catalogue example_catalogue(std::span<const WallTime> midnights, std::string admin_pin_hash);

}  // namespace gatehouse::central
