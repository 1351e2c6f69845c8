// Names in a ticket's code: 39 letters make three of them fit two octets. See schemas/ticket/FORMAT.md.
#pragma once

#include <string>
#include <string_view>

#include "schemas/base/octets.hpp"

namespace gatehouse {

// Precondition: is_name(name).
void write_packed_name(OctetWriter& out, std::string_view name);

// Empty when the octets are not the canonical packing of a name; `in.ok()` is then of no further use.
[[nodiscard]] std::string read_packed_name(OctetReader& in);

}  // namespace gatehouse
